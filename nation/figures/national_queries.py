"""The national report read from kept facts: at most six queries, kept in the process until a figure changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet, Subquery

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from dgready.lru_cache import LruCache
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from dgready.same_objects import SameObjects
from nation.facts.comparing import compare_blocks, compare_published, translate
from nation.facts.summing import Given, Rates, sum_up
from nation.facts.tally import Picked, Tally
from nation.facts.types import FactBlock, NationalReport, Population
from nation.figures.department_queries import read_department_blocks
from nation.figures.provinces import ProvinceFacts, list_provinces, list_unsized_provinces
from nation.figures.published_shares import read_published_shares
from nation.models import ProvinceFigures
from scoring.engine.recommendations import recommendations_at
from scoring.scheme.registry import get_level_names
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.linking.links import YearLinks
from survey.linking.registry import FaultyLinks, MissingLinks, links_between, links_into
from survey.models import Instrument, Response

State = Response.State
GROUPS: Final[Mapping[str, Callable[[ProvinceFacts], str]]] = {
    "kpi": lambda province: "" if province.kpi_group is None else str(province.kpi_group),
    "region": lambda province: province.region,
    "size": lambda province: province.size,
}
_ANSWERED: Final = frozenset({State.APPROVED, State.SUBMITTED})
_OPEN: Final = LocalizedText("ยังไม่ส่ง", "Not submitted yet")
_STATES: Final[Mapping[str, tuple[frozenset[str], LocalizedText]]] = {
    "approved": (frozenset({State.APPROVED}), LocalizedText("อนุมัติแล้ว", "Approved")),
    "submitted": (frozenset({State.SUBMITTED}), LocalizedText("เสนอผู้ว่าราชการจังหวัดแล้ว", "Submitted to the governor")),
    "open": (frozenset({State.DRAFT, State.RETURNED, State.ENDORSED}), _OPEN),
}
_NO_ROUND: Final = LocalizedText("ยังไม่เปิดรอบ", "No round opened")


class UnknownGroup(LookupError):
    """There is no such group of provinces, or no such member of it."""


class _Standing(NamedTuple):
    """A provincial answer of this year or an earlier one: its state now, and when its figures were counted."""

    code: str
    year: int
    state: str
    instrument: int
    figures: int | None
    counted_at: Any
    kind: str

    def is_told_department(self, year: int) -> bool:
        """Whether it is a department's approved answer of that year."""
        return self.kind == RespondentKind.DEPARTMENT and self.year == year and self.state == State.APPROVED


_reports: LruCache[NationalReport] = LruCache(64)
_complete: LruCache[NationalReport] = LruCache(16)  # with what departments did


def read_national(
    population: Population,
    *,
    reasons: Mapping[tuple[str, str], tuple[str, LocalizedText]] | None = None,
    examples: Mapping[str, Collection[LocalizedText]] | None = None,
) -> NationalReport:
    """The national report of a population, the very same one while nothing changed. Raises UnknownGroup.

    Warm: two queries, three for a group of a size; cold: three more.

    What departments did for the provinces is a section of its own, in the report of all provinces: one more query,
    two where they are not kept.

    `reasons`: codes of free texts by (item that asks, folded text); `examples`: picked texts by key of their block.
    Counted are answers whose state is approved now (or also submitted), by their figures as last counted.
    """
    provinces = _members(population)
    standings = _read_standings(population.year, [province.id for province in provinces.values()])
    picked = Picked(reasons or {}, examples or {})
    own = [one for one in standings if one.code in provinces]
    key = (population, tuple(sorted(provinces)), frozenset(own), _digest(picked))
    report = _reports.get(key, lambda: _make_report(population, provinces, own, picked))
    if population.group or not any(one.is_told_department(population.year) for one in standings):
        return report
    blocks = read_department_blocks(population.year)
    return _complete.get(SameObjects(report, blocks), lambda: replace(report, blocks=(*report.blocks, *blocks)))


def list_members(group: str, year: int | None = None) -> list[str]:
    """The members of a group of provinces. Raises UnknownGroup. Two queries."""
    if group not in GROUPS:
        raise UnknownGroup(group)
    return sorted({member for province in list_provinces(year) if (member := GROUPS[group](province))})


def population_members(population: Population) -> frozenset[str]:
    """Codes of the provinces of a population, answered or not. Raises UnknownGroup. One query."""
    return frozenset(_members(population))


def _members(population: Population) -> dict[str, ProvinceFacts]:
    """The provinces of the population by code, answered or not. One query, two for a group of a size."""
    read = list_provinces if population.group == "size" else list_unsized_provinces
    provinces = read(population.year)
    if not population.group:
        return {province.code: province for province in provinces}
    if population.group not in GROUPS:
        raise UnknownGroup(population.group)
    member_of = GROUPS[population.group]
    found = {province.code: province for province in provinces if member_of(province) == population.member}
    if not found or not population.member:
        raise UnknownGroup(f"{population.group} {population.member}")
    return found


def _digest(picked: Picked) -> Hashable:
    reasons = frozenset((place, key, label.th, label.en) for place, (key, label) in picked.reasons.items())
    return reasons, tuple((key, tuple(texts)) for key, texts in sorted(picked.examples.items()))


