"""A province with a round of the compact form of 2559, which each of its agencies answers for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Province, User
from accounts.roles import Role
from survey.answering import actions as answering
from survey.answering.channel import record_channel
from survey.answering.opening import ensure_response
from survey.contributing.whole_form import hand_in_whole_form
from survey.instrument.queries import questions_by_item_id
from survey.journal.actions import lock_response
from survey.models import Channel, Instrument, Response, Round
from survey.rounds.actions import open_round
from tests.factories import AgencyFactory, MembershipFactory
from tests.kept_worlds import kept
from tests.people import People
from tests.trial import ROOT, publish

FORM_FILE = ROOT / "fixtures/instruments/eg-components-2559.yaml"
CODES = ("PO", "SOCIAL-SECURITY", "BUSINESS", "INDUSTRY", "AGRI-EXT", "REVENUE", "TOURISM")


@dataclass
class AgencyWorld:
    """`coordinators` by code of their agency; `other` is an agency of a kind that the year does not ask."""

    people: People
    round: Round
    agencies: dict[str, Agency]
    coordinators: dict[str, User]
    other: Agency

    @property
    def province(self) -> Province:
        """Province a."""
        return self.people.a

    def fill(self, code: str, score: int, *, without: Iterable[str] = ()) -> Response:
        """The agency gives itself that score everywhere, but in the components `without`."""
        user = self.coordinators[code]
        response = ensure_response(by=user, round_=self.round, agency=self.agencies[code])
        for item, question in questions_by_item_id(self.round.instrument).items():
            if item.removeprefix("E") not in without:
                given = {"value": {item: str(score)}, "base_revision": 0}
                answering.save_answer(by=user, response=response, question=question, **given)
        return response

    def answer(self, code: str, score: int, channel: str = Channel.ONLINE) -> Response:
        """The agency fills everything and hands it in."""
        response = self.fill(code, score)
        with transaction.atomic():
            record_channel(by=self.coordinators[code], response=lock_response(response.pk), channel=Channel(channel))
        hand_in_whole_form(by=self.coordinators[code], round_=self.round, agency=self.agencies[code])
        return response


def round_dates(form: Instrument) -> dict[str, Any]:
    """Dates of a round that is open now."""
    today = timezone.localdate()
    return {
        "period_from": form.period_from,
        "period_to": form.period_to,
        "opens_on": today,
        "agency_due": today + timedelta(days=7),
        "committee_on": today + timedelta(days=14),
        "closes_at": timezone.now() + timedelta(days=21),
    }


@kept
def make_agency_world(people: People) -> AgencyWorld:
    """Opens the round in province a, which has an agency of every kind but tourism, and one of no asked kind."""
    form = publish(FORM_FILE)
    agencies = {code: AgencyFactory(province=people.a, code=code) for code in CODES[:-1]}
    coordinators = {
        code: MembershipFactory(role=Role.COORDINATOR, agency=agency).user for code, agency in agencies.items()
    }
    other = AgencyFactory(province=people.a, code="ZOO")
    round_ = open_round(
        by=people.who(Role.CENTRAL_ADMIN), province=people.a, instrument=form, dates=round_dates(form), guards=()
    )
    return AgencyWorld(people, round_, agencies, coordinators, other)
