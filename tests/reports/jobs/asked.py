"""What is asked for with a job of a kind, for tests that make every kind."""

from __future__ import annotations

from typing import Any

from reports.models import ReportKind
from tests.flow import Flow


def params_of(kind: ReportKind, flow: Flow, plan: dict[str, Any]) -> dict[str, Any]:
    """What a job of that kind is about beside its response."""
    return {"year": flow.round.year} if kind.is_of_nation else plan if kind.is_of_plan else {}
