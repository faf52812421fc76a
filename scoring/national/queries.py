"""Queries of national figures: how all provinces answered, beside the answers of one response."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from dgready.same_objects import SameObjects
from scoring.engine.queries import ScoredResponse
from scoring.models import Benchmark
from survey.instrument.addresses import item_id_of, option_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText, Pillar
from survey.linking.links import YearLinks
from survey.linking.registry import links_into
from survey.linking.wording import RELATION_NAMES

QUESTION = Benchmark.Kind.QUESTION


@dataclass(frozen=True, slots=True)
class NationalFigure:
    """A national figure. `ours`: whether the response gives the same answer (None: not comparable)."""

    row: Benchmark
    ours: bool | None

    @property
    def label(self) -> LocalizedText:
        """What the figure is of; of a reason (an option that is called so in the table) it says that it is one."""
        thai, english = self.row.label_th, self.row.label_en
        if "reason" in self.row.option.split("-"):
            return LocalizedText(f"เหตุผลที่ไม่มี: {thai}", f"reason for none: {english}")
        return LocalizedText(thai, english)


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


@dataclass(frozen=True, slots=True)
class LinkedFigure:
    """A national figure by the links to this form. `address`: the field it is about, with `=` the same answer."""

    row: Benchmark
    linked: tuple[str, ...]
    relation: str
    address: str | None = None


def get_national_figures(scored: ScoredResponse) -> NationalFigures | None:
    """The newest national figures that are linked to this year's form; None where there are none. One query."""
    return topics_of(scored, read_linked_figures(scored.instrument))


def topics_of(scored: ScoredResponse, figures: Sequence[LinkedFigure]) -> NationalFigures | None:
    """The newest of some figures by topics, with what the response answers itself; None where there are none."""
    if not figures:
        return None
    year = max(figure.row.year for figure in figures)
    topics: dict[tuple[str, ...], list[LinkedFigure]] = {}
    for figure in figures:
        if figure.row.year == year:
            topics.setdefault((figure.row.kind, figure.row.code, *figure.linked), []).append(figure)
    groups: dict[str, list[NationalTopic]] = {}
    for topic_figures in topics.values():
        pillar, topic = _build_topic(scored.instrument, scored.facts.path.values, topic_figures)
        groups.setdefault(pillar, []).append(topic)
    order = ["", *(p.number for p in scored.instrument.pillars)]
    return NationalFigures(year, {p: tuple(groups[p]) for p in sorted(groups, key=order.index)})


def get_question_figures(
    instrument: CompiledInstrument, values: Mapping[str, AnswerValue], question: str
) -> list[NationalTopic]:
    """How all provinces answered what a question was in the year before, by its codes then. One query."""
    links = links_into(instrument)
    codes = [code for link in (links.links_to(question) if links else ()) for code in link.old]
    topics: dict[str, list[LinkedFigure]] = {}
    for figure in _list_linked_figures(instrument, codes) if codes else ():
        if question in figure.linked:
            topics.setdefault(figure.row.code, []).append(figure)
    return [_build_topic(instrument, values, figures)[1] for figures in topics.values()]


def _list_linked_figures(instrument: CompiledInstrument, codes: Sequence[str] | None = None) -> list[LinkedFigure]:
    """The figures of the year that is linked to this form (of these questions of it), in the order of the table."""
    links = links_into(instrument)
    if codes is None or links is None:
        return read_linked_figures(instrument)
    of_year = Q(linked_year=instrument.year) | Q(year=links.year)
    rows = Benchmark.objects.filter(of_year, year=links.year, kind=QUESTION, code__in=codes)
    return [figure for row in rows if (figure := _link_figure(row, instrument, links))]


def read_linked_figures(instrument: CompiledInstrument) -> list[LinkedFigure]:
    """The figures of the year that is linked to this form, in the order of the table. One query.

    The very same list while none of their rows is another.
    """
    links = links_into(instrument)
    rows = tuple(_FIGURE_ROWS.all(instrument.year, links.year if links else 0))

    def make() -> list[LinkedFigure]:
        return [figure for row in rows if (figure := _link_figure(_benchmark(row), instrument, links))]

    return _kept_figures.get((SameObjects(instrument, links), rows), make)


# The linked codes are read as the text that the database keeps: what is compared is not taken apart first.
_COLUMNS: Final = tuple(field.attname for field in Benchmark._meta.concrete_fields)
_LINKED: Final = _COLUMNS.index("linked")
_FIGURE_ROWS: PreparedSelect[tuple[Any, ...]] = PreparedSelect(
    lambda form_year, year: Benchmark.objects.filter(Q(linked_year=form_year) | Q(year=year)).values_list(
        *_COLUMNS[:_LINKED], Cast("linked", TextField()), *_COLUMNS[_LINKED + 1 :]
    )
)


def _benchmark(row: tuple[Any, ...]) -> Benchmark:
    values = (*row[:_LINKED], json.loads(row[_LINKED]), *row[_LINKED + 1 :])
    return Benchmark.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)


_kept_figures: LruCache[list[LinkedFigure]] = LruCache(16)


def _link_figure(row: Benchmark, instrument: CompiledInstrument, links: YearLinks | None) -> LinkedFigure | None:
    """A figure by the links between the years; what these do not name, as its own table says. None: of no question."""
    if links is not None and row.year == links.year:
        if row.kind == QUESTION and (link := links.link_from(row.code)):
            if not link.new:
                return None
            address = link.figure_address(row.option, instrument)
            question = instrument.items[item_id_of(address)].question if address else None
            return LinkedFigure(row, (question,) if question else link.new, link.relation, address)
        if row.kind == Benchmark.Kind.SUB_PILLAR and (sub := links.sub_pillar_from(row.code)):
            return LinkedFigure(row, sub.new, sub.relation)
    if row.linked_year != instrument.year:
        return None
    item = instrument.items.get(row.linked[0]) if row.kind == QUESTION and len(row.linked) == 1 else None
    address = option_address(item.id, row.option) if item and row.option in item.by_key else None
    return LinkedFigure(row, tuple(row.linked), row.relation, address)


def _build_topic(
    instrument: CompiledInstrument, values: Mapping[str, AnswerValue], figures: Sequence[LinkedFigure]
) -> tuple[str, NationalTopic]:
    first = figures[0]
    name, pillar = _find_linked_item(instrument, first)
    shown = tuple(NationalFigure(f.row, _is_own_answer(values, f)) for f in figures)
    relation = str(RELATION_NAMES.get(first.relation, ""))
    return pillar, NationalTopic(", ".join(first.linked), name, relation, shown)


def _find_linked_item(instrument: CompiledInstrument, figure: LinkedFigure) -> tuple[LocalizedText, str]:
    """The name of what a figure is linked to, and its pillar's number."""
    row, pillars = figure.row, {p.number: p for p in instrument.pillars}
    for code in figure.linked:
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


def _is_own_answer(values: Mapping[str, AnswerValue], figure: LinkedFigure) -> bool | None:
    field_address, equals, option = (figure.address or "").partition("=")
    if not equals or figure.row.unit != "provinces":
        return None
    value = values.get(field_address)
    return option in value if isinstance(value, list) else value == option
