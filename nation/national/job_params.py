"""What a job of the national report is about, as its parameters. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nation.facts.types import Population


def job_params(population: Population) -> dict[str, Any]:
    """The parameters of a job about a population."""
    told = {"group": population.group, "member": population.member, "submitted": population.submitted}
    return {"year": population.year, **{name: value for name, value in told.items() if value}}


def job_population(params: Mapping[str, Any]) -> Population:
    """The population that the parameters of a job tell."""
    return Population(
        year=int(params["year"]),
        group=str(params.get("group", "")),
        member=str(params.get("member", "")),
        submitted=bool(params.get("submitted")),
    )
