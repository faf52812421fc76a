"""What a returned form would change, as its preview shows it: old and new by question, conflicts, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dgready.localized_text import LocalizedText
from reports.offline_form.actions import pick_of
from reports.offline_form.changes import MINE, THEIRS, FormChanges, QuestionChange
from reports.offline_form.evidence_names import EvidenceOffer
from survey.answering.three_way import UNSURE
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import item_or_column_at
from survey.journal.event_texts import describe_address, describe_value, item_title

MAX_SHOWN = 250  # changes listed; all are applied
MAX_TEXT = 240  # characters shown of a value
EMPTY = LocalizedText("(ว่าง)", "(empty)")
ROW = LocalizedText("ทั้งรายการ", "The whole item")
REMOVED = LocalizedText("ลบรายการนี้", "Remove this item")
KEPT = LocalizedText("เก็บรายการนี้ไว้", "Keep this item")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field: its question, what it is in words, the value that stands and the one in the file.

    `theirs_pick`, `mine_pick`: of a conflict, what its choices post.
    """

    address: str
    question: str
    label: str
    before: str
    after: str
    sheet: str = ""
    ref: str = ""
    theirs_pick: str = ""
    mine_pick: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A file name with the documents that may be attached: name and what picks it. `chosen`: there is just one."""

    offer: EvidenceOffer
    question: str
    choices: Sequence[tuple[str, str]]
    chosen: bool


def change_lines(instrument: CompiledInstrument, changes: FormChanges, language: str) -> list[ChangeLine]:
    """The changes that need no decision, in the order of the form."""
    return [
        _line(instrument, change, address, language)
        for change in changes.questions
        for address in change.changed
        if _is_told(instrument, address)
    ]


def conflict_lines(instrument: CompiledInstrument, changes: FormChanges, language: str) -> list[ChangeLine]:
    """What both sides changed, each with its two choices."""
    return [
        _line(instrument, change, address, language, asked=True)
        for change in changes.questions
        for address in change.conflicts
    ]


def offer_lines(instrument: CompiledInstrument, offers: Sequence[EvidenceOffer], language: str) -> Iterator[OfferLine]:
    """The file names with the documents of the library that go by them."""
    for offer in offers:
        choices = [(document.name, key) for document, key in zip(offer.documents, offer.keys(), strict=True)]
        title = _clipped(item_title(instrument.items[offer.question], language))
        yield OfferLine(offer, title, choices, len(choices) == 1)


def _line(
    instrument: CompiledInstrument, change: QuestionChange, address: str, language: str, *, asked: bool = False
) -> ChangeLine:
    theirs, mine = change.stored.theirs, change.merged.values
    sheet, ref = change.places.get(address, ("", ""))
    picks = {f"{s}_pick": pick_of(change, s) for s in (THEIRS, MINE)} if asked else {}
    label = " › ".join(describe_address(instrument, address, {**theirs, **mine}, language))
    before, after = (_shown(instrument, side, address, language) for side in (theirs, mine))
    if (remover := change.merged.removed_rows.get(address)) is not None:
        words = (REMOVED, KEPT) if remover == THEIRS else (KEPT, REMOVED)
        before, after = (word.to(language) for word in words)
    title = _clipped(item_title(instrument.items[change.question], language))
    return ChangeLine(address, title, label, before, after, sheet, ref, **picks)


def _shown(instrument: CompiledInstrument, side: AnswerValues, address: str, language: str) -> str:
    value: AnswerValue | None = side.get(address)
    if value is None:
        return EMPTY.to(language)
    if address == UNSURE:
        return str(value)
    return _clipped(describe_value(instrument, address, value, language))


def _is_told(instrument: CompiledInstrument, address: str) -> bool:
    """Whether a change says something to a reader: lists of row ids do not, their fields are listed."""
    owner = item_or_column_at(instrument, address) if address != UNSURE else None
    return not (isinstance(owner, Item) and owner.kind == "repeat")


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def change_json(instrument: CompiledInstrument, changes: FormChanges, language: str = "th") -> Mapping[str, object]:
    """The same as plain values, for the command."""

    def told(line: ChangeLine) -> Mapping[str, str]:
        where = {"sheet": line.sheet, "cell": line.ref, "address": line.address}
        return {**where, "question": line.question, "label": line.label, "old": line.before, "new": line.after}

    return {
        "changes": [told(line) for line in change_lines(instrument, changes, language)],
        "conflicts": [told(line) for line in conflict_lines(instrument, changes, language)],
        "faults": [fault_json(f.sheet, f.ref, f.say, language) for f in changes.faults],
        "refused": [fault_json(f.sheet, f.ref, f.say, language) for f in changes.refused],
        "notes": [note.to(language) for note in changes.notes],
    }


def fault_json(sheet: str, ref: str, say: LocalizedText, language: str) -> Mapping[str, str]:
    """A fault with its sheet and cell, also as one sentence."""
    where = LocalizedText("แผ่น {sheet} ช่อง {ref}: ", "Sheet {sheet}, cell {ref}: ").filled(sheet=sheet, ref=ref)
    message = say.to(language)
    return {"sheet": sheet, "cell": ref, "message": f"{where.to(language)}{message}" if ref else message}
