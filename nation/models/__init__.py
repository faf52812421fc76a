"""Models of nation."""

from nation.models.figures import ProvinceFigures
from nation.models.reasons import CodedReason, CodingAct, PickedExample, ReasonCode
from nation.models.releases import Release, ReleasePublication

__all__ = [
    "CodedReason",
    "CodingAct",
    "PickedExample",
    "ProvinceFigures",
    "ReasonCode",
    "Release",
    "ReleasePublication",
]
