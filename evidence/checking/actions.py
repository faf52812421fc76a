"""Checking the marks of a file where its text was read, and keeping what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from evidence.checking.queries import known_text, responses_with_file
from evidence.checking.rule import KnownText, Passage, check_passage
from evidence.events import mark_state, record_evidence_event
from evidence.models import Attachment, Mark
from survey.journal import actions as journal
from survey.models import Response


def passage_of(mark: Mark | Mapping[str, str]) -> Passage:
    """The passage of a mark, or of the fields that a mark is made of."""
    if isinstance(mark, Mark):
        return Passage(mark.pages, mark.quote, mark.areas, mark.note)
    return Passage(mark["pages"], mark["quote"], mark.get("areas", ""), mark.get("note", ""))


def state_of_new_mark(file: int, passage: Mapping[str, str]) -> str:
    """The state of a mark that is made or changed, by what is read of its file. One query.

    To be asked under the lock of the response: whoever reads the text afterwards waits for it and finds the mark.
    """
    return check_passage(passage_of(passage), known_text(file)).state


def check_file(pk: int) -> int:
    """Checks all marks of a file in the answers that can be changed now. Returns how many changed their state.

    Each answer has a transaction of its own. Nothing is done while the file is still to be read.
    """
    text = known_text(pk)
    if text is None or not text.is_settled:
        return 0
    return sum(_check_in_response(pk, response, text) for response in responses_with_file(pk))


@transaction.atomic
def _check_in_response(file: int, pk: int, text: KnownText) -> int:
    locked = journal.lock_response(pk)
    if not locked.is_editable or locked.round.is_closed(timezone.now()):
        return 0  # what was submitted or approved stays as it was seen then
    rows = Attachment.objects.filter(response=pk, file=file).select_related("question").prefetch_related("marks")
    return sum(record_check(locked, locked, attachment, text) for attachment in rows.order_by("pk"))


def record_check(response: Response, locked: Response, attachment: Attachment, text: KnownText | None) -> int:
    """Sets the states of an attachment's marks by the text, with one event by nobody. How many changed.

    `response`: the caller's copy of the locked row. An agency's part that is handed in is checked too: its answers
    stay, and whoever accepts it must know what its evidence is worth.
    """
    changed: list[Mark] = []
    for mark in attachment.marks.all():
        state = check_passage(passage_of(mark), text, mark.state).state
        if state and state != mark.state:
            mark.state = state
            changed.append(mark)
    if changed:
        Mark.objects.bulk_update(changed, ["state"])
        record_evidence_event(None, response, locked, "evidence.check", attachment, more=_told(changed))
    return len(changed)


def _told(marks: Iterable[Mark]) -> dict[str, Any]:
    return {"marks": [mark_state(mark) for mark in marks]}
