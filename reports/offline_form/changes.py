"""What a returned form would change: its cells cleaned as on the page, merged with newer answers. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import SheetFault
from reports.offline_form import texts
from reports.offline_form.fields import (
    FieldDefinition,
    NoTick,
    cell_text,
    find_field,
    is_ticked,
    list_name,
    posted_texts,
    value_text,
)
from reports.offline_form.returned import ReturnedForm, ReturnedRow, field_rows
from survey.answering.three_way import ThreeWayMerge, merge, merge_without_base
from survey.instrument.addresses import repeat_row_address
from survey.instrument.cleaners import InvalidValue, clean_value
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import drop_empty_rows, item_or_column_at

MINE: Final = "mine"
THEIRS: Final = "theirs"
MAX_CONFLICTS: Final = 60  # asked about on one page; of more what is stored stays
Picks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it stands (`theirs`) and as it was when the form was made (`base`, None where that is unknown).

    Both with the unsure mark (survey.answering.three_way.UNSURE).
    """

    revision: int
    theirs: AnswerValues
    base: AnswerValues | None


@dataclass(frozen=True, slots=True, eq=False)
class QuestionChange:
    """What a form changes in one answer. `changed`: the addresses that differ, no conflicts; `items`: of the form."""

    question: str
    stored: StoredAnswer
    merged: ThreeWayMerge
    changed: Sequence[str]
    places: Mapping[str, tuple[str, str]]
    items: Mapping[str, Item]

    @property
    def conflicts(self) -> Sequence[str]:
        """The addresses that both sides changed."""
        return self.merged.conflicts

    def resolved(self, picks: Picks) -> dict[str, AnswerValue]:
        """The values to store; of a conflict without a pick those that are stored stay."""
        values = dict(self.merged.values)
        for address in self.merged.conflicts:
            pick = picks.get(address, THEIRS)
            if address in self.merged.removed_rows:
                if (self.merged.removed_rows[address] == MINE) == (pick == MINE):
                    _remove_row(values, address)
            elif pick != MINE:
                values.pop(address, None)
                if address in self.stored.theirs:
                    values[address] = self.stored.theirs[address]
        return drop_empty_rows(values, self.items)


@dataclass(slots=True)
class FormChanges:
    """All changes of a form by question, the cells with faults, and those that are refused with the reason."""

    questions: list[QuestionChange] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    refused: list[SheetFault] = field(default_factory=list)
    notes: list[LocalizedText] = field(default_factory=list)

    @property
    def conflicts(self) -> list[str]:
        """The addresses to decide about."""
        return [address for question in self.questions for address in question.conflicts]


def compare_form(
    instrument: CompiledInstrument,
    returned: ReturnedForm,
    stored: Mapping[str, StoredAnswer],
    writable: Mapping[str, Iterable[str]],
) -> FormChanges:
    """The changes of a form. `writable`: the items that may be changed, by question."""
    changes = FormChanges(faults=list(returned.faults), notes=list(returned.notes))
    by_question: dict[str, dict[str, tuple[FieldDefinition, list[ReturnedRow]]]] = {}
    for address, rows in field_rows(returned.rows).items():
        definition = find_field(instrument, address)
        if definition is None:
            given = (row for row in rows if cell_text(row.value).strip() or row.files)
            changes.refused += [SheetFault(row.sheet, row.ref(), texts.GONE) for row in given]
        else:
            by_question.setdefault(definition.question, {})[address] = definition, rows
    for question, fields in by_question.items():
        answer = stored.get(question, StoredAnswer(0, {}, {}))
        reader = _QuestionReader(instrument, returned, answer, set(writable.get(question, ())), changes)
        if (change := reader.read(question, fields)) is not None:
            changes.questions.append(change)
    order = {item.id: number for number, item in enumerate(instrument.questions)}
    changes.questions.sort(key=lambda change: order.get(change.question, 0))
    return changes


