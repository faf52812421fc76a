"""The kinds of row that the survey's own replayers prove, in the order in which they are compared."""

from __future__ import annotations

from typing import Final

from survey.verifying.answers import AnswerReplayer
from survey.verifying.carried import CarriedReplayer
from survey.verifying.comments import CommentReplayer
from survey.verifying.consolidations import ConsolidationReplayer
from survey.verifying.form_moves import FormReplayer
from survey.verifying.meetings import MeetingReplayer
from survey.verifying.minutes import MinutesReplayer
from survey.verifying.parts import PartReplayer
from survey.verifying.replayer import Replayer
from survey.verifying.rounds import RoundReplayer
from survey.verifying.stand_ins import StandInReplayer
from survey.verifying.steps import StepReplayer
from survey.verifying.versions import VersionReplayer

SURVEY_KINDS: Final[tuple[type[Replayer], ...]] = (
    StepReplayer,
    AnswerReplayer,
    VersionReplayer,
    CommentReplayer,
    ConsolidationReplayer,
    CarriedReplayer,
    PartReplayer,
    RoundReplayer,
    FormReplayer,
    MeetingReplayer,
    MinutesReplayer,
    StandInReplayer,
)
