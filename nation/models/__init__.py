"""Models of nation."""

from nation.models.figures import ProvinceFigures

__all__ = ["ProvinceFigures"]
