"""Reads for comparing: years, the average, the best, region and group, agencies' contributions, official results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from evidence.queries import marked_by_response
from scoring import queries, registry
from scoring.engine import Facts, score
from scoring.kpi import group_of
from scoring.levels import cents
from scoring.models import OfficialResult
from scoring.queries import Scored, YearResults
from scoring.scheme import Scheme
from scoring.versions import scheme_of
from survey.instrument.path import resolve
from survey.instrument.schema import Text, Value
from survey.models import Answer, Response
from survey.queries import instrument_of

AVERAGE, BEST, PROVINCE = "average", "rank-1", "province"


@dataclass(frozen=True, slots=True)
class Around:
    """The mean total of some provinces whose results are known, and how many these are."""

    mean: Decimal
    count: int


def around(response: Response, past: Sequence[YearResults]) -> tuple[int | None, Around | None, Around | None]:
    """Year, mean of the province's region and of its KPI group in the newest year with results. One query."""
    year = next((y.year for y in past if y.total(PROVINCE)), None)
    if year is None:
        return None, None, None
    province = response.round.province
    rows = OfficialResult.objects.filter(year=year, kind=OfficialResult.Kind.TOTAL).exclude(province=None)
    totals = list(rows.values_list("province__code", "province__region", "score"))
    region = _mean([s for _c, r, s in totals if r == province.region])
    kpi = registry.kpi_of(response.round.year)
    group = group_of(kpi, province.code, {}) if kpi else None
    return year, region, _mean([s for c, _r, s in totals if group and c in group.members])


def _mean(scores: Sequence[Decimal]) -> Around | None:
    return Around(sum(scores, Decimal(0)) / len(scores), len(scores)) if scores else None


# -- how the instrument changed -------------------------------------------------------------------


def changes_since(scheme: Scheme, year: int) -> Iterator[Text]:
    """What keeps this year's figures from being compared with an earlier year's, from the two schemes."""
    try:
        before = registry.scheme_of_year(year).scheme
    except registry.MissingScheme:
        yield Text(f"ไม่มีเกณฑ์ของปี {year} ในระบบ", f"No scheme of {year} is known")
        return
    weights = {p.number: p.weight.value for p in before.pillars}
    for pillar in scheme.pillars:
        was, now = weights.get(pillar.number), pillar.weight.value
        if was is not None and was != now:
            number = pillar.number
            yield Text(f"ตัวชี้วัด {number} น้ำหนักเปลี่ยนจาก {was} เป็น {now}", f"Pillar {number}: weight {was} → {now}")
    links = scheme.earlier.get(year, {})
    for code in scheme.sub_pillars:
        if not links:
            break
        if code not in links:
            yield Text(f"ตัวชี้วัดย่อย {code} ไม่มีคู่ที่เทียบได้ในปี {year}", f"{code} has no counterpart in {year}")
        elif links[code] != code:
            yield Text(f"ตัวชี้วัดย่อย {code} คือ {links[code]} ของปี {year}", f"{code} is {links[code]} of {year}")


# -- official results against the estimate --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Miss:
    """An official sub-pillar score beside the estimate; `inside`: within the range that was given."""

    code: str
    name: Text
    official: Decimal
    estimate: Decimal | None
    low: Decimal
    high: Decimal

    @property
    def off(self) -> Decimal | None:
        """Estimate minus official."""
        return None if self.estimate is None else cents(self.estimate) - self.official

    @property
    def inside(self) -> bool:
        """Whether the range held."""
        return cents(self.low) <= self.official <= cents(self.high)


def misses(found: Scored, official: Mapping[str, Decimal]) -> list[Miss]:
    """Where the estimate was off, sub-pillar by sub-pillar, given the official scores of the same year."""
    spans = found.spread.subs
    return [
        Miss(s.code, s.name, official[s.code], s.score, spans[s.code].low, spans[s.code].high)
        for s in found.sheet.sub_pillars
        if s.code in official
    ]


# -- contributions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contribution:
    """What an agency's own answers would give, sub-pillar by sub-pillar (None: scored from outside)."""

    response: Response
    total: Decimal | None
    subs: Mapping[str, Decimal | None]


def contributions(response: Response) -> list[Contribution]:
    """The agencies' contributions of a round, each scored by itself. Three queries."""
    rows = list(
        Response.objects.filter(Q(round=response.round) & ~Q(agency=None))
        .select_related("agency")
        .order_by("agency__sort_key")
    )
    instrument = instrument_of(response.round.instrument)
    scheme = scheme_of(response.round).scheme
    values: dict[int, dict[str, Value]] = defaultdict(dict)
    for pk, value in Answer.objects.filter(response__in=rows).values_list("response_id", "value"):
        values[pk].update(value)
    marked = marked_by_response([r.pk for r in rows])
    out = []
    for row in rows:
        facts = Facts(resolve(instrument, values[row.pk]), frozenset(marked.get(row.pk, ())), {})
        sheet = score(instrument, scheme, facts)
        out.append(Contribution(row, sheet.total, {s.code: s.score for s in sheet.sub_pillars}))
    return out


def published(response: Response) -> list[YearResults]:
    """Published results of the years before the response's, newest first. One query."""
    return queries.compared(response.round.province, response.round.year)
