"""Reads for comparing: years, the average, the best, region and group, agencies' contributions, official results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from evidence.attaching.queries import marked_addresses_by_response
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse
from scoring.engine.score import Facts, compute_score_sheet
from scoring.engine.score_range import SheetRanges, compute_sheet_ranges
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.rules import find_province_group
from scoring.models import OfficialResult
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.types import ScoringScheme
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, LocalizedText
from survey.models import Answer, Response

AVERAGE, BEST, PROVINCE = "average", "rank-1", "province"


@dataclass(frozen=True, slots=True)
class ProvinceMeans:
    """The means of some provinces whose results are known, by kind and code, and how many provinces these are."""

    means: Mapping[tuple[str, str], Decimal]
    count: int

    @property
    def total(self) -> Decimal:
        """The mean total."""
        return self.means["total", "total"]

    def pillar(self, number: str) -> Decimal | None:
        """The mean of a pillar, where it is published."""
        return self.means.get(("pillar", number))


def compute_region_and_group_means(
    response: Response, past: Sequence[PublishedResults]
) -> tuple[int | None, ProvinceMeans | None, ProvinceMeans | None]:
    """Year, means of the province's region and of its KPI group in the newest year with results. One query."""
    year = next((y.year for y in past if y.total(PROVINCE)), None)
    if year is None:
        return None, None, None
    province = response.round.province
    rows = OfficialResult.objects.filter(year=year).exclude(province=None).exclude(kind=OfficialResult.Kind.SUB_PILLAR)
    figures = list(rows.values_list("province__code", "province__region", "kind", "code", "score"))
    kpi = get_kpi_scheme(response.round.year)
    group = find_province_group(kpi, province.code, {}) if kpi else None
    region = {code for code, where, *_more in figures if where == province.region}
    return year, _compute_means(figures, region), _compute_means(figures, group.members if group else frozenset())


def _compute_means(
    figures: Sequence[tuple[str, str, str, str, Decimal]], members: Collection[str]
) -> ProvinceMeans | None:
    by_code: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for province, _region, kind, code, score_ in figures:
        if province in members:
            by_code[kind, code].append(score_)
    totals = by_code.get(("total", "total"))
    if not totals:
        return None
    return ProvinceMeans({key: sum(some, Decimal(0)) / len(some) for key, some in by_code.items()}, len(totals))


# -- how the instrument changed -------------------------------------------------------------------


def is_comparable(scheme: ScoringScheme, year: int) -> bool:
    """Whether an earlier year's pillars are those of this scheme: the same form, as far as its scheme says."""
    try:
        return registry.get_scheme_by_year(year).scheme.instrument == scheme.instrument
    except registry.MissingScheme:
        return False


def list_changes_since(scheme: ScoringScheme, year: int) -> Iterator[LocalizedText]:
    """What keeps this year's figures from being compared with an earlier year's, from the two schemes."""
    try:
        before = registry.get_scheme_by_year(year).scheme
    except registry.MissingScheme:
        yield LocalizedText(
            f"ไม่มีเกณฑ์ของปี {year} ในระบบ จึงเทียบได้เฉพาะคะแนนรวม", f"No scheme of {year} is known: only totals are shown"
        )
        return
    if before.instrument != scheme.instrument:
        names = ", ".join(f"{p.name.th} {p.weight.value} %" for p in before.pillars)
        english = ", ".join(f"{p.name.en} {p.weight.value} %" for p in before.pillars)
        yield LocalizedText(
            f"ปี {year} ใช้แบบสำรวจคนละกรอบ ({names}) แสดงเฉพาะคะแนนรวม และไม่ควรเทียบตรง ๆ",
            f"{year} used another framework ({english}): only totals are shown, and not as equals",
        )
        if before.respondents is not None:
            yield LocalizedText(
                f"ปี {year} แต่ละหน่วยงานตอบเอง คะแนนจังหวัดคือค่าเฉลี่ย",
                f"In {year} each agency answered for itself; a province is their mean",
            )
        return
    weights = {p.number: p.weight.value for p in before.pillars}
    for pillar in scheme.pillars:
        was, now = weights.get(pillar.number), pillar.weight.value
        if was is not None and was != now:
            number = pillar.number
            yield LocalizedText(
                f"ตัวชี้วัด {number} น้ำหนักเปลี่ยนจาก {was} เป็น {now}", f"Pillar {number}: weight {was} → {now}"
            )
    links = scheme.earlier.get(year, {})
    for code in scheme.sub_pillars:
        if not links:
            break
        if code not in links:
            yield LocalizedText(f"ตัวชี้วัดย่อย {code} ไม่มีคู่ที่เทียบได้ในปี {year}", f"{code} has no counterpart in {year}")
        elif links[code] != code:
            yield LocalizedText(f"ตัวชี้วัดย่อย {code} คือ {links[code]} ของปี {year}", f"{code} is {links[code]} of {year}")


# -- official results against the estimate --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EstimateDeviation:
    """An official sub-pillar score beside the estimate; `inside`: within the range that was given."""

    code: str
    name: LocalizedText
    official: Decimal
    estimate: Decimal | None
    low: Decimal
    high: Decimal

    @property
    def off(self) -> Decimal | None:
        """Estimate minus official."""
        return None if self.estimate is None else round_score(self.estimate) - self.official

    @property
    def inside(self) -> bool:
        """Whether the range held."""
        return round_score(self.low) <= self.official <= round_score(self.high)


def list_estimate_deviations(found: ScoredResponse, official: Mapping[str, Decimal]) -> list[EstimateDeviation]:
    """Where the estimate was off, sub-pillar by sub-pillar, given the official scores of the same year."""
    spans = found.spread.subs
    return [
        EstimateDeviation(s.code, s.name, official[s.code], s.score, spans[s.code].low, spans[s.code].high)
        for s in found.sheet.sub_pillars
        if s.code in official
    ]


# -- contributions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScoredContribution:
    """What an agency's own answers would give, sub-pillar by sub-pillar (None: scored from outside), and its range."""

    response: Response
    spread: SheetRanges
    subs: Mapping[str, Decimal | None]


def score_contributions(response: Response) -> list[ScoredContribution]:
    """The agencies' contributions of a round, each scored by itself. Three queries."""
    rows = list(
        Response.objects.filter(Q(round=response.round) & ~Q(agency=None))
        .select_related("agency")
        .order_by("agency__sort_key")
    )
    instrument = compiled_instrument(response.round.instrument)
    scheme = get_round_scheme(response.round).scheme
    values: dict[int, dict[str, AnswerValue]] = defaultdict(dict)
    for pk, value in Answer.objects.filter(response__in=rows).values_list("response_id", "value"):
        values[pk].update(value)
    marked = marked_addresses_by_response([r.pk for r in rows])
    out = []
    for row in rows:
        facts = Facts(resolve_path(instrument, values[row.pk]), frozenset(marked.get(row.pk, ())), {})
        sheet = compute_score_sheet(instrument, scheme, facts)
        own = compute_sheet_ranges(instrument, scheme, facts, sheet)
        out.append(ScoredContribution(row, own, {s.code: s.score for s in sheet.sub_pillars}))
    return out


def list_results_before_response(response: Response) -> list[PublishedResults]:
    """Published results of the years before the response's, newest first. One query."""
    return list_results_before(response.round.province, response.round.year)