class _QuestionReader:
    """Reads the cells of one question on top of the answer that the form was made from."""

    def __init__(
        self,
        instrument: CompiledInstrument,
        returned: ReturnedForm,
        answer: StoredAnswer,
        writable: set[str],
        changes: FormChanges,
    ) -> None:
        self.instrument, self.returned, self.answer = instrument, returned, answer
        self.writable, self.changes = writable, changes
        self.base = answer.theirs if answer.base is None else answer.base

    def read(
        self, question: str, fields: Mapping[str, tuple[FieldDefinition, list[ReturnedRow]]]
    ) -> QuestionChange | None:
        """The change of the question; None where the form changes nothing in it."""
        mine = dict(self.base)
        slots: dict[str, list[str]] = {}
        for address, (definition, rows) in fields.items():
            if definition.owner.kind == "repeat":
                repeat, _hash, row_id = address.rpartition("#")
                slots.setdefault(repeat, []).append(row_id)
            else:
                self._read_field(address, definition, rows, mine)
        self._list_rows(slots, mine, fields)
        mine = drop_empty_rows(mine, self.instrument.items)
        places = {address: (rows[0].sheet, rows[0].ref()) for address, (_d, rows) in fields.items()}
        if mine == self.base:
            return None
        theirs = self.answer.theirs
        if self.answer.base is None:
            merged = merge_without_base(theirs, mine)
        else:
            merged = merge(self.answer.base, theirs, mine, self._check_list)
        differing = [a for a in dict.fromkeys([*theirs, *merged.values]) if theirs.get(a) != merged.values.get(a)]
        changed = [a for a in differing if a not in merged.conflicts]
        if not changed and not merged.conflicts:
            return None
        return QuestionChange(question, self.answer, merged, changed, places, self.instrument.items)

    def _read_field(
        self, address: str, definition: FieldDefinition, rows: Sequence[ReturnedRow], mine: dict[str, AnswerValue]
    ) -> None:
        """Puts what the cells of a field hold into `mine`, or says what is wrong with them."""
        if not all(row.readable for row in rows):
            return
        before = len(self.changes.faults) + len(self.changes.refused)
        read = self._read_ticks if definition.owner.kind == "multi" else self._read_cell
        value = read(address, definition, rows)
        if value == self.base.get(address) or len(self.changes.faults) + len(self.changes.refused) > before:
            return
        if definition.item.id not in self.writable:
            self.changes.refused.append(SheetFault(rows[0].sheet, rows[0].ref(), texts.OUTSIDE))
        elif value is None:
            mine.pop(address, None)
        else:
            mine[address] = value

    def _read_cell(self, address: str, definition: FieldDefinition, rows: Sequence[ReturnedRow]) -> AnswerValue | None:
        row, owner = rows[0], definition.owner
        titles = self.returned.options.get(list_name(address), definition.options)
        before = self.base.get(address)
        if _is_same(row.value, value_text(owner, before, titles)):
            return before
        raw = posted_texts(owner, row.value, titles)
        if owner.kind == "single" and raw[0] in titles and raw[0] not in owner.by_key:
            self.changes.refused.append(SheetFault(row.sheet, row.ref(), texts.GONE_OPTION))
            return None
        return self._clean(definition, raw, row)

    def _read_ticks(self, address: str, definition: FieldDefinition, rows: Sequence[ReturnedRow]) -> AnswerValue | None:
        """The options ticked; those without a row in the file stay as they were."""
        known = definition.owner.by_key
        given = self.base.get(address, [])
        ticked: dict[str, ReturnedRow] = {}
        told = {row.id.partition("=")[2]: row for row in rows}
        for key, row in told.items():
            try:
                is_picked = is_ticked(row.value)
            except NoTick:
                self.changes.faults.append(SheetFault(row.sheet, row.ref(), texts.NO_TICK))
                continue
            if is_picked and key not in known:
                self.changes.refused.append(SheetFault(row.sheet, row.ref(), texts.GONE_OPTION))
            elif is_picked:
                ticked[key] = row
        untold = [key for key in given if key not in told] if isinstance(given, list) else []
        last = next(reversed(ticked.values()), rows[0])
        return self._clean(definition, [key for key in known if key in ticked or key in untold], last)

    def _clean(self, definition: FieldDefinition, raw: Sequence[str], row: ReturnedRow) -> AnswerValue | None:
        try:
            return clean_value(definition.owner, raw)
        except InvalidValue as invalid:
            self.changes.faults.append(SheetFault(row.sheet, row.ref(), invalid.explanation))
            return None

    def _list_rows(
        self,
        slots: Mapping[str, Sequence[str]],
        mine: dict[str, AnswerValue],
        fields: Mapping[str, tuple[FieldDefinition, list[ReturnedRow]]],
    ) -> None:
        """Lists the blocks that have anything in them; of more than the form takes the last ones are a fault."""
        for repeat, row_ids in slots.items():
            given = mine.get(repeat)
            listed = list(given) if isinstance(given, list) else []
            definition = fields[repeat_row_address(repeat, row_ids[0])][0]
            for row_id in row_ids:
                prefix = repeat_row_address(repeat, row_id)
                if row_id in listed or not any(address.startswith(prefix + "/") for address in mine):
                    continue
                row = fields[prefix][1][0]
                if self._clean(definition, [*listed, row_id], row) is None:
                    for address in [a for a in mine if a.startswith(prefix + "/")]:
                        del mine[address]
                else:
                    listed.append(row_id)
            if listed:
                mine[repeat] = listed

    def _check_list(self, address: str, merged: list[str]) -> list[str] | None:
        owner = item_or_column_at(self.instrument, address)
        try:
            value = clean_value(owner, merged) if owner else merged
        except InvalidValue:
            return None
        return value if isinstance(value, list) else None


def _is_same(value: Any, text: str) -> bool:
    """Whether a cell still holds what it was made with."""
    shown = cell_text(value)
    if shown == text or shown.replace("\r\n", "\n") == text:
        return True
    if not isinstance(value, int | float) or isinstance(value, bool) or not text:
        return False
    try:
        return Decimal(shown) == Decimal(text)
    except InvalidOperation:
        return False


def _remove_row(values: dict[str, AnswerValue], row_address: str) -> None:
    repeat, _hash, row = row_address.rpartition("#")
    for address in [a for a in values if a.startswith(row_address + "/")]:
        del values[address]
    rows = values.pop(repeat, None)
    if isinstance(rows, list) and (left := [one for one in rows if one != row]):
        values[repeat] = left
