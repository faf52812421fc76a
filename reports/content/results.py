"""Gathering the result of a year: as DGA published it, else as the answers are scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Province
from reports.content.imprint import Imprint, PaperState, make_imprint, report_imprint
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.result_report import Advice, LostCriterion, LostReason, ResultRow, ResultTotals, YearResult
from reports.errors import ReportError
from scoring.engine.levels import find_level
from scoring.engine.queries import score_response
from scoring.engine.recommendations import recommendations_at
from scoring.engine.score_tables import ScoreTableError, score_table
from scoring.kpi.queries import evaluate_result_kpi
from scoring.kpi.types import KpiResult, ProvinceResult
from scoring.planning.queries import read_outlook
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.queries import get_round_scheme, get_scheme_of_year
from scoring.scheme.registry import MissingScheme, get_pillar_names
from scoring.scheme.types import ScoringScheme
from survey.instrument.queries import compiled_instrument
from survey.models import Response

TITLE = gettext_lazy("รายงานผลระดับความพร้อมรัฐบาลดิจิทัล")
PROVINCE, AVERAGE, BEST = "province", "average", "rank-1"
SHOWN_CRITERIA = 15  # that lack most


def gather_result_paper(
    province: Province, year: int, language: str, number: int | None = None
) -> tuple[YearResult, Imprint]:
    """The report of a year's result with its imprint. `number`: that approved version. Raises ReportError."""
    return gather_result_and_answers(province, year, language, number)[:2]


def gather_result_and_answers(
    province: Province, year: int, language: str, number: int | None = None
) -> tuple[YearResult, Imprint, ResponseReport | None]:
    """The same with the answers it estimates from; None where the result is published. Raises ReportError."""
    rows = Response.objects.filter(round__province=province, round__year=year, agency=None)
    rows = rows.select_related("round__province", "round__instrument").defer("round__instrument__source")
    response = rows.first()
    report = gather_report(response, language, number) if response else None
    with translation.override(language):
        result = gather_result(province, year, response, report)
        imprint = result_imprint(result, report, province, str(TITLE))
        return result, imprint, None if result.published else report


def result_imprint(result: YearResult, report: ResponseReport | None, province: Province, title: str) -> Imprint:
    """The imprint of a paper about a year's result: that of the answer, or of a record of what is published."""
    if report is not None and not result.published:
        return report_imprint(report, title)
    imprint = make_imprint(
        title,
        subject=_("ผลที่ประกาศโดย สพร."),
        province=province.name,
        kind=province.kind,
        year=result.year,
        approval=None,
        language=translation.get_language() or "th",
    )
    return replace(imprint, state=PaperState.RECORD, state_text=_("ผลที่ประกาศ"))


def gather_result(
    province: Province, year: int, response: Response | None = None, report: ResponseReport | None = None
) -> YearResult:
    """The result of a province's year. `response`, `report`: its answer of that year, where there is one.

    What is published goes before the estimate, unless the report is of a superseded version. Raises ReportError.
    """
    language = report.language if report else translation.get_language() or "th"
    known = list_results_before(province, year + 1)
    current = next((one for one in known if one.year == year), None)
    past = [one for one in known if one.year < year]
    superseded = report is not None and report.approval is not None and report.approval.voided_at is not None
    with translation.override(language):
        if current is not None and current.total(PROVINCE) is not None and not superseded:
            result = _with_estimates(_published_result(current, past, language), report)
        elif response is not None and report is not None and report.score is not None:
            result = _estimated_result(response, report, known)
        else:
            raise ReportError("no_result")
        result = replace(result, totals=replace(result.totals, provinces=Province.objects.provinces().count()))
        result = replace(result, kpi=_kpi(province, result, past), advice=tuple(_advice(result, year, language)))
        if response is not None and response.is_provincial and not superseded:
            result = _with_losses(result, response, language)
        return result


def _published_result(current: PublishedResults, past: Sequence[PublishedResults], language: str) -> YearResult:
    try:
        scheme: ScoringScheme | None = get_scheme_of_year(current.year).scheme
    except MissingScheme:
        scheme = None
    last = next((one for one in past if one.total(PROVINCE) is not None), None)
    total = current.total(PROVINCE)
    pillar_levels, level = _table_levels(scheme, current)
    rows = tuple(_published_rows(current, last, scheme, pillar_levels, language))
    totals = ResultTotals(
        own=total.marked_score if total else None,
        level=(total.level if total else None) or level,
        rank=total.rank if total else None,
        provinces=0,
        best=current.score(BEST, "total", "total"),
        average=current.score(AVERAGE, "total", "total"),
        last=last.score(PROVINCE, "total", "total") if last else None,
    )
    return YearResult(
        year=current.year,
        instrument=scheme.instrument if scheme else "",
        published=True,
        estimated=any(row.level for row in rows),
        totals=totals,
        rows=rows,
        compared_year=current.year,
        last_year=last.year if last else None,
        edition_name=current.edition_name,
        earlier=tuple((e.edition_name, row.marked_score) for e in current.earlier if (row := e.total(PROVINCE))),
    )


def _with_estimates(result: YearResult, report: ResponseReport | None) -> YearResult:
    """What is published with what the answers gave beside it, where there are answers."""
    if report is None or report.score is None:
        return result
    scores = {(row.depth, row.code): row.score for row in report.score.rows}
    rows = tuple(replace(row, estimate=scores.get((row.depth, row.code))) for row in result.rows)
    return replace(result, rows=rows, totals=replace(result.totals, estimate=report.score.total))


