"""The KPI sheet for OPDC: targets, the step reached, the points with how they are computed, and what all rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, Province
from accounts.models.places import AgencyKind
from reports.content.imprint import Imprint
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.result_report import ResultRow, YearResult
from reports.content.results import gather_result, result_imprint
from reports.errors import ReportError
from scoring.engine.explain import format_number
from scoring.kpi.queries import get_past_result
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.rules import list_past_values
from scoring.kpi.texts import describe_conditions
from scoring.kpi.types import KpiPart, KpiPartResult, KpiScheme, ProvinceResult
from scoring.results.queries import list_results_before
from scoring.scheme.wording import ORIGIN_NAMES, format_marked
from survey.models import Response

TITLE: Final = gettext_lazy("แบบรายงานตัวชี้วัด ก.พ.ร.")
REACHED: Final[Mapping[bool | None, Promise]] = {
    True: gettext_lazy("ถึงแล้ว"),
    False: gettext_lazy("ยังไม่ถึง"),
    None: gettext_lazy("ยังบอกไม่ได้"),
}


@dataclass(frozen=True, slots=True)
class KpiTargetLine:
    """A target: what it asks for in words and as a number ("" where it is no number), and whether it is reached."""

    name: str
    reading: str
    asks: str
    needed: str
    reached: str
    is_step: bool


@dataclass(frozen=True, slots=True)
class KpiPartLine:
    """A part of the KPI. `sum`: how its points are computed; `past`: earlier results by year."""

    name: str
    unit: str
    weight: Decimal
    current: Decimal | None
    targets: tuple[KpiTargetLine, ...]
    step: str
    points: Decimal | None
    sum: str
    past: tuple[tuple[int, str], ...]
    best: Decimal | None
    level: int | None


@dataclass(frozen=True, slots=True)
class KpiBasis:
    """What a figure rests on. `kind`: official, estimated or entered, in words."""

    figure: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class KpiSheet:
    """The sheet of a province's year. `is_official`: its result is published; `unknown`: why there are no points."""

    result: YearResult
    name: str
    fiscal_year: int
    weight: Decimal
    group: str
    agency: str
    is_official: bool
    parts: tuple[KpiPartLine, ...]
    points: Decimal | None
    sum: str
    unknown: str
    basis: tuple[KpiBasis, ...]

    @property
    def levels(self) -> tuple[int, ...]:
        """From which levels on parts count pillars."""
        return tuple(part.level for part in self.parts if part.level is not None)

    @property
    def pillars(self) -> tuple[tuple[ResultRow, tuple[bool | None, ...]], ...]:
        """The pillars, each with whether it counts for the parts that count pillars; None without a level."""
        return tuple(
            (row, tuple(None if row.level is None else row.level >= level for level in self.levels))
            for row in self.result.pillars
        )


def gather_kpi_sheet(response: Response, language: str = "th") -> tuple[KpiSheet, Imprint]:
    """The sheet of a provincial answer with its imprint. Raises ReportError where its year has no score or no KPI."""
    report, round_ = gather_report(response, language), response.round
    if report.score is None:
        raise ReportError("unscored")
    with translation.override(language):
        result = gather_result(round_.province, round_.year, response, report)
        scheme = get_kpi_scheme(round_.year)
        if scheme is None or result.kpi is None:
            raise ReportError("no_kpi")
        sheet = _build(round_.province, scheme, result, report, language)
        return sheet, result_imprint(result, report, round_.province, str(TITLE))


def _build(
    province: Province, scheme: KpiScheme, result: YearResult, report: ResponseReport, language: str
) -> KpiSheet:
    kpi = result.kpi
    assert kpi is not None
    years = {y.year: one for y in list_results_before(province, result.year) if (one := get_past_result(y)) is not None}
    parts = tuple(
        _part_line(scheme, rule, part, province.code, years, language)
        for rule, part in zip(scheme.parts, kpi.parts, strict=True)
    )
    return KpiSheet(
        result=result,
        name=kpi.name.to(language),
        fiscal_year=kpi.fiscal_year,
        weight=kpi.weight,
        group=kpi.group.name.to(language) if kpi.group else "",
        agency=_responsible(province),
        is_official=result.published,
        parts=parts,
        points=kpi.points,
        sum="" if kpi.points is None else " + ".join(format_number(part.points) for part in parts),
        unknown=kpi.unknown.to(language) if kpi.unknown else "",
        basis=tuple(_basis(scheme, result, report, province.code)),
    )


def _responsible(province: Province) -> str:
    """The office that answers for the KPI: that of the province."""
    office = Agency.objects.filter(province=province, kind=AgencyKind.PROVINCIAL_OFFICE, active=True).first()
    return office.name if office else str(AgencyKind.PROVINCIAL_OFFICE.label)


