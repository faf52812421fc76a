"""The paper for the committee's table, gathered: the draft in brief, what changed since last year, what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone, translation

from reports.content.changes import YearChanges, changes_since_last_year
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.scorecard import ScorecardRow
from reports.content.structure import ReportLine
from reports.errors import ReportError
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from survey.committee import queries as committee
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response

PROVINCE_LEVEL = "province"
MAX_ANSWER_LENGTH = 170  # characters of an answer in brief
MAX_SHOWN_POINTS = 2  # open points told in full of each question


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """A question with its draft answer in brief."""

    code: str
    label: str
    answer: str
    state: str
    files: int


@dataclass(frozen=True, slots=True)
class SubPillarBrief:
    """A sub-pillar as the committee decides on it. Scores are 0–100; `resolution` is empty before the meeting."""

    code: str
    name: str
    last: Decimal | None
    now: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: int | None
    external: bool
    open_points: int
    questions: tuple[DraftAnswer, ...]
    resolution: str
    note: str

    @property
    def change(self) -> Decimal | None:
        """The estimate less the last published score."""
        return None if self.last is None or self.now is None else self.now - self.last


@dataclass(frozen=True, slots=True)
class QuestionOpenPoints:
    """What is open under one question: the first few, and how many more."""

    code: str
    texts: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """The whole paper."""

    paper: ResponseReport
    number: str
    held_at: datetime | None
    place: str
    items: tuple[str, ...]
    late_until: date | None
    last_year: int | None
    last_total: Decimal | None
    subjects: tuple[SubPillarBrief, ...]
    changes: YearChanges | None

    @property
    def change(self) -> Decimal | None:
        """The estimated total less the last published one."""
        total = self.paper.score.total if self.paper.score else None
        return None if total is None or self.last_total is None else total - self.last_total

    @property
    def open_points(self) -> tuple[QuestionOpenPoints, ...]:
        """The open points by question, in the order of the form."""
        by_code: dict[str, list[str]] = {}
        for point in self.paper.open_points:
            text = f"{point.text} ({point.reason})" if point.reason else point.text
            by_code.setdefault(point.code, []).append(text)
        return tuple(
            QuestionOpenPoints(code, tuple(t[:MAX_SHOWN_POINTS]), max(len(t) - MAX_SHOWN_POINTS, 0))
            for code, t in by_code.items()
        )

    @property
    def decided(self) -> bool:
        """Whether resolutions stand in it."""
        return any(s.resolution for s in self.subjects)


def gather_agenda(response: Response, meeting_id: int | None, language: str = "th") -> Agenda:
    """The paper for a meeting, or without one for the next. Raises ReportError."""
    if not response.is_provincial:
        raise ReportError("gone")
    meeting = _get_meeting(response, meeting_id)
    paper = gather_report(response, language)
    with translation.override(language):
        past = list_results_before(response.round.province, response.round.year)
        last = next((year for year in past if year.total(PROVINCE_LEVEL) is not None), None)
        total = last.total(PROVINCE_LEVEL) if last else None
        return Agenda(
            paper=paper,
            number=meeting.number if meeting else "",
            held_at=timezone.localtime(meeting.held_at) if meeting else None,
            place=meeting.place if meeting else "",
            items=tuple(line.strip() for line in meeting.agenda.splitlines() if line.strip()) if meeting else (),
            late_until=meeting.late_until if meeting else None,
            last_year=last.year if last else None,
            last_total=total.score if total else None,
            subjects=tuple(_sub_pillar_briefs(response, paper, meeting, last, language)),
            changes=changes_since_last_year(response, language),
        )


def _get_meeting(response: Response, meeting_id: int | None) -> Meeting | None:
    rows = Meeting.objects.filter(round=response.round_id)
    found = rows.filter(pk=meeting_id).first() if meeting_id else rows.order_by("-held_at").first()
    if found is None and meeting_id:
        raise ReportError("gone")
    if found is not None:
        found.round = response.round
    return found


def _sub_pillar_briefs(
    response: Response, paper: ResponseReport, meeting: Meeting | None, last: PublishedResults | None, language: str
) -> Iterator[SubPillarBrief]:
    instrument = compiled_instrument(response.round.instrument)
    scores: Mapping[str, ScorecardRow] = {row.code: row for row in paper.score.rows} if paper.score else {}
    decided = committee.meeting_resolutions(meeting) if meeting else {}
    earlier = _codes_last_year(response, last)
    asked = _drafts_by_sub_pillar(paper, {s.code: s.parent or s.code for s in instrument.sub_pillars.values()})
    open_points = Counter(point.code for point in paper.open_points if point.code)
    for code in committee.sub_pillars_to_decide(response.round):
        row, resolution = scores.get(code), decided.get(code)
        questions = tuple(asked.get(code, ()))
        yield SubPillarBrief(
            code=code,
            name=instrument.sub_pillars[code].name.to(language),
            last=last.score(PROVINCE_LEVEL, "sub_pillar", earlier.get(code, "")) if last else None,
            now=row.score if row else None,
            low=row.low if row else None,
            high=row.high if row else None,
            level=row.level if row else None,
            external=bool(row and row.external),
            open_points=sum(open_points[q.code] for q in questions if q.code),
            questions=questions,
            resolution=str(Resolution.Decision(resolution.decision).label) if resolution else "",
            note=resolution.note if resolution else "",
        )


def _codes_last_year(response: Response, last: PublishedResults | None) -> Mapping[str, str]:
    """What each sub-pillar was called in the year that is compared with, as the scheme says."""
    if last is None:
        return {}
    try:
        scheme = get_round_scheme(response.round).scheme
    except registry.MissingScheme:
        return {}
    return scheme.earlier_codes.get(last.year, {})


def _drafts_by_sub_pillar(paper: ResponseReport, column: Mapping[str, str]) -> dict[str, list[DraftAnswer]]:
    out: dict[str, list[DraftAnswer]] = {}
    for page in paper.content.pages:
        for line in page.walk():
            if line.question and page.code in column:
                out.setdefault(column[page.code], []).append(_draft_answer(line))
    return out


def _draft_answer(line: ReportLine) -> DraftAnswer:
    files = sum(len(one.proofs) for one in line.walk())
    answer = "; ".join(line.picked) or line.text
    fields = [one for one in line.walk() if one.kind in ("field", "cell") and one.state in ("answered", "unanswered")]
    if line.state not in ("off", "closed") and (line.kind in ("table", "repeat", "group") or not answer):
        given = sum(one.state == "answered" for one in fields)
        counted = f"{given}/{len(fields)}"
        answer = f"{answer} ({counted})" if answer and line.kind == "repeat" else counted
        state = "answered" if given else "unanswered"
    else:
        state = line.state
    return DraftAnswer(line.code, line.label, _shorten(answer), state, files)


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_ANSWER_LENGTH else f"{text[: MAX_ANSWER_LENGTH - 1].rstrip()}…"
