"""Models of the survey: instruments, rounds and assignments, responses and their events, meetings, notices."""

from survey.models.calendar import CalendarAddress
from survey.models.committee import CommitteeMember, CommitteeOrder
from survey.models.consolidation import Consolidation, ConsolidationSource
from survey.models.data_file import DataFile, DataFileKind
from survey.models.instrument import Instrument, OfficialText, OfficialTextKind, Pillar, Question, SubPillar
from survey.models.meeting import Attendance, Delegation, Meeting, Resolution
from survey.models.minutes import Amendment, Opinion, TabledPaper
from survey.models.notice import Chore, Letter, MailChoice, Notice
from survey.models.response import Answer, Channel, Comment, Event, FrozenResponse, Response
from survey.models.round import Assignment, Carried, Rasci, Round, SubmissionGuard

__all__ = [
    "Amendment",
    "Answer",
    "Assignment",
    "Attendance",
    "CalendarAddress",
    "Carried",
    "Channel",
    "Chore",
    "Comment",
    "CommitteeMember",
    "CommitteeOrder",
    "Consolidation",
    "ConsolidationSource",
    "DataFile",
    "DataFileKind",
    "Delegation",
    "Event",
    "FrozenResponse",
    "Instrument",
    "Letter",
    "MailChoice",
    "Meeting",
    "Notice",
    "OfficialText",
    "OfficialTextKind",
    "Opinion",
    "Pillar",
    "Question",
    "Rasci",
    "Resolution",
    "Response",
    "Round",
    "SubPillar",
    "SubmissionGuard",
    "TabledPaper",
]
