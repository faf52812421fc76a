"""Reads of reports: a response gathered for a report, from its frozen content once it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone, translation

from reports.content.approved_source import approved_source
from reports.content.draft_source import draft_open_points, draft_source
from reports.content.listing import build_content
from reports.content.report import OpenPoint, ResponseReport
from reports.content.report_source import ReportSource
from reports.content.scorecard import Scorecard, read_scorecard
from reports.content.wording import WORDING
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.place_windows import printed_windows
from survey.instrument.progress import progress_by_section, total_progress
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import LocalizedText
from survey.models import Response


def gather_report(response: Response, language: str = "th") -> ResponseReport:
    """The report on a response; at most seven queries, whatever the size of the form.

    An approved one comes from its frozen content. Raises ReportError where that content does not hold.
    """
    approved = response.state == Response.State.APPROVED
    source = approved_source(response) if approved else draft_source(response)
    with translation.override(language):
        return _build_report(response, source, language)


def _build_report(response: Response, source: ReportSource, language: str) -> ResponseReport:
    path = resolve_path(compiled_instrument(source.instrument), source.values)
    marked = {address for address, items in source.evidence.items() if any(item.counts for item in items)}
    notes = {q: note or WORDING["unsure"].to(language) for q, note in source.unsure.items()}
    points = source.open_points
    if points is None:
        points = [
            {"say": p.message.json(), "address": p.address, "question": p.question}
            for p in draft_open_points(response, path, source)
        ]
    round_ = response.round
    return ResponseReport(
        province_code=round_.province.code,
        province=round_.province.name,
        year=round_.year,
        agency=response.agency.name if response.agency else "",
        state=str(Response.State(response.state).label),
        instrument=str(source.instrument),
        checksum=source.instrument.checksum,
        windows=tuple(printed_windows(path.instrument, (round_.period_from, round_.period_to))),
        printed_at=timezone.localtime(),
        content=build_content(path, source.evidence, notes, language),
        progress=total_progress(progress_by_section(path, marked)),
        files=sum(len(items) for address, items in source.evidence.items() if address in path.places),
        open_points=tuple(_open_point(p, path, language) for p in points),
        score=_scorecard(source.score, language),
        approval=source.approval,
        language=language,
    )


def _scorecard(data: Mapping[str, Any] | None, language: str) -> Scorecard | None:
    return read_scorecard(data, language) if data and "pillars" in data else None


def _open_point(point: Mapping[str, Any], path: QuestionnairePath, language: str) -> OpenPoint:
    item = path.instrument.items.get(point.get("question", ""))
    text = LocalizedText(**point["say"]).to(language)
    return OpenPoint((item.code or "") if item else "", text, point.get("reason", ""))
