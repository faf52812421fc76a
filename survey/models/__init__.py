"""What is asked (instrument), by whom and until when (round), and what was answered (response)."""

from survey.models.instrument import Instrument, OfficialText, Pillar, Question, SubPillar
from survey.models.response import Answer, Comment, Event, FrozenResponse, Response
from survey.models.round import Assignment, Rasci, Round

__all__ = [
    "Answer",
    "Assignment",
    "Comment",
    "Event",
    "FrozenResponse",
    "Instrument",
    "OfficialText",
    "Pillar",
    "Question",
    "Rasci",
    "Response",
    "Round",
    "SubPillar",
]
