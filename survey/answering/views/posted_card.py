"""A posted question card as the save view reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from dgready.typed.characters import clean_lines
from survey.answering.rest_of_table import answer_rest, take_back_rest
from survey.answering.three_way import UNSURE
from survey.instrument.schema import AnswerValue, Item
from survey.instrument.values import InvalidField

PICK = "_pick:"
PICK_THEIRS = "theirs"
_PICKS = {PICK_THEIRS, "mine", "keep", "remove"}
_MOST_SENT = 3


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A posted card: valid values, invalid fields, addresses kept as stored, revision, mark, note, row to add.

    `given`: the rest of a table that was answered in one act, as its undo button names it.
    `unresolved`: conflicts that were asked about and have no choice yet. `sent`: what the page posted before
    without having had a reply. `resolves`: whether it comes from the panel of a conflict. `restated`: how a value was
    understood, where it was typed in another way.
    """

    values: dict[str, AnswerValue]
    invalid: list[InvalidField]
    keep: list[str]
    revision: int
    unsure: bool
    note: str
    add: str
    given: str = ""
    unresolved: Sequence[str] = ()
    sent: Sequence[str] = ()
    resolves: bool = False
    restated: Mapping[str, str] = field(default_factory=dict)


def picks(post: QueryDict) -> dict[str, str]:
    """The choices of a conflict panel by address: "theirs" or "mine", of a repeat row "keep" or "remove"."""
    if not any(name.startswith(PICK) for name in post):  # as good as always: no panel was shown
        return {}
    return {
        name.removeprefix(PICK): value
        for name, value in post.items()
        if name.startswith(PICK) and isinstance(value, str) and value in _PICKS
    }


def unresolved_conflicts(post: QueryDict) -> list[str]:
    """The conflicts that the panel asked about and nobody chose for."""
    chosen = picks(post)
    return [address for address in dict.fromkeys(post.getlist("_ask")) if address not in chosen]


def sent_before(post: QueryDict) -> list[str]:
    """What the page posted earlier without having had a reply, as form data."""
    return post.getlist("_sent")[:_MOST_SENT]


def without_rows(fields: Mapping[str, Sequence[str]], removed: Sequence[str]) -> dict[str, Sequence[str]]:
    """The posted fields without these repeat rows."""
    left = dict(fields)
    for row_address in removed:
        repeat, _hash, row = row_address.rpartition("#")
        left[repeat] = [row_id for row_id in left.get(repeat, ()) if row_id != row]
    return left


def posted_unsure(post: QueryDict) -> tuple[bool, str]:
    """The unsure mark and its note; theirs where the panel's choice says so."""
    side = "_theirs" if picks(post).get(UNSURE) == PICK_THEIRS else ""
    return post.get(f"{side}_unsure") == "1", clean_lines(post.get(f"{side}_note", ""))[:1000].rstrip()


def rest_as_posted(
    question: Item, fields: Mapping[str, Sequence[str]], post: QueryDict
) -> tuple[Mapping[str, Sequence[str]], str]:
    """The fields with the rest of a table answered or taken back, if that was asked for, and the name of the undo."""
    if name := post.get("_rest"):
        filled, rows = answer_rest(question, fields, name)
        return filled, f"{name}:{','.join(rows)}" if rows else ""
    if name := post.get("_unrest"):
        return take_back_rest(question, fields, name), ""
    return fields, ""
