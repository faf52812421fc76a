"""The parts of a simulated year: the assignments that each agency answers."""

from __future__ import annotations

from accounts.models import Agency
from demo.simulation.simulation import Simulation
from survey.assigning import queries as parts
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.models import Assignment


def questions_of_part(simulation: Simulation, part: Assignment) -> tuple[str, ...]:
    """The questions of a part."""
    return covered_questions(simulation.instrument, _target(simulation, part))


def _target(simulation: Simulation, part: Assignment) -> AssignmentTarget:
    return parts.assignment_target(simulation.round.instrument, part)


def draw_key(simulation: Simulation, part: Assignment) -> tuple[int, str]:
    """What names a part when drawing by chance, whatever its database key."""
    return simulation.agency_numbers[part.agency_id], str(_target(simulation, part))


def parts_by_agency(simulation: Simulation) -> dict[int, list[Assignment]]:
    """What each agency of the simulation answers, in the order of the form."""
    rows = Assignment.objects.filter(
        round=simulation.round, role__in=parts.ANSWERING_ROLES, agency__in=simulation.agency_numbers
    )
    agency_parts: dict[int, list[Assignment]] = {agency.pk: [] for agency in simulation.agencies}
    for part in parts.sort_assignments(
        simulation.round.instrument, rows.select_related("agency", "suggested", "state_by")
    ):
        part.round = simulation.round
        agency_parts[part.agency_id].append(part)
    return agency_parts


def agencies_with_parts(simulation: Simulation) -> list[tuple[Agency, list[Assignment]]]:
    """The agencies in order, each with what it answers."""
    agency_parts = parts_by_agency(simulation)
    return [(agency, agency_parts[agency.pk]) for agency in simulation.agencies]


def next_agency(simulation: Simulation, part: Assignment) -> Agency | None:
    """The next agency that has nothing to do with what the part is about, in any role."""
    target = _target(simulation, part)
    columns = parts.target_columns(simulation.round.instrument, target)
    involved = set(Assignment.objects.filter(round=simulation.round, **columns).values_list("agency", flat=True))
    start = simulation.agency_numbers[part.agency_id] + 1
    return next((a for a in (*simulation.agencies[start:], *simulation.agencies[:start]) if a.pk not in involved), None)
