"""Gathering the report for a committee meeting: the draft in brief, changes since last year, open points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils import timezone, translation

from reports.content.agenda_parts import earlier_meeting, printed_parts
from reports.content.brief_answer import brief_answer
from reports.content.changes import changes_since_last_year
from reports.content.committee_agenda import Agenda, DraftAnswer, SubPillarBrief
from reports.content.meeting_record import MeetingRecord, read_meeting_record
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.scorecard import ScorecardRow
from reports.content.structure import ReportLine
from reports.errors import ReportError
from scoring.results.last_year import LastResult, last_result
from survey.committee import queries as committee
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response


def gather_agenda(response: Response, meeting_id: int | None, language: str = "th") -> Agenda:
    """The papers for a meeting, or without `meeting_id` for the latest one. Raises ReportError."""
    if not response.is_provincial:
        raise ReportError("gone")
    meeting = _get_meeting(response, meeting_id)
    report = gather_report(response, language)
    with translation.override(language):
        last = last_result(response.round)
        record = read_meeting_record(meeting, language) if meeting else None
        return Agenda(
            report=report,
            number=meeting.number if meeting else "",
            held_at=timezone.localtime(meeting.held_at) if meeting else None,
            place=meeting.place if meeting else "",
            parts=tuple(printed_parts(meeting)) if meeting else (),
            earlier=earlier_meeting(meeting, language) if meeting else None,
            closes_at=timezone.localtime(response.round.closes_at),
            late_until=meeting.late_until if meeting else None,
            last_year=last.year if last else None,
            last_total=last.total if last else None,
            subjects=tuple(_sub_pillar_briefs(response, report, meeting, record, last, language)),
            changes=changes_since_last_year(response, language),
            record=record,
        )


def _get_meeting(response: Response, meeting_id: int | None) -> Meeting | None:
    rows = Meeting.objects.filter(round=response.round_id).select_related("order", "by", "concluded_by")
    meeting = rows.filter(pk=meeting_id).first() if meeting_id else rows.order_by("-held_at").first()
    if meeting is None and meeting_id:
        raise ReportError("gone")
    if meeting is not None:
        meeting.round = response.round
    return meeting


def _sub_pillar_briefs(
    response: Response,
    report: ResponseReport,
    meeting: Meeting | None,
    record: MeetingRecord | None,
    last: LastResult | None,
    language: str,
) -> Iterator[SubPillarBrief]:
    instrument = compiled_instrument(response.round.instrument)
    scores: Mapping[str, ScorecardRow] = {row.code: row for row in report.score.rows} if report.score else {}
    resolutions = committee.meeting_resolutions(meeting) if meeting else {}
    drafts = _drafts_by_sub_pillar(report, {s.code: s.parent or s.code for s in instrument.sub_pillars.values()})
    open_points = Counter(point.code for point in report.open_points if point.code)
    for code in committee.sub_pillars_to_decide(response.round):
        row, resolution = scores.get(code), resolutions.get(code)
        questions = tuple(drafts.get(code, ()))
        yield SubPillarBrief(
            code=code,
            name=instrument.sub_pillars[code].name.to(language),
            last_score=last.sub_pillar(code) if last else None,
            estimate=row.score if row else None,
            low=row.low if row else None,
            high=row.high if row else None,
            level=row.level if row else None,
            external=bool(row and row.external),
            open_points=sum(open_points[q.code] for q in questions if q.code),
            questions=questions,
            resolution=str(Resolution.Decision(resolution.decision).label) if resolution else "",
            note=resolution.note if resolution else "",
            opinions=record.opinions.get(code, ()) if record else (),
        )


def _drafts_by_sub_pillar(report: ResponseReport, sub_pillar_of: Mapping[str, str]) -> dict[str, list[DraftAnswer]]:
    drafts: dict[str, list[DraftAnswer]] = {}
    for section in report.content.sections:
        for line in section.walk():
            if line.is_question and section.code in sub_pillar_of:
                drafts.setdefault(sub_pillar_of[section.code], []).append(_draft_answer(line, report.language))
    return drafts


def _draft_answer(line: ReportLine, language: str) -> DraftAnswer:
    state, text = brief_answer(line, language)
    return DraftAnswer(line.code, line.label, text, state, sum(len(below.evidence) for below in line.walk()))
