"""Reads of reports: a response gathered for a report, from its frozen content once it is approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone, translation

from reports.content.approved_source import approved_source
from reports.content.draft_source import draft_open_points, draft_source
from reports.content.listing import build_content
from reports.content.pillar import only_sections, pillar_title, sections_of_pillar
from reports.content.report import OpenPoint, ResponseReport
from reports.content.report_source import ReportSource
from reports.content.scorecard import Scorecard, read_scorecard
from reports.content.structure import ReportContent
from reports.content.wording import WORDING
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.place_windows import printed_windows
from survey.instrument.progress import progress_by_section, total_progress
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import LocalizedText
from survey.models import Response


def gather_report(
    response: Response, language: str = "th", number: int | None = None, pillar: str = ""
) -> ResponseReport:
    """The report on a response, or on a pillar of it; at most ten queries, whatever the size of the form.

    An approved one comes from its frozen content, and with `number` that version, superseded or not. Raises ReportError
    where that content does not hold.
    """
    frozen = number is not None or response.state == Response.State.APPROVED
    source = approved_source(response, number) if frozen else draft_source(response)
    with translation.override(language):
        return _build_report(response, source, language, pillar)


def _build_report(response: Response, source: ReportSource, language: str, pillar: str) -> ResponseReport:
    path = resolve_path(compiled_instrument(source.instrument), source.values)
    title, sections = pillar_title(path.instrument, pillar, language), sections_of_pillar(path.instrument, pillar)
    marked = {address for address, items in source.evidence.items() if any(item.counts for item in items)}
    notes = {q: note or WORDING["unsure"].to(language) for q, note in source.unsure.items()}
    points = source.open_points
    if points is None:
        points = [
            {"say": p.message.json(), "kind": p.kind, "address": p.address, "question": p.question}
            for p in draft_open_points(response, path, source)
        ]
    round_ = response.round
    return ResponseReport(
        province_code=round_.province.code,
        province=round_.province.name,
        year=round_.year,
        agency=response.agency.name if response.agency else "",
        state=response.state_label,
        instrument=str(source.instrument),
        checksum=source.instrument.checksum,
        windows=tuple(printed_windows(path.instrument, (round_.period_from, round_.period_to))),
        printed_at=timezone.localtime(),
        content=_in_sections(build_content(path, source.evidence, notes, language), sections),
        progress=total_progress(only_sections(progress_by_section(path, marked), sections)),
        files=sum(
            len(items)
            for address, items in source.evidence.items()
            if address in path.places and _is_in(path, address, pillar)
        ),
        open_points=tuple(
            _open_point(p, path, language) for p in points if _is_in(path, p.get("question", ""), pillar)
        ),
        score=None if pillar else _scorecard(source.score, language),
        approval=source.approval,
        language=language,
        version=response.version,
        pillar=pillar,
        pillar_title=title,
    )


def _in_sections(content: ReportContent, sections: Collection[str]) -> ReportContent:
    return replace(content, sections=tuple(section for section in content.sections if section.id in sections))


def _is_in(path: QuestionnairePath, address: str, pillar: str) -> bool:
    """Whether an address is of the pillar that is asked for, if one is."""
    item = path.instrument.items.get(item_id_of(address)) if address else None
    return not pillar or (item is not None and item.pillar == pillar)


def _scorecard(data: Mapping[str, Any] | None, language: str) -> Scorecard | None:
    return read_scorecard(data, language) if data and "pillars" in data else None


def _open_point(point: Mapping[str, Any], path: QuestionnairePath, language: str) -> OpenPoint:
    item = path.instrument.items.get(point.get("question", ""))
    text = LocalizedText(**point["say"]).to(language)
    return OpenPoint((item.code or "") if item else "", text, point.get("reason", ""), point.get("kind", ""))
