"""The acts of a play, one after the other."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from demo import province as demo
from demo.play import contributions, ground, people, plan, province, talk
from demo.play.report import report
from demo.play.stage import Outside, Say, Stage
from scoring.scheme import registry
from survey.assigning import actions as assignments
from survey.instrument.queries import instrument_of

MOST: Final = 200  # agencies


def play(
    *, province_code: str, year: int, agencies: int, seed: str, fresh: bool, outside: Outside, say: Say
) -> dict[str, Any]:
    """Plays the year and tells what it did. Raises CannotPlay, and then nothing has happened to the round.

    `fresh` throws away a round that was played before. `outside`: what the pages hand to the actions.
    """
    started = monotonic()
    if not 1 <= agencies <= MOST:
        raise ground.CannotPlay(_("จำนวนหน่วยงานต้องอยู่ระหว่าง 1 ถึง %(most)s") % {"most": MOST})
    stage = _set(province_code, year, agencies, seed, fresh, outside, say)
    talk.remind(stage)
    fates = contributions.give(stage)
    contributions.review(stage, fates)
    province.consolidate(stage)
    province.add_own(stage)
    talk.remark(stage)
    province.endorse(stage)
    province.submit(stage)
    province.send_back(stage)
    province.submit(stage)
    province.approve(stage)
    talk.read_notices(stage)
    return {
        "province": province_code,
        "year": year,
        "agencies": agencies,
        "seed": seed,
        **report(stage.round),
        "seconds": round(monotonic() - started, 1),
    }


@transaction.atomic
def _set(code: str, year: int, number: int, seed: str, fresh: bool, outside: Outside, say: Say) -> Stage:
    """The stage: an open round with its people, agencies and assignments. All of it, or nothing."""
    where = ground.province_of(code)
    instrument = ground.instrument_of_year(year)
    compiled = instrument_of(instrument)
    try:
        registry.scheme_for(compiled)
    except (registry.MissingScheme, registry.FaultyScheme) as fault:
        raise ground.CannotPlay(
            _("ไม่มีเกณฑ์คะแนนของ %(form)s: %(fault)s") % {"form": instrument, "fault": fault}
        ) from fault
    round_ = ground.clear(where, year, fresh=fresh)
    data = demo.load()
    found = ground.agencies_of(where, number, data, plan.named(data["assignments"]))
    try:
        cast = people.cast(where, found)
    except people.TakenError as taken:
        raise ground.CannotPlay(_("อีเมล %(address)s เป็นของผู้ใช้จริง") % {"address": taken}) from taken
    province.end_delegations(where, cast)
    round_ = round_ or ground.opened(where, instrument, cast.admin)
    stage = Stage(round_, found, cast, seed, outside, say)
    entries = plan.entries(stage.compiled, [agency.code for agency in found], data["assignments"])
    done = assignments.apply(by=stage.office, round_=round_, entries=entries, replace=False)
    say(f"{round_}: {len(found)} agencies, {len(done)} assignments")
    return stage
