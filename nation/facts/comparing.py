"""This year's blocks against the year before, through the links between the two forms. PURE.

Where last year's form is held, last year's contributions are renamed as this year's form has them and counted by it, so
that both years go through the same counting. Where only figures were published of it, those that are about a row are
set beside it. What a link calls not comparable, merged or dropped has no figure before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from nation.facts.level_blocks import TOTAL
from nation.facts.sentences import join
from nation.facts.tally import as_list
from nation.facts.types import NO_TEXT, BlockKind, FactBlock, FactRow
from survey.carrying.fit import rename_address
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument
from survey.linking.links import QuestionLink, YearLinks

COMPARED: Final = frozenset(
    {BlockKind.LEVELS, BlockKind.ONE, BlockKind.SEVERAL, BlockKind.TABLE, BlockKind.NUMBERS, BlockKind.REPEATS}
)
COMPARABLE: Final = frozenset({"same", "reworded", "split"})
_UP: Final = LocalizedText("“{label}” เพิ่มขึ้นจากร้อยละ {before} เป็น {now}", "“{label}” up from {before} % to {now} %")
_DOWN: Final = LocalizedText("“{label}” ลดลงจากร้อยละ {before} เป็น {now}", "“{label}” down from {before} % to {now} %")
_SAME: Final = LocalizedText("“{label}” เท่าเดิมที่ร้อยละ {now}", "“{label}” the same at {now} %")
_AGAINST: Final = LocalizedText("เทียบปีก่อน:", "Against last year:")


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure of last year that was only published: the block and row it is about, and its share."""

    block: str
    row: str
    percent: Decimal
    of_all: bool  # whether its base was all provinces


def translate(
    links: YearLinks, old: CompiledInstrument, new: CompiledInstrument, contributions: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Last year's contributions as this year's form has them."""
    return {code: _Translation(links, old, new).contribution(one) for code, one in contributions.items()}


class _Translation:
    """Renames one contribution; what has no comparable link is left out."""

    def __init__(self, links: YearLinks, old: CompiledInstrument, new: CompiledInstrument) -> None:
        self.links, self.old, self.new = links, old, new

    def contribution(self, one: Mapping[str, Any]) -> dict[str, Any]:
        parts = {part: self.renamed(one.get(part, {})) for part in ("items", "cells", "rows", "inner")}
        levels = {new: level for code, level in one.get("levels", {}).items() if (new := self.level_code(code))}
        return {**parts, "levels": levels, "official": one.get("official", [])}

    def renamed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for address, value in values.items():
            item = self.old.items.get(item_id_of(address))
            link = self.links.link_from(item.question or item.id) if item else None
            if link is None or not link.comparable or link.relation not in COMPARABLE:
                continue
            moved = rename_address(link, address)
            if item_id_of(moved) in self.new.items:
                found[moved] = _rename_options(link, address, value)
        return found

    def level_code(self, code: str) -> str | None:
        """The sub-pillar that this one alone became; pillars keep their number."""
        if code == TOTAL or code in {p.number for p in self.new.pillars} or not self.links.sub_pillars:
            return code
        link = self.links.sub_pillar_from(code)
        if link is None or len(link.new) != 1 or len(self.links.sub_pillars_to(link.new[0])) != 1:
            return None
        return link.new[0]


def _rename_options(link: QuestionLink, address: str, value: Any) -> Any:
    names = link.options.get(address) or link.options.get(item_id_of(address)) or {}
    if not names or value is None:
        return value
    if isinstance(value, dict):
        return {new: count for key, count in value.items() if (new := names.get(key, key)) is not None}
    keys = [new for key in as_list(value) if (new := names.get(key, key)) is not None]
    return keys if isinstance(value, list) else (keys[0] if keys else "")


def compare_blocks(blocks: Sequence[FactBlock], earlier: Iterable[FactBlock]) -> tuple[FactBlock, ...]:
    """The blocks with last year's shares in their rows, and what went up or down in their sentences."""
    before = {
        (block.key, row.key): row.percent
        for block in earlier
        if block.kind in COMPARED and block.n
        for row in _all_rows(block.rows)
    }
    return tuple(_with_before(block, before) if block.kind in COMPARED else block for block in blocks)


def compare_published(blocks: Sequence[FactBlock], figures: Iterable[PublishedFigure]) -> tuple[FactBlock, ...]:
    """The blocks with published shares in the rows these are about, where both are of the same base."""
    found: dict[tuple[str, str], Decimal | None] = {}
    asked_all = {(block.key, row.key): row.of_all is None for block in blocks for row in _all_rows(block.rows)}
    for figure in figures:
        place = (figure.block, figure.row)
        if place in asked_all and (asked_all[place] or not figure.of_all):
            found[place] = figure.percent
    return tuple(_with_before(block, found) if block.kind in COMPARED else block for block in blocks)


def _all_rows(rows: Iterable[FactRow]) -> Iterable[FactRow]:
    for row in rows:
        yield row
        yield from row.parts


def _with_before(block: FactBlock, before: Mapping[tuple[str, str], Decimal | None]) -> FactBlock:
    def told(row: FactRow) -> FactRow:
        parts = tuple(told(part) for part in row.parts)
        known = before.get((block.key, row.key)) if row.percent is not None else None
        return replace(row, before=known, parts=parts) if known is not None or parts else row

    rows = tuple(told(row) for row in block.rows)
    said = _say_changes(block, [row for row in rows if row.before is not None])
    return replace(block, rows=rows, sentence=join(block.sentence, said))


def _say_changes(block: FactBlock, rows: Sequence[FactRow]) -> LocalizedText:
    """Each level, or the most frequent answer: up, down or the same."""
    if not rows:
        return NO_TEXT
    if block.kind is BlockKind.LEVELS:
        return join(_AGAINST, *(_say_change(row) for row in rows))
    return join(_AGAINST, _say_change(max(rows, key=lambda row: row.percent or 0)))


def _say_change(row: FactRow) -> LocalizedText:
    now, before = row.percent or Decimal(0), row.before or Decimal(0)
    template = _SAME if now == before else _UP if now > before else _DOWN
    return template.filled(label=row.label, before=before, now=now)
