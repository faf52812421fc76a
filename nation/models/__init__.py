"""Models of nation."""

from nation.models.bulk import BulkAct, BulkStep
from nation.models.figures import ProvinceFigures
from nation.models.replies import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow

__all__ = [
    "BulkAct",
    "BulkStep",
    "Objection",
    "ObjectionDecision",
    "ObjectionEvidence",
    "ProvinceFigures",
    "ReplyWindow",
]
