"""Reads for comparing: years, the average, the best, region and group, agencies' contributions, official results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from evidence.attaching.queries import marked_by_response
from scoring.engine.levels import cents
from scoring.engine.queries import Scored
from scoring.engine.score import Facts, score
from scoring.engine.score_range import Spread, spread
from scoring.kpi.registry import kpi_of
from scoring.kpi.rules import group_of
from scoring.models import OfficialResult
from scoring.results.queries import YearResults, compared
from scoring.scheme import registry
from scoring.scheme.queries import scheme_of
from scoring.scheme.types import Scheme
from survey.instrument.path import resolve
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Text, Value
from survey.models import Answer, Response

AVERAGE, BEST, PROVINCE = "average", "rank-1", "province"


@dataclass(frozen=True, slots=True)
class Around:
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


def around(response: Response, past: Sequence[YearResults]) -> tuple[int | None, Around | None, Around | None]:
    """Year, means of the province's region and of its KPI group in the newest year with results. One query."""
    year = next((y.year for y in past if y.total(PROVINCE)), None)
    if year is None:
        return None, None, None
    province = response.round.province
    rows = OfficialResult.objects.filter(year=year).exclude(province=None).exclude(kind=OfficialResult.Kind.SUB_PILLAR)
    figures = list(rows.values_list("province__code", "province__region", "kind", "code", "score"))
    kpi = kpi_of(response.round.year)
    group = group_of(kpi, province.code, {}) if kpi else None
    region = {code for code, where, *_more in figures if where == province.region}
    return year, _means(figures, region), _means(figures, group.members if group else frozenset())


def _means(figures: Sequence[tuple[str, str, str, str, Decimal]], members: Collection[str]) -> Around | None:
    by_code: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for province, _region, kind, code, score_ in figures:
        if province in members:
            by_code[kind, code].append(score_)
    totals = by_code.get(("total", "total"))
    if not totals:
        return None
    return Around({key: sum(some, Decimal(0)) / len(some) for key, some in by_code.items()}, len(totals))


# -- how the instrument changed -------------------------------------------------------------------


def is_comparable(scheme: Scheme, year: int) -> bool:
    """Whether an earlier year's pillars are those of this scheme: the same form, as far as its scheme says."""
    try:
        return registry.scheme_of_year(year).scheme.instrument == scheme.instrument
    except registry.MissingScheme:
        return False


def changes_since(scheme: Scheme, year: int) -> Iterator[Text]:
    """What keeps this year's figures from being compared with an earlier year's, from the two schemes."""
    try:
        before = registry.scheme_of_year(year).scheme
    except registry.MissingScheme:
        yield Text(
            f"ไม่มีเกณฑ์ของปี {year} ในระบบ จึงเทียบได้เฉพาะคะแนนรวม", f"No scheme of {year} is known: only totals are shown"
        )
        return
    if before.instrument != scheme.instrument:
        names = ", ".join(f"{p.name.th} {p.weight.value} %" for p in before.pillars)
        english = ", ".join(f"{p.name.en} {p.weight.value} %" for p in before.pillars)
        yield Text(
            f"ปี {year} ใช้แบบสำรวจคนละกรอบ ({names}) แสดงเฉพาะคะแนนรวม และไม่ควรเทียบตรง ๆ",
            f"{year} used another framework ({english}): only totals are shown, and not as equals",
        )
        if before.respondents is not None:
            yield Text(
                f"ปี {year} แต่ละหน่วยงานตอบเอง คะแนนจังหวัดคือค่าเฉลี่ย",
                f"In {year} each agency answered for itself; a province is their mean",
            )
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
    """What an agency's own answers would give, sub-pillar by sub-pillar (None: scored from outside), and its range."""

    response: Response
    spread: Spread
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
        own = spread(instrument, scheme, facts, sheet)
        out.append(Contribution(row, own, {s.code: s.score for s in sheet.sub_pillars}))
    return out


def published(response: Response) -> list[YearResults]:
    """Published results of the years before the response's, newest first. One query."""
    return compared(response.round.province, response.round.year)
