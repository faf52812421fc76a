"""Queries of national figures: how all provinces answered, beside the answers of one response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.engine.queries import ScoredResponse
from scoring.models import Benchmark
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, LocalizedText, Pillar

QUESTION = Benchmark.Kind.QUESTION


@dataclass(frozen=True, slots=True)
class NationalFigure:
    """A national figure. `ours`: whether the response gives the same answer (None: not comparable)."""

    row: Benchmark
    ours: bool | None

    @property
    def label(self) -> LocalizedText:
        """What the figure is of."""
        return LocalizedText(self.row.label_th, self.row.label_en)


@dataclass(frozen=True, slots=True)
class NationalTopic:
    """What some figures are about: a pillar, a sub-pillar or a question of this form."""

    code: str
    name: LocalizedText
    relation: str
    figures: tuple[NationalFigure, ...]


@dataclass(frozen=True, slots=True)
class NationalFigures:
    """The national figures of a year, topic by topic, under the pillars of this form ("" for what is in none)."""

    year: int
    groups: Mapping[str, tuple[NationalTopic, ...]]


def get_national_figures(scored: ScoredResponse) -> NationalFigures | None:
    """The newest national figures that are linked to this year's form; None where there are none. One query."""
    rows = list(Benchmark.objects.filter(linked_year=scored.instrument.year))
    if not rows:
        return None
    year = max(row.year for row in rows)
    topics: dict[tuple[str, ...], list[Benchmark]] = {}
    for row in rows:
        if row.year == year:
            topics.setdefault((row.kind, row.code, *row.linked), []).append(row)
    groups: dict[str, list[NationalTopic]] = {}
    for topic_rows in topics.values():
        pillar, topic = _build_topic(scored, topic_rows)
        groups.setdefault(pillar, []).append(topic)
    order = ["", *(p.number for p in scored.instrument.pillars)]
    return NationalFigures(year, {p: tuple(groups[p]) for p in sorted(groups, key=order.index)})


def _build_topic(scored: ScoredResponse, rows: list[Benchmark]) -> tuple[str, NationalTopic]:
    instrument, first = scored.instrument, rows[0]
    name, pillar = _find_linked_item(instrument, first)
    item = instrument.items.get(first.linked[0]) if first.kind == QUESTION and len(first.linked) == 1 else None
    figures = tuple(NationalFigure(row, _is_own_answer(scored.facts.path.values, item, row)) for row in rows)
    return pillar, NationalTopic(", ".join(first.linked), name, str(first.get_relation_display()), figures)


def _find_linked_item(instrument: CompiledInstrument, row: Benchmark) -> tuple[LocalizedText, str]:
    """The name of what a figure is linked to, and its pillar's number."""
    pillars = {p.number: p for p in instrument.pillars}
    for code in row.linked:
        if row.kind == QUESTION and code in instrument.items:
            item = instrument.items[code]
            return item.ask, item.pillar if item.pillar and item.pillar in pillars else ""
        if row.kind == QUESTION and (row_name := _find_table_row(instrument, code)):
            return row_name
        if code in instrument.sub_pillars:
            return instrument.sub_pillars[code].name, _find_pillar_number(pillars.values(), code)
        if code in pillars:
            return pillars[code].name, code
    return LocalizedText(row.code), ""


def _find_table_row(instrument: CompiledInstrument, code: str) -> tuple[LocalizedText, str] | None:
    """The label of the row of a table with that key, and the table's pillar."""
    for item in instrument.items.values():
        for key, row in item.answer_rows if item.kind == "table" else ():
            if key == code:
                return row.label, item.pillar or ""
    return None


def _find_pillar_number(pillars: Iterable[Pillar], code: str) -> str:
    return next((p.number for p in pillars if any(s.code == code for s in p.sub_pillars)), "")


def _is_own_answer(values: Mapping[str, AnswerValue], item: Item | None, row: Benchmark) -> bool | None:
    if item is None or row.option not in item.by_key or row.unit != "provinces":
        return None
    value = values.get(item.id)
    return row.option in value if isinstance(value, list) else value == row.option
