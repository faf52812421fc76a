"""A nation for tests of bulk acts: provinces with or without rounds of the made-up year, and the centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from nation.bulk import actions
from nation.models import BulkAct
from survey.models import Round
from tests.factories import MembershipFactory, ProvinceFactory
from tests.flow import end_of
from tests.trial import make_trial, publish


@dataclass
class Nation:
    """`centre` acts; `year` is that of the published form."""

    centre: User
    year: int
    provinces: list[Province]

    @property
    def codes(self) -> list[str]:
        return [province.code for province in self.provinces]

    def draft(self, kind: str, codes: list[str] | None = None, **params: Any) -> BulkAct:
        return actions.draft_act(
            by=self.centre, kind=kind, year=self.year, codes=self.codes if codes is None else codes, params=params
        )

    def do(self, act: BulkAct) -> BulkAct:
        actions.start_act(by=self.centre, act=act, digest=act.digest)
        return BulkAct.objects.get(pk=act.pk)

    def round(self, number: int) -> Round:
        return Round.objects.get(province=self.provinces[number], year=self.year)


def make_nation(count: int, *, opened: int = 0) -> Nation:
    """`count` provinces with a secretary each; the first `opened` have a round that closes in twenty days."""
    form = publish()
    provinces = [ProvinceFactory() for _ in range(count)]
    for number, province in enumerate(provinces):
        if number < opened:
            make_trial(province=province, closes_at=end_of(timezone.localdate() + timedelta(days=20)))
        else:
            MembershipFactory(role=Role.SECRETARIAT, province=province)
    centre = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    return Nation(centre, form.year, provinces)


def opening_dates(days: int = 30) -> dict[str, str]:
    """Dates of a round that closes in so many days, as the form gives them."""
    today = timezone.localdate()
    names = {"opens_on": 0, "agency_due": days // 3, "committee_on": days // 2}
    dates = {name: (today + timedelta(days=shift)).isoformat() for name, shift in names.items()}
    return {**dates, "closes_at": end_of(today + timedelta(days=days)).isoformat()}


def later(days: int) -> str:
    """The end of a day to come, as the form gives it."""
    return end_of(timezone.localdate() + timedelta(days=days)).isoformat()
