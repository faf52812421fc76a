"""A save on an older revision: merges both sides, and asks about what both changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from accounts.models import User
from survey.answering.card_acts import RESTORED
from survey.answering.card_renderer import CardContext, display_value
from survey.answering.earlier_answer import MAX_CHANGES, answer_before
from survey.answering.three_way import (
    UNSURE,
    ThreeWayMerge,
    advance_base,
    merge,
    merge_without_base,
    note_of_mark,
    with_unsure,
)
from survey.answering.views.posted_card import PostedCard, read_posted_card
from survey.answering.views.typed_values import address_label
from survey.instrument.cleaners import InvalidValue, clean_value
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import drop_empty_rows, item_or_column_at
from survey.journal.queries import newest_answer_changes
from survey.models import Answer, Question, Response


@dataclass(frozen=True, slots=True)
class MergedCard:
    """Both sides of a conflict: the stored answer, the merge, and the people whose changes it takes in.

    `resent`: the page had sent earlier saves without a reply, so the reader's own changes are most likely these.
    """

    answer: Answer | None
    theirs: Mapping[str, AnswerValue]
    merge: ThreeWayMerge
    people: list[User] = field(default_factory=list)
    resent: bool = False

    def names(self, reader: User) -> str:
        """Who changed the answer meanwhile, for `reader`; empty where it was the same page."""
        own = _("ท่านเองจากอีกหน้าหนึ่ง")
        people = [person for person in self.people if not (self.resent and person == reader)]
        return ", ".join(own if person == reader else str(person) for person in people)


def merge_posted_card(
    response: Response, question: Question, posted: PostedCard, answer: Answer | None, keep: Collection[str]
) -> MergedCard:
    """Merge a posted card with the stored answer. `keep`: addresses that stay as stored. One query."""
    instrument = compiled_instrument(response.round.instrument)
    theirs = with_unsure(answer.value, answer.unsure, answer.note) if answer else {}
    kept = {address: theirs[address] for address in keep if address in theirs}
    own = {**{address: value for address, value in posted.values.items() if address not in keep}, **kept}
    count = answer.revision - posted.revision if answer else 0
    changes = newest_answer_changes(response, question, count) if 0 < count <= MAX_CHANGES else []
    base = answer_before(answer, changes, posted.revision) if answer else None
    mark_before = (theirs if base is None else base).get(UNSURE)
    mine = _with_mark(drop_empty_rows(own, instrument.items), posted.unsure, posted.note, mark_before)
    if base is None:
        merged = merge_without_base(theirs, mine)
    else:
        for sent in posted.sent:
            base = advance_base(base, theirs, _read_sent(instrument, question, sent, mark_before))
        merged = merge(base, theirs, mine, lambda address, rows: _check_list(instrument, address, rows))
    people = [event.by for event in changes if event.by] or ([answer.saved_by] if answer else [])
    return MergedCard(answer, theirs, merged, list(dict.fromkeys(people)), resent=bool(posted.sent))


def ask_again(merged: MergedCard, unresolved: Collection[str]) -> MergedCard:
    """The merge with the conflicts that were asked about and are still without a choice."""
    rows = {a: "mine" if _is_listed(a, merged.theirs) else "theirs" for a in unresolved if _is_row(a)}
    conflicts = list(dict.fromkeys([*merged.merge.conflicts, *unresolved]))
    removed = {**rows, **merged.merge.removed_rows}
    return replace(merged, merge=replace(merged.merge, conflicts=conflicts, removed_rows=removed))


def conflict_panel(
    request: SignedInRequest, card_context: CardContext, item: Item, posted: PostedCard, merged: MergedCard
) -> str:
    """Render the form that asks about the conflicts, in place of the card; it posts the merged values again."""
    result, theirs = merged.merge, merged.theirs
    asked = [_asked(card_context, address, merged) for address in result.conflicts]
    taken = [a for a in result.taken_over if a not in result.conflicts]
    context = {
        "item": item,
        "label": item.ask.to(card_context.language),
        "base": card_context.base,
        "way": card_context.way,
        "rows": asked,
        "merged": [_shown(card_context, address, result.values.get(address)) for address in taken],
        "values": list(_hidden_fields(result.values, posted)),
        "unsure": UNSURE in result.values,
        "note": result.values.get(UNSURE, ""),
        "theirs_unsure": UNSURE in theirs,
        "theirs_note": theirs.get(UNSURE, ""),
        "missing": bool(posted.unresolved),
        "answer": merged.answer,
        "restoring": posted.act == RESTORED,
    }
    return render_to_string("survey/answering/_conflict.html", context, request)


def _read_sent(
    instrument: CompiledInstrument, question: Question, sent: str, mark_before: AnswerValue | None
) -> dict[str, AnswerValue]:
    posted = read_posted_card(QueryDict(sent), instrument.items[question.item_id], acts=False)
    return _with_mark(drop_empty_rows(posted.values, instrument.items), posted.unsure, posted.note, mark_before)


def _with_mark(values: AnswerValues, unsure: bool, note: str, before: AnswerValue | None) -> dict[str, AnswerValue]:
    """Posted values with their unsure mark as a save stores it."""
    kept = note_of_mark(unsure, note, None if before is None else str(before))
    return with_unsure(values, kept is not None, kept or "")


def _check_list(instrument: CompiledInstrument, address: str, merged: list[str]) -> list[str] | None:
    """A merged list in the instrument's order; None where its options exclude each other or rows are too many."""
    owner = item_or_column_at(instrument, address)
    try:
        value = clean_value(owner, merged) if owner else merged
    except InvalidValue:
        return None
    return value if isinstance(value, list) else None


def _hidden_fields(values: Mapping[str, AnswerValue], posted: PostedCard) -> Iterator[tuple[str, str]]:
    """The merged values as form fields; what was typed and is invalid stays as typed."""
    invalid = {i.address: i.raw for i in posted.invalid}
    for address, value in {**values, **invalid}.items():
        if address != UNSURE:
            yield from ((address, text) for text in ((value,) if isinstance(value, str) else value))


def _is_row(address: str) -> bool:
    return "#" in address and "/" not in address.rpartition("#")[2]


def _is_listed(row_address: str, values: Mapping[str, AnswerValue]) -> bool:
    repeat, _hash, row = row_address.rpartition("#")
    return row in values.get(repeat, ())


def _asked(card_context: CardContext, address: str, merged: MergedCard) -> dict[str, Any]:
    """One conflict as the panel shows it: two choices with their values, none of them chosen."""
    result = merged.merge
    if address in result.removed_rows:
        prefix = f"{address}/"
        texts = [display_value(card_context, a, v) for a, v in result.values.items() if a.startswith(prefix)]
        row = {"remover": result.removed_rows[address], "text": ", ".join(t for t in texts if t)}
        return {"address": address, "label": address_label(card_context, address), "row": row}
    theirs = _shown(card_context, address, merged.theirs.get(address))
    return {
        **theirs,
        "theirs": theirs["value"],
        "mine": _shown(card_context, address, result.values.get(address))["value"],
    }


def _shown(card_context: CardContext, address: str, value: AnswerValue | None) -> dict[str, str]:
    """An address and a value in words."""
    owner = item_or_column_at(card_context.instrument, address)
    if address == UNSURE:
        text = "" if value is None else str(value) or _("ยังไม่แน่ใจ")
    elif owner is not None and owner.kind == "repeat":
        text = _("%(count)s รายการ") % {"count": len(value or ())}
    else:
        text = display_value(card_context, address, value)
    return {"address": address, "label": address_label(card_context, address), "value": text}
