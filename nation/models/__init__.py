"""Models of nation."""

from nation.models.bulk import BulkAct, BulkStep
from nation.models.figures import ProvinceFigures

__all__ = ["BulkAct", "BulkStep", "ProvinceFigures"]
