"""Rounds of the made-up year in many provinces, with figures kept of each, written in bulk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Province
from nation.models import ProvinceFigures
from survey.models import Instrument, Response, Round
from tests.nation.facts.worlds import answers, contributions
from tests.trial import compiled_instrument

APPROVED = Response.State.APPROVED
REGIONS = ("north", "south")


def make_nation(instrument: Instrument, provinces: int, state: str = APPROVED) -> list[Response]:
    """So many provinces whose answers are in that state, and what was counted of them."""
    form, today = compiled_instrument(instrument), timezone.localdate()
    found = list(contributions(form, answers(form, provinces)).values())
    made = [
        Province.objects.get_or_create(
            code=f"TH-{n:02}", defaults={"name_th": f"จังหวัด {n}", "name_en": f"P {n}", "region": REGIONS[n % 2]}
        )[0]
        for n in range(provinces)
    ]
    days = ("opens_on", "agency_due", "committee_on", "period_from", "period_to")
    more: dict[str, Any] = {**dict.fromkeys(days, today), "closes_at": timezone.now() + timedelta(days=9)}
    rounds = [Round.objects.create(province=one, instrument=instrument, year=instrument.year, **more) for one in made]
    responses = [Response.objects.create(round=round_, state=state) for round_ in rounds]
    levels = {"levels": {"total": 2, "1": 3, "2": 1}, "official": []}
    ProvinceFigures.objects.bulk_create(
        ProvinceFigures(
            response=response,
            province=response.round.province,
            year=instrument.year,
            version=0,
            state=state,
            counted_at=timezone.now(),
            facts=facts | levels,
        )
        for response, facts in zip(responses, found, strict=True)
    )
    return responses