def _part_line(
    scheme: KpiScheme,
    rule: KpiPart,
    part: KpiPartResult,
    province: str,
    years: Mapping[int, ProvinceResult],
    language: str,
) -> KpiPartLine:
    past = list_past_values(scheme, rule, province, years)
    name = ""
    if part.reading is not None:
        name = (part.step.name if part.step else scheme.readings["below"].name).to(language)
    return KpiPartLine(
        name=part.name.to(language),
        unit=part.unit.to(language),
        weight=part.weight,
        current=part.current,
        targets=tuple(
            KpiTargetLine(
                name=target.name.to(language),
                reading=format_number(target.reading),
                asks=describe_conditions(target.conditions).to(language),
                needed="" if target.needed is None else format_number(target.needed),
                reached=str(REACHED[target.reached]),
                is_step=part.step == target,
            )
            for target in part.targets
        ),
        step=name,
        points=part.points,
        sum="" if part.points is None else f"{format_number(part.weight)} × {format_number(part.reading)} ÷ 100",
        past=tuple((year, _amount(value)) for year, value in sorted(past.items())),
        best=part.best,
        level=part.level,
    )


def _amount(value: Decimal | None) -> str:
    if value is None:
        return _("ยังไม่ได้กรอก")
    return format_number(value) if value == value.to_integral_value() else format_marked(value)


def _basis(scheme: KpiScheme, result: YearResult, report: ResponseReport, province: str) -> Iterator[KpiBasis]:
    official, estimated = str(ORIGIN_NAMES["official"]), str(ORIGIN_NAMES["estimated"])
    year = {"year": result.year}
    if result.published:
        yield KpiBasis(_("คะแนนรวมของปี %(year)s") % year, official, _("ผลที่ สพร. ประกาศ"))
        if result.estimated:
            detail = _("คิดจากคะแนนที่ประกาศ ตามช่วงระดับที่ประมาณการไว้")
            yield KpiBasis(_("ระดับรายตัวชี้วัดของปี %(year)s") % year, estimated, detail)
    else:
        where = _("คำตอบและหลักฐานในระบบ")
        if report.approval:
            where = _("คำตอบฉบับที่ %(number)s ที่อนุมัติแล้ว") % {"number": report.approval.number}
        yield KpiBasis(_("คะแนนและระดับของปี %(year)s") % year, estimated, _("คิดจาก%(where)s") % {"where": where})
        yield from _outside(result, report)
    yield from _earlier(scheme, province)
    origins = {f.origin for f in (scheme.weight, *(p.weight for p in scheme.parts))}
    yield KpiBasis(_("น้ำหนักของตัวชี้วัด"), ", ".join(str(ORIGIN_NAMES[o]) for o in sorted(origins)), "")
    for reading in scheme.readings.values():
        name = f"{reading.name.to(report.language)} = {format_number(reading.value.value)}"
        yield KpiBasis(name, str(ORIGIN_NAMES[reading.value.origin]), "")
    is_listed = any(province in group.members for group in scheme.groups)
    detail = "" if is_listed else _("คิดจากผลของปีก่อน เพราะจังหวัดไม่อยู่ในบัญชีที่ประกาศ")
    yield KpiBasis(_("กลุ่มจังหวัด"), official if is_listed else estimated, detail)


def _outside(result: YearResult, report: ResponseReport) -> Iterator[KpiBasis]:
    """The scores from outside: entered, or estimated until somebody enters them."""
    guessed = {one.code: one for one in report.score.estimates} if report.score else {}
    for row in result.rows:
        if not row.external or row.is_pillar:
            continue
        figure = f"{row.code} {row.name}"
        if row.code in guessed:
            one = guessed[row.code]
            detail = _("%(score)s จาก%(source)s ยังไม่มีผู้กรอกคะแนนจริง") % {
                "score": f"{one.score:f}",
                "source": one.source,
            }
            yield KpiBasis(figure, str(ORIGIN_NAMES["estimated"]), detail)
        elif row.own is None:
            yield KpiBasis(figure, _("ไม่ทราบ"), _("ยังไม่มีคะแนน จึงไม่ได้รวมไว้"))
        else:
            yield KpiBasis(figure, _("ผู้มีหน้าที่กรอก"), format_marked(row.own))


def _earlier(scheme: KpiScheme, province: str) -> Iterator[KpiBasis]:
    printed = scheme.baselines.get(province, {})
    for year in sorted(scheme.best_of):
        figure = _("ผลของปี %(year)s") % {"year": year}
        detail = _("ตามแบบตัวชี้วัดของ ก.พ.ร.") if year in printed else _("ตามผลการสำรวจที่บันทึกในระบบ")
        yield KpiBasis(figure, str(ORIGIN_NAMES["official"]), detail)
