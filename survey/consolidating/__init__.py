"""Making one provincial answer out of the contributions of agencies, question by question. PURE."""

from survey.consolidating.compare import Comparison, Given, Line, Offer, Repeat, Row, compare
from survey.consolidating.merge import Choices, Merged, Way, merge, preset, settle, take, unite, ways

__all__ = [
    "Choices",
    "Comparison",
    "Given",
    "Line",
    "Merged",
    "Offer",
    "Repeat",
    "Row",
    "Way",
    "compare",
    "merge",
    "preset",
    "settle",
    "take",
    "unite",
    "ways",
]
