"""Rebuilds an earlier revision of an answer from the journal."""

from __future__ import annotations

from collections.abc import Sequence

from survey.answering.three_way import with_unsure
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Event

MAX_CHANGES = 200  # a page so old that more happened since is asked about every difference


def answer_before(answer: Answer, changes: Sequence[Event], revision: int) -> dict[str, AnswerValue] | None:
    """The values of an answer, with its unsure mark, at an earlier revision; None where it cannot be rebuilt.

    `changes`: the events of the revisions since then, newest first; each must fit what the one after it left.
    """
    if not 0 <= revision <= answer.revision or len(changes) != answer.revision - revision:
        return None
    value, unsure, note = dict(answer.value), answer.unsure, answer.note
    for event in changes:
        before, after = event.data.get("before", {}), event.data.get("after", {})
        if any(value.get(address) != new for address, new in after.items()):
            return None
        value = {**{address: v for address, v in value.items() if address not in after}, **before}
        unsure = bool(event.data["unsure"][0]) if "unsure" in event.data else unsure
        note = event.data["note"][0] or "" if "note" in event.data else note
    if revision == 0 and (value or unsure):
        return None
    return with_unsure(value, unsure, note)
