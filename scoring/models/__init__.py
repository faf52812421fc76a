"""Database models of scoring: scores that are not computed from answers, scheme versions, plans."""

from scoring.models.external import ExternalScore
from scoring.models.planning import ActionPlan, PlannedAction, Scenario, WorkEffort
from scoring.models.published import Benchmark, OfficialResult
from scoring.models.scheme_version import SchemeVersion

__all__ = [
    "ActionPlan",
    "Benchmark",
    "ExternalScore",
    "OfficialResult",
    "PlannedAction",
    "Scenario",
    "SchemeVersion",
    "WorkEffort",
]
