"""A posted question card as the save view reads it: what was typed, or an act on the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from dgready.typed.characters import clean_lines
from survey.answering.card_acts import CLEARED, REMOVED_ROW, REPLACED, RESTORED
from survey.answering.rest_of_table import answer_rest, take_back_rest
from survey.answering.three_way import UNSURE
from survey.instrument.schema import AnswerValue, Item
from survey.instrument.values import InvalidField, parse_posted_card, restated_values

PICK = "_pick:"
SUGGESTED = "_suggested:"
PICK_THEIRS = "theirs"
_PICKS = {PICK_THEIRS, "mine", "keep", "remove"}
_MOST_SENT = 3


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A posted card: valid values, invalid fields, addresses kept as stored, revision, mark, note, row to add.

    `given`: the rest of a table that was answered in one act, as its undo button names it.
    `unresolved`: conflicts that were asked about and have no choice yet. `sent`: what the page posted before
    without having had a reply. `resolves`: whether it comes from the panel of a conflict. `restated`: how a value was
    understood, where it was typed in another way. `act`: what is done besides saving (survey.answering.card_acts).
    `told`: as `act`, of what the page's script has done by itself. `restores`: the revision whose values these are.
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
    act: str = ""
    told: str = ""
    restores: int | None = None

    @property
    def is_more_than_values(self) -> bool:
        """Whether saving it takes more than storing its values: an act, a choice, fields that keep what is stored."""
        return bool(self.act or self.told or self.keep or self.invalid or self.unresolved or self.resolves)

    @property
    def verb(self) -> str:
        """The verb of the event that a save of this card records."""
        return f"answer.{self.act}" if self.act in (CLEARED, RESTORED) else "answer.save"

    @property
    def event_details(self) -> dict[str, object]:
        """What that event tells besides the values."""
        restored = {} if self.restores is None else {"restored": self.restores}
        return {**restored, **({"merged": True} if self.resolves else {})}


def read_posted_card(post: QueryDict, item: Item, *, acts: bool = True) -> PostedCard:
    """Parse the posted card; unknown names are ignored. Without `acts`: what was typed, before anything is removed."""
    fields: Mapping[str, Sequence[str]] = dict(post.lists())
    chosen = picks(post)
    act = _posted_act(post, chosen) if acts else ""
    removed = [address for address, pick in chosen.items() if pick == "remove"]
    fields, given = rest_as_posted(item, suggested_as_posted(fields, post), post)
    fields = without_rows(fields, [*removed, *([post.get("_remove", "")] if act == REMOVED_ROW else [])])
    values, invalid = ({}, []) if act == CLEARED else parse_posted_card(item, fields)
    theirs = [address for address, pick in chosen.items() if pick == PICK_THEIRS]
    invalid = [i for i in invalid if i.address not in theirs]
    unsure, note = (False, "") if act == CLEARED else posted_unsure(post)
    return PostedCard(
        values=values,
        invalid=invalid,
        keep=[*theirs, *(i.address for i in invalid)],
        revision=read_revision(post.get("_revision", "")) or 0,
        unsure=unsure,
        note=note,
        add=post.get("_add", ""),
        given=given,
        unresolved=unresolved_conflicts(post),
        sent=sent_before(post),
        resolves="_ask" in post,
        restated=restated_values(item, fields, values),
        act=act,
        told=told if (told := post.get("_did", "")) in (REMOVED_ROW, RESTORED) else "",
    )


def _posted_act(post: QueryDict, chosen: Mapping[str, str]) -> str:
    if "_clear" in post:
        return CLEARED
    if post.get("_remove"):
        return REMOVED_ROW
    return REPLACED if any(pick != PICK_THEIRS for pick in chosen.values()) else ""


def read_revision(text: str) -> int | None:
    """A posted revision; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


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


def suggested_as_posted(fields: Mapping[str, Sequence[str]], post: QueryDict) -> Mapping[str, Sequence[str]]:
    """The fields with what the card suggested in those that are empty, if that was asked for."""
    if "_suggest" not in post:
        return fields
    shown = {name.removeprefix(SUGGESTED): post.getlist(name) for name in post if name.startswith(SUGGESTED)}
    return {**fields, **{address: texts for address, texts in shown.items() if not any(fields.get(address, ()))}}


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
