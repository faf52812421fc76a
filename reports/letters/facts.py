"""The values that letters are filled with: of the round, of an agency, of what is sent, of what is to be approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from dgready.thai import format_date
from reports.content.approved_source import approval_of
from reports.content.imprint import form_title
from reports.content.report import Approval
from reports.letters.parts import AgencyParts
from reports.models import Job, JobState, ReportKind
from scoring.headline.queries import read_headline, read_year_results
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.approval.frozen_facts import valid_version
from survey.approval.review import open_points_of, read_review_state
from survey.committee.endorsement import read_endorsement
from survey.committee.titles import head_title
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import Meeting, Response

# What is sent to DGA of an approved answer, where it was made.
SENT_KINDS = (
    ReportKind.DGA,
    ReportKind.RESULT,
    ReportKind.QUESTIONNAIRE,
    ReportKind.CERTIFICATE,
    ReportKind.BINDER,
    ReportKind.BUNDLE,
    ReportKind.INDEX,
    ReportKind.INDEX_SHEET,
)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that is sent, with the hash it was stored under."""

    name: str
    kind: str
    size: int
    sha256: str


def round_values(response: Response, language: str) -> dict[str, str]:
    """What every letter may say. No query."""
    round_ = response.round
    return {
        "province": round_.province.name,
        "year": str(round_.year),
        "form": form_title(response, language),
        "closes_on": format_date(timezone.localdate(round_.closes_at), language),
    }


def agency_values(parts: AgencyParts, language: str) -> dict[str, str]:
    """What a letter to an agency may say of its part. No query."""
    agency, due = parts.agency, parts.due
    return {
        "agency": agency.name,
        "head": head_title(agency.name_th) if language == "th" else f"Head of {agency.name}",
        "questions": str(parts.question_count),
        "due": format_date(due, language),
        "open_points": str(len(parts.lines)),
        "days_left": days_left((due - timezone.localdate()).days),
    }


def days_left(days: int) -> str:
    """How long there is until a day, in words."""
    if days > 0:
        return _("เหลือเวลาอีก %(days)d วัน") % {"days": days}
    if days == 0:
        return _("ครบกำหนดในวันนี้")
    return _("เลยกำหนดมาแล้ว %(days)d วัน") % {"days": -days}


def memo_values(response: Response, language: str) -> dict[str, str]:
    """What the memo to the governor may say of the answer as it is."""
    state = read_review_state(response)
    progress = total_progress(progress_by_section(state.path, state.marked_places))
    counts = {"done": progress.answered, "all": progress.total}
    return {
        "answered": _("ตอบแล้ว %(done)d จาก %(all)d ช่อง") % counts,
        "open_points": str(len(open_points_of(response, state))),
        "endorsed": endorsed_text(response, language),
        "score": _score_text(response, language),
    }


def endorsed_text(response: Response, language: str) -> str:
    """What the committee decided about the answer, in words."""
    endorsement, words = read_endorsement(response), response.round.province.words
    if endorsement is None:
        return _("คณะกรรมการ %(committee)s ยังไม่ได้พิจารณาให้ความเห็นชอบ") % words
    meeting = Meeting.every.filter(pk=int(endorsement.data.get("meeting") or 0)).first()
    day = format_date(timezone.localtime(meeting.held_at if meeting else endorsement.at), language)
    if meeting and meeting.number:
        values = {**words, "number": meeting.number, "day": day}
        text = _("คณะกรรมการ %(committee)s เห็นชอบในการประชุมครั้งที่ %(number)s เมื่อวันที่ %(day)s") % values
    else:
        text = _("คณะกรรมการ %(committee)s เห็นชอบในการประชุมเมื่อวันที่ %(day)s") % {**words, "day": day}
    if later := len(endorsement.questions):
        text += " " + _("(มีข้อที่แก้ไขหลังการประชุม %(count)d ข้อ)") % {"count": later}
    return text


def _score_text(response: Response, language: str) -> str:
    """The one sentence about the score, its clauses parted as a letter does."""
    try:
        headline = read_headline(response, read_year_results(response), name_agencies=False)
    except (MissingScheme, FaultyScheme):
        return _("ยังไม่มีเกณฑ์คะแนนของปีนี้")
    between = " " if language == "th" else "; "
    return between.join(clause.to(language) for clause in headline.sentence.clauses)


def valid_approval(response: Response) -> Approval | None:
    """The approval in force; None for a draft. Up to three queries."""
    facts = valid_version(response) if response.state == Response.State.APPROVED else None
    return approval_of(facts) if facts else None


def cover_values(response: Response, approval: Approval | None, files: int, language: str) -> Mapping[str, str]:
    """What the letter to DGA may say of what is sent."""
    waiting = _("(ยังไม่อนุมัติ)")
    return {
        "version": f"{_('ฉบับที่')} {approval.number}" if approval else waiting,
        "approved_on": format_date(approval.at, language) if approval else waiting,
        "files": str(files),
        "endorsed": endorsed_text(response, language),
    }


def sent_files(response: Response, approval: Approval | None) -> tuple[SentFile, ...]:
    """The newest file of each name that was made of the approved answer, in the order of the kinds. One query."""
    if approval is None:
        return ()
    jobs = Job.objects.filter(response=response, kind__in=SENT_KINDS, state=JobState.DONE, started_at__gte=approval.at)
    newest: dict[str, Job] = {}
    for job in jobs.order_by("finished_at", "pk"):
        if not job.params.get("version"):
            newest[job.file_name] = job
    ordered = sorted(newest.values(), key=lambda job: SENT_KINDS.index(ReportKind(job.kind)))
    return tuple(SentFile(job.file_name, str(job.get_kind_display()), job.size, job.sha256) for job in ordered)


def blank_date(language: str) -> str:
    """Room to write the date of a letter by hand."""
    return "……… ……………………… ………" if language == "th" else "………………………………"


def letter_date(day: date | None, language: str) -> str:
    """The date of a letter; room for it where none was typed."""
    return format_date(day, language) if day else blank_date(language)
