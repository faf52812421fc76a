"""Models of nation."""

from nation.models.figures import ProvinceFigures
from nation.models.replies import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow

__all__ = ["Objection", "ObjectionDecision", "ObjectionEvidence", "ProvinceFigures", "ReplyWindow"]
