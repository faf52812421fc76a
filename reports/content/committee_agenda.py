"""The content of the report for a committee meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reports.content.agenda_parts import EarlierMeeting, PrintedPart
from reports.content.changes import YearChanges
from reports.content.meeting_record import MeetingRecord
from reports.content.report import ResponseReport
from survey.committee.opinions import MemberOpinion

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
    """A sub-pillar for the committee to decide on. Scores are 0–100; `resolution` is empty before the meeting."""

    code: str
    name: str
    last_score: Decimal | None
    estimate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: int | None
    external: bool
    open_points: int
    questions: tuple[DraftAnswer, ...]
    resolution: str
    note: str
    opinions: tuple[MemberOpinion, ...] = ()

    @property
    def change(self) -> Decimal | None:
        """The estimate less the last published score."""
        return None if self.last_score is None or self.estimate is None else self.estimate - self.last_score


@dataclass(frozen=True, slots=True)
class QuestionOpenPoints:
    """The open points of one question: the first few, and how many more."""

    code: str
    texts: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """The paper for a meeting: the meeting, each sub-pillar, what changed since last year."""

    report: ResponseReport
    number: str
    held_at: datetime | None
    place: str
    parts: tuple[PrintedPart, ...]
    earlier: EarlierMeeting | None
    closes_at: datetime
    late_until: date | None
    last_year: int | None
    last_total: Decimal | None
    subjects: tuple[SubPillarBrief, ...]
    changes: YearChanges | None
    record: MeetingRecord | None = None

    @property
    def open_points(self) -> tuple[QuestionOpenPoints, ...]:
        """The open points by question, in the order of the form."""
        by_code: dict[str, list[str]] = {}
        for point in self.report.open_points:
            text = f"{point.text} ({point.reason})" if point.reason else point.text
            by_code.setdefault(point.code, []).append(text)
        return tuple(
            QuestionOpenPoints(code, tuple(t[:MAX_SHOWN_POINTS]), max(len(t) - MAX_SHOWN_POINTS, 0))
            for code, t in by_code.items()
        )

    @property
    def has_resolutions(self) -> bool:
        """Whether the meeting has resolved anything."""
        return any(s.resolution for s in self.subjects)
