"""Models of nation."""

from nation.models.agency_figures import AgencyFigures
from nation.models.bulk import BulkAct, BulkStep
from nation.models.figures import ProvinceFigures
from nation.models.reasons import CodedReason, CodingAct, PickedExample, ReasonCode
from nation.models.releases import Release, ReleasePublication
from nation.models.replies import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow

__all__ = [
    "AgencyFigures",
    "BulkAct",
    "BulkStep",
    "CodedReason",
    "CodingAct",
    "Objection",
    "ObjectionDecision",
    "ObjectionEvidence",
    "PickedExample",
    "ProvinceFigures",
    "ReasonCode",
    "Release",
    "ReleasePublication",
    "ReplyWindow",
]
