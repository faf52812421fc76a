"""Evidence places that an instrument defines, found by their address: open now or not. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.instrument.addresses import ADDRESS_PATTERN, ROW_ID_PATTERN
from survey.instrument.path import EvidenceNeed
from survey.instrument.schema import (
    AnswerValue,
    CompiledInstrument,
    EvidenceRequirement,
    Item,
    LocalizedText,
    Option,
    TableColumn,
    TableRow,
)
from survey.instrument.tree import ancestor_ids

_ROW_LABEL = LocalizedText("รายการที่ {n}", "Item {n}")


@dataclass(frozen=True, slots=True, eq=False)
class PlaceDefinition:
    """An evidence place of the instrument: of a repeat row, a field, a cell, or a picked option of these."""

    address: str
    item: Item
    need: EvidenceNeed
    rows: tuple[tuple[str, str], ...] = ()
    """The enclosing repeat rows from the outside in: (address of the repeat, row id)."""
    row: TableRow | None = None
    column: TableColumn | None = None
    option: Option | None = None

    @property
    def question(self) -> str:
        """The question it belongs to."""
        return self.item.question or self.item.id

    @property
    def url(self) -> str | None:
        """The address of the web-address answer that may stand for the file, if any."""
        if self.need != "or_url" or self.option is None:
            return None
        prefix = self.address[: len(self.address) - len(f"{self.item.id}={self.option.key}")]
        return prefix + self.item.or_url[self.option.key]


def is_evidence_place(instrument: CompiledInstrument, address: str) -> bool:
    """Whether the address is an evidence place of the instrument, whatever was answered."""
    return find_place(instrument, address) is not None


def find_place(instrument: CompiledInstrument, address: str) -> PlaceDefinition | None:
    """The place at an address, or None. Row ids need only be well-formed: rows come and go."""
    if not ADDRESS_PATTERN.match(address):
        return None
    *prefix, tail = _split_address(address)
    rows = _enclosing_rows(instrument, prefix)
    if rows is None:
        return None
    if "#" in tail:
        return _repeat_row_place(instrument, address, tail, rows)
    head, equals, key = tail.partition("=")
    item_id, *cell = head.split("/")
    item = instrument.items.get(item_id)
    if item is None or not _is_inside_rows(instrument, item, rows):
        return None
    if (item.kind == "table") != (len(cell) == 2) or len(cell) not in (0, 2):
        return None
    if cell:
        return _cell_place(item, address, rows, cell, key if equals else None)
    return _field_place(item, address, rows, key if equals else None)


def _split_address(address: str) -> list[str]:
    """ "A#r1/B#r2/C/x/y" → ["A#r1", "B#r2", "C/x/y"]; the last is never empty."""
    segments: list[str] = []
    rest = address
    while "#" in rest:
        row, slash, after = rest.partition("/")
        if "#" not in row or not slash:
            break
        segments.append(row)
        rest = after
    return [*segments, rest]


def _enclosing_rows(instrument: CompiledInstrument, prefix: list[str]) -> tuple[tuple[str, str], ...] | None:
    rows: list[tuple[str, str]] = []
    prefix_so_far = ""
    for segment in prefix:
        repeat_id, _, row_id = segment.partition("#")
        repeat = instrument.items.get(repeat_id)
        if repeat is None or repeat.kind != "repeat" or not ROW_ID_PATTERN.match(row_id):
            return None
        if not _is_inside_rows(instrument, repeat, tuple(rows)):
            return None
        rows.append((prefix_so_far + repeat_id, row_id))
        prefix_so_far += segment + "/"
    return tuple(rows)


def _is_inside_rows(instrument: CompiledInstrument, item: Item, rows: tuple[tuple[str, str], ...]) -> bool:
    """Whether the item lies in exactly these repeats."""
    enclosing_repeats = [
        a for a in reversed(ancestor_ids(instrument.items, item)) if instrument.items[a].kind == "repeat"
    ]
    return enclosing_repeats == [repeat_address.rsplit("/", 1)[-1] for repeat_address, _ in rows]


def _repeat_row_place(
    instrument: CompiledInstrument, address: str, tail: str, rows: tuple[tuple[str, str], ...]
) -> PlaceDefinition | None:
    all_rows = _enclosing_rows(
        instrument, [f"{repeat_address.rsplit('/', 1)[-1]}#{row_id}" for repeat_address, row_id in rows] + [tail]
    )
    if all_rows is None:
        return None
    item = instrument.items[tail.partition("#")[0]]
    return PlaceDefinition(address, item, "required", all_rows) if item.evidence == "required" else None


def _field_place(
    item: Item, address: str, rows: tuple[tuple[str, str], ...], key: str | None
) -> PlaceDefinition | None:
    if key is None:
        plain = item.kind not in ("repeat", "table", "group")
        return PlaceDefinition(address, item, "required", rows) if plain and item.evidence == "required" else None
    option = item.by_key.get(key)
    if option is None or option.evidence == "none":
        return None
    need: EvidenceNeed = "or_url" if option.evidence == "or_url" else "required"
    return PlaceDefinition(address, item, need, rows, option=option)


def _cell_place(
    item: Item, address: str, rows: tuple[tuple[str, str], ...], cell: list[str], key: str | None
) -> PlaceDefinition | None:
    row = next((r for k, r in item.answer_rows if k == cell[0]), None)
    column = next((c for c in item.columns if c.key == cell[1]), None)
    if row is None or column is None:
        return None
    if key is None:
        asks: EvidenceRequirement = column.evidence
        return PlaceDefinition(address, item, "required", rows, row, column) if asks == "required" else None
    option = column.by_key.get(key)
    if option is None or option.evidence == "none":
        return None
    return PlaceDefinition(address, item, "required", rows, row, column, option)


def describe_place(
    instrument: CompiledInstrument, place: PlaceDefinition, values: Mapping[str, AnswerValue], language: str = "th"
) -> tuple[str, ...]:
    """The names of a place below its question, from the outside in: rows, item, table row, option."""
    parts: list[str] = []
    for repeat_address, row_id in place.rows:
        repeat = instrument.items[repeat_address.rsplit("/", 1)[-1]]
        if repeat.id != place.question:  # one question may hold several lists
            parts.append(_title(repeat, language))
        parts.append(_row_name(repeat_address, row_id, values, language))
    if place.item.id != place.question and not (place.rows and place.item.kind == "repeat"):
        parts.append(_title(place.item, language))
    if place.row is not None and place.column is not None:
        parts.append(place.row.label.to(language))
        if len(place.item.columns) > 1:
            parts.append(place.column.label.to(language))
    if place.option is not None:
        parts.append(place.option.title.to(language))
    return tuple(parts)


def _title(item: Item, language: str) -> str:
    ask = item.ask.to(language)
    return f"{item.code} {ask}" if item.code else ask


def _row_name(repeat_address: str, row_id: str, values: Mapping[str, AnswerValue], language: str) -> str:
    ids = values.get(repeat_address)
    if isinstance(ids, list) and row_id in ids:
        return _ROW_LABEL.to(language).format(n=ids.index(row_id) + 1)
    return _ROW_LABEL.to(language).format(n=row_id)
