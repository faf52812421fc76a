"""The course of a simulated year, step by step."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from demo.sample_file import load_sample
from demo.simulation import (
    assignment_plan,
    committee,
    consolidation,
    contributions,
    discussions,
    governor,
    people,
    preparation,
)
from demo.simulation.preparation import CannotSimulate
from demo.simulation.simulation import ActionCallbacks, PrintLine, Simulation
from demo.simulation.summary import summarize_round
from demo.simulation.unassigned import answer_unassigned_questions
from scoring.scheme import registry
from survey.assigning.list_actions import apply_assignment_list
from survey.instrument.queries import compiled_instrument

MAX_AGENCIES: Final = 200  # agencies


def simulate_year(
    *,
    province_code: str,
    year: int,
    agencies: int,
    seed: str,
    fresh: bool,
    callbacks: ActionCallbacks,
    print_line: PrintLine,
) -> dict[str, Any]:
    """Simulates the year and returns counts of what was done. Raises CannotSimulate; the round is then unchanged.

    `fresh` deletes a round that was simulated before. `callbacks`: what views hand to the actions.
    """
    started = monotonic()
    if not 1 <= agencies <= MAX_AGENCIES:
        raise CannotSimulate(_("จำนวนหน่วยงานต้องอยู่ระหว่าง 1 ถึง %(most)s") % {"most": MAX_AGENCIES})
    simulation = _prepare(province_code, year, agencies, seed, fresh, callbacks, print_line)
    discussions.send_reminders(simulation)
    outcomes = contributions.submit_contributions(simulation)
    contributions.review_contributions(simulation, outcomes)
    consolidation.consolidate_answers(simulation)
    answer_unassigned_questions(simulation)
    discussions.comment_on_draft(simulation)
    committee.hold_committee_meeting(simulation)
    governor.submit_response(simulation)
    governor.return_response(simulation)
    governor.submit_response(simulation)
    governor.approve_response(simulation)
    discussions.read_some_notices(simulation)
    return {
        "province": province_code,
        "year": year,
        "agencies": agencies,
        "seed": seed,
        **summarize_round(simulation.round),
        "seconds": round(monotonic() - started, 1),
    }


@transaction.atomic
def _prepare(
    code: str, year: int, agency_count: int, seed: str, fresh: bool, callbacks: ActionCallbacks, print_line: PrintLine
) -> Simulation:
    """Creates an open round with its people, agencies and assignments. All of it, or nothing."""
    province = preparation.require_province(code)
    instrument = preparation.require_instrument(year)
    compiled = compiled_instrument(instrument)
    try:
        registry.get_scheme_for_instrument(compiled)
    except (registry.MissingScheme, registry.FaultyScheme) as error:
        raise CannotSimulate(_("ไม่มีเกณฑ์คะแนนของ %(form)s: %(fault)s") % {"form": instrument, "fault": error}) from error
    round_ = preparation.prepare_round(province, year, fresh=fresh)
    data = load_sample()
    province_agencies = preparation.ensure_agencies(
        province, agency_count, data, assignment_plan.named_agencies(data["assignments"])
    )
    try:
        simulation_people = people.ensure_people(province, province_agencies)
    except people.AddressTaken as error:
        raise CannotSimulate(_("อีเมล %(address)s เป็นของผู้ใช้จริง") % {"address": error}) from error
    governor.revoke_delegations(province, simulation_people)
    round_ = round_ or preparation.open_round(province, instrument, simulation_people.admin)
    simulation = Simulation(round_, province_agencies, simulation_people, seed, callbacks, print_line)
    entries = assignment_plan.simulated_assignments(
        simulation.instrument, [agency.code for agency in province_agencies], data["assignments"]
    )
    applied = apply_assignment_list(by=simulation.secretary, round_=round_, entries=entries, replace=False)
    print_line(f"{round_}: {len(province_agencies)} agencies, {len(applied)} assignments")
    return simulation