def _table_levels(
    scheme: ScoringScheme | None, results: PublishedResults
) -> tuple[Mapping[str, int | None], int | None]:
    """The levels of the pillars and of the whole that follow from published sub-pillar scores, where all are known."""
    subs = {
        code: row.score
        for (subject, kind, code), row in results.figures.items()
        if (subject, kind) == (PROVINCE, "sub_pillar")
    }
    if scheme is None or not subs:
        return {}, None
    try:
        table = score_table(scheme, subs)
    except ScoreTableError:
        return {}, None
    return {p.number: p.level for p in table.pillars}, table.level


def _published_rows(
    current: PublishedResults,
    last: PublishedResults | None,
    scheme: ScoringScheme | None,
    levels: Mapping[str, int | None],
    language: str,
) -> Iterator[ResultRow]:
    names = get_pillar_names()
    codes = scheme.earlier_codes.get(last.year, {}) if scheme and last else {}
    for pillar in scheme.pillars if scheme else ():
        number = pillar.number
        yield ResultRow(
            code=number,
            name=(pillar.name if pillar.name.th else names.get(number, pillar.name)).to(language),
            depth=0,
            weight=pillar.weight.value,
            own=current.score(PROVINCE, "pillar", number),
            level=levels.get(number),
            best=current.score(BEST, "pillar", number),
            average=current.score(AVERAGE, "pillar", number),
            last=last.score(PROVINCE, "pillar", number) if last else None,
        )
        for sub in pillar.sub_pillars:
            own = current.score(PROVINCE, "sub_pillar", sub.code)
            yield ResultRow(
                code=sub.code,
                name=sub.name.to(language),
                depth=1,
                weight=sub.weight.value if sub.weight else None,
                own=own,
                level=find_level(scheme.levels, own) if scheme and scheme.levels and own is not None else None,
                best=current.score(BEST, "sub_pillar", sub.code),
                average=current.score(AVERAGE, "sub_pillar", sub.code),
                last=last.score(PROVINCE, "sub_pillar", codes.get(sub.code, "")) if last else None,
                external=sub.is_external,
            )


def _estimated_result(response: Response, report: ResponseReport, known: Sequence[PublishedResults]) -> YearResult:
    score = report.score
    assert score is not None
    others = next((one for one in known if one.total(AVERAGE) is not None and one.has_subject(BEST)), None)
    last = next((one for one in known if one.year < report.year and one.total(PROVINCE) is not None), None)
    rows = tuple(
        replace(
            ResultRow(r.code, r.name, r.depth, r.weight, r.score, r.level, external=r.external, low=r.low, high=r.high),
            best=_compared(response, others, BEST, r.depth, r.code),
            average=_compared(response, others, AVERAGE, r.depth, r.code),
            last=_compared(response, last, PROVINCE, r.depth, r.code),
        )
        for r in score.rows
        if r.depth < 2
    )
    totals = ResultTotals(
        own=score.total,
        level=score.level,
        rank=None,
        provinces=0,
        best=others.score(BEST, "total", "total") if others else None,
        average=others.score(AVERAGE, "total", "total") if others else None,
        last=last.score(PROVINCE, "total", "total") if last else None,
        low=score.low,
        high=score.high,
    )
    return YearResult(
        year=report.year,
        instrument=response.round.instrument.key,
        published=False,
        estimated=True,
        totals=totals,
        rows=rows,
        compared_year=others.year if others else None,
        last_year=last.year if last else None,
        unknown=score.unknown,
    )


def _compared(
    response: Response, results: PublishedResults | None, subject: str, depth: int, code: str
) -> Decimal | None:
    """A figure of an earlier year for what is this pillar or sub-pillar today; None where it was measured otherwise."""
    if results is None:
        return None
    if depth == 0:
        return results.score(subject, "pillar", code)
    if results.year == response.round.year:
        return results.score(subject, "sub_pillar", code)
    try:
        scheme = get_round_scheme(response.round).scheme
    except MissingScheme:
        return None
    codes = earlier_codes(scheme, compiled_instrument(response.round.instrument), results.year)
    return results.score(subject, "sub_pillar", codes.get(code, ""))


def _kpi(province: Province, result: YearResult, past: list[PublishedResults]) -> KpiResult | None:
    levels = tuple(p.level for p in result.pillars if p.level is not None)
    return evaluate_result_kpi(province, result.year, ProvinceResult(result.totals.own, levels), past)


def _advice(result: YearResult, year: int, language: str) -> Iterator[Advice]:
    for row in result.rows:
        found = recommendations_at(result.instrument, year, row.code, row.level)
        if found:
            texts = tuple((one.text.to(language), one.source_text.to(language)) for one in found)
            yield Advice(row.code, row.name, row.level, texts)


def _with_losses(result: YearResult, response: Response, language: str) -> YearResult:
    """Why points of the total are lost: by reason, and the criteria that lack most."""
    try:
        lost, sheet = read_outlook(response).lost, score_response(response).sheet
    except MissingScheme:
        return result
    reasons: list[LostReason] = []
    if lost is not None:
        named = (
            (_("ยังไม่ได้ตอบ"), lost.not_answered),
            (_("ตอบแล้ว แต่ยังไม่มีหลักฐานที่นับได้"), lost.no_evidence),
            (_("ผู้ตรวจไม่รับหลักฐาน"), lost.rejected),
            (_("ตอบว่าไม่มี หรือมีไม่ถึงระดับสูงสุด"), lost.answered_no),
            (_("คะแนนจากภายนอกที่ยังไม่เต็ม"), lost.external),
        )
        reasons = [LostReason(reason, points) for reason, points in named if points]
    criteria = [
        LostCriterion(sub.code, c.name.to(language), c.lost, c.reason.to(language))
        for sub in sheet.sub_pillars
        for c in sub.walk()
        if c.lost
    ]
    criteria.sort(key=lambda one: -one.points)
    return replace(result, reasons=tuple(reasons), criteria=tuple(criteria[:SHOWN_CRITERIA]))
