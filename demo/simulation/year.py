"""The acts of a play, one after the other."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from demo import province as demo
from demo.simulation import assignment_plan as plan
from demo.simulation import contributions, people
from demo.simulation import discussions as talk
from demo.simulation import preparation as ground
from demo.simulation import provincial as province
from demo.simulation.simulation import ActionCallbacks, PrintLine, Simulation
from demo.simulation.summary import summarize_round
from scoring.scheme import registry
from survey.assigning.list_actions import apply_assignment_list
from survey.instrument.queries import compiled_instrument

MAX_AGENCIES: Final = 200  # agencies


def simulate_year(
    *, province_code: str, year: int, agencies: int, seed: str, fresh: bool, outside: ActionCallbacks, say: PrintLine
) -> dict[str, Any]:
    """Plays the year and tells what it did. Raises CannotPlay, and then nothing has happened to the round.

    `fresh` throws away a round that was played before. `outside`: what the pages hand to the actions.
    """
    started = monotonic()
    if not 1 <= agencies <= MAX_AGENCIES:
        raise ground.CannotSimulate(_("จำนวนหน่วยงานต้องอยู่ระหว่าง 1 ถึง %(most)s") % {"most": MAX_AGENCIES})
    stage = _prepare(province_code, year, agencies, seed, fresh, outside, say)
    talk.send_reminders(stage)
    fates = contributions.submit_contributions(stage)
    contributions.review_contributions(stage, fates)
    province.consolidate_answers(stage)
    province.answer_unassigned_questions(stage)
    talk.comment_on_draft(stage)
    province.hold_committee_meeting(stage)
    province.simulate_submission(stage)
    province.simulate_return(stage)
    province.simulate_submission(stage)
    province.simulate_approval(stage)
    talk.read_some_notices(stage)
    return {
        "province": province_code,
        "year": year,
        "agencies": agencies,
        "seed": seed,
        **summarize_round(stage.round),
        "seconds": round(monotonic() - started, 1),
    }


@transaction.atomic
def _prepare(
    code: str, year: int, number: int, seed: str, fresh: bool, outside: ActionCallbacks, say: PrintLine
) -> Simulation:
    """The stage: an open round with its people, agencies and assignments. All of it, or nothing."""
    where = ground.require_province(code)
    instrument = ground.require_instrument(year)
    compiled = compiled_instrument(instrument)
    try:
        registry.get_scheme_for_instrument(compiled)
    except (registry.MissingScheme, registry.FaultyScheme) as fault:
        raise ground.CannotSimulate(
            _("ไม่มีเกณฑ์คะแนนของ %(form)s: %(fault)s") % {"form": instrument, "fault": fault}
        ) from fault
    round_ = ground.prepare_round(where, year, fresh=fresh)
    data = demo.load_sample()
    found = ground.ensure_agencies(where, number, data, plan.named_agencies(data["assignments"]))
    try:
        cast = people.ensure_people(where, found)
    except people.AddressTaken as taken:
        raise ground.CannotSimulate(_("อีเมล %(address)s เป็นของผู้ใช้จริง") % {"address": taken}) from taken
    province.revoke_delegations(where, cast)
    round_ = round_ or ground.open_round(where, instrument, cast.admin)
    stage = Simulation(round_, found, cast, seed, outside, say)
    entries = plan.simulated_assignments(stage.compiled, [agency.code for agency in found], data["assignments"])
    done = apply_assignment_list(by=stage.office, round_=round_, entries=entries, replace=False)
    say(f"{round_}: {len(found)} agencies, {len(done)} assignments")
    return stage