def _standings(year: Any, provinces: Any) -> QuerySet[Any, Any]:
    """The answers of the year, and of the last one before it in which one of these provinces has any."""
    rows = Response.objects.filter(agency=None)
    before = rows.filter(round__year__lt=year, round__province__in=provinces).order_by("-round__year")
    fields = ("round__province__code", "round__year", "state", "round__instrument", "figures", "figures__counted_at")
    rows = rows.filter(Q(round__year=year) | Q(round__year=Subquery(before.values("round__year")[:1])))
    return rows.order_by("pk").values_list(*fields, "round__province__kind")


_STANDINGS: Final[PreparedSelect[Any]] = PreparedSelect(_standings)


def _read_standings(year: int, provinces: Sequence[int]) -> list[_Standing]:
    """The answers of the year and of the one before, without what they say; of departments too. One query."""
    return [_Standing._make(row) for row in _STANDINGS.all(min(year, GREATEST_SMALL), provinces)]


def _make_report(
    population: Population, provinces: Mapping[str, ProvinceFacts], standings: Sequence[_Standing], picked: Picked
) -> NationalReport:
    counted = _ANSWERED if population.submitted else frozenset({State.APPROVED})
    own = [one for one in standings if one.year == population.year]
    earlier_year = max((one.year for one in standings if one.year < population.year), default=0)
    used = {one.figures: one for one in standings if one.year in (population.year, earlier_year) and one.figures}
    used = {figures: one for figures, one in used.items() if one.state in counted}
    forms = _compile_forms({one.instrument for one in own} | {one.instrument for one in used.values()})
    form = _newest([forms[one.instrument] for one in own])
    if form is None:
        return NationalReport(population, (), len(provinces), ())
    facts = _read_facts(used)
    tally = Tally(form, {one.code: facts[pk] for pk, one in used.items() if _is_of(one, population.year, facts, form)})
    earlier = _newest([forms[one.instrument] for one in used.values() if one.year == earlier_year])
    before = {one.code: facts[pk] for pk, one in used.items() if earlier and _is_of(one, earlier_year, facts, earlier)}
    given = Given(_level_names(), picked, lambda code, level: _advice(form, code, level))
    rates = _rates(provinces, own)
    blocks = sum_up(tally, rates, given)
    return NationalReport(
        population,
        tuple(tally.contributions),
        rates.invited,
        _compare(blocks, population, (form, earlier), before, lambda tally: sum_up(tally, rates, given)),
    )


def _is_of(one: _Standing, year: int, facts: Mapping[int, Mapping[str, Any]], form: CompiledInstrument) -> bool:
    """Whether an answer is of that year and to that form, and has been counted."""
    return one.year == year and facts.get(one.figures or 0, {}).get("form") == form.key


def _read_facts(figures: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The kept facts of some figures. One query."""
    return dict(ProvinceFigures.objects.filter(pk__in=list(figures)).values_list("pk", "facts"))


def _compile_forms(keys: Collection[int]) -> dict[int, CompiledInstrument]:
    """The compiled forms by key of their row. One query, and one for each form this process has not compiled yet."""
    rows = Instrument.objects.filter(pk__in=keys).defer("source")
    return {row.pk: compiled_instrument(row) for row in rows}


def _newest(forms: Sequence[CompiledInstrument]) -> CompiledInstrument | None:
    """The form most answers are to, in the newest version of it."""
    if not forms:
        return None
    keys = [form.key for form in forms]
    most = max(sorted(set(keys)), key=keys.count)
    return max((form for form in forms if form.key == most), key=lambda form: form.version)


def _rates(provinces: Mapping[str, ProvinceFacts], own: Sequence[_Standing]) -> Rates:
    """Who was asked, and how far they are; a province without a round was not asked."""
    states = {
        key: (label, tuple(sorted(one.code for one in own if one.state in members)))
        for key, (members, label) in _STATES.items()
    }
    asked = {one.code for one in own}
    if missing := tuple(sorted(provinces.keys() - asked)):
        states["none"] = (_NO_ROUND, missing)
    answered = tuple(sorted(one.code for one in own if one.state in _ANSWERED))
    return Rates(len(provinces), states, answered)


def _level_names() -> dict[int, LocalizedText]:
    return {
        level: LocalizedText(f"ระดับ {level} {name.short.th}", f"level {level} {name.short.to('en')}")
        for level, name in get_level_names().items()
    }


def _advice(form: CompiledInstrument, code: str, level: int) -> list[LocalizedText]:
    return [one.text for one in recommendations_at(form.key, form.year, code, level)]


def _compare(
    blocks: tuple[FactBlock, ...],
    population: Population,
    forms: tuple[CompiledInstrument, CompiledInstrument | None],
    before: Mapping[str, Mapping[str, Any]],
    count: Callable[[Tally], tuple[FactBlock, ...]],
) -> tuple[FactBlock, ...]:
    """The blocks beside last year's: counted where that form is held and answered, else as far as published."""
    form, earlier = forms
    links = _links(earlier, form) if earlier is not None and before else None
    if earlier is not None and links is not None:
        return compare_blocks(blocks, count(Tally(form, translate(links, earlier, form, before))))
    if population.group or before:
        return blocks  # what was published is of all provinces
    into = links_into(form)
    return compare_published(blocks, read_published_shares(form, into)) if into is not None else blocks


def _links(old: CompiledInstrument, new: CompiledInstrument) -> YearLinks | None:
    try:
        return links_between(old, new)
    except (MissingLinks, FaultyLinks):
        return None
