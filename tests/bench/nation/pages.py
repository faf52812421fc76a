"""The main pages by who opens them: addresses of one province's newest year, and of the centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from accounts.models import Agency, Membership, Province, User
from accounts.roles import Role
from survey.models import Answer, Meeting, Response, Round
from tests.bench.nation.seed import CENTRE

HEAVY_ITEM = "P4.1"  # its card is a table with numbers


@dataclass(frozen=True, slots=True)
class Page:
    """A page that somebody opens. `national`: it is about all provinces, so another limit holds for it."""

    name: str
    path: str
    reader: User
    national: bool = False


@dataclass
class Places:
    """What the addresses are about: the province whose years were played, its newest year, its first agency."""

    year: int
    province: Province = field(init=False)

    def __post_init__(self) -> None:
        first = Round.objects.filter(year=self.year).order_by("pk")[0]
        self.province = first.province

    @cached_property
    def response(self) -> Response:
        """The provincial answer that is at work."""
        rows = Response.objects.select_related("round__province", "round__instrument")
        return rows.get(round__province=self.province, round__year=self.year, agency=None)

    @cached_property
    def agency(self) -> Agency:
        """An agency that answers."""
        return Agency.objects.filter(province=self.province).order_by("pk")[0]

    @cached_property
    def contribution(self) -> Response:
        """Its contribution."""
        return Response.objects.get(round=self.response.round, agency=self.agency)

    @cached_property
    def meeting(self) -> Meeting:
        """The committee's meeting of the year."""
        return Meeting.objects.filter(round=self.response.round).order_by("pk")[0]

    def who(self, role: Role) -> User:
        """The province's person of a role; of coordinators that of the agency."""
        held = Membership.objects.filter(role=role, province=self.province, valid_from=None, valid_to=None)
        if role is Role.COORDINATOR:
            held = held.filter(agency=self.agency)
        return held.order_by("pk").select_related("user")[0].user

    @cached_property
    def centre(self) -> User:
        """The centre's administrator."""
        return User.objects.get(email=CENTRE)

    @cached_property
    def busiest_item(self) -> str:
        """The question with the longest history in the contribution."""
        rows = Answer.objects.filter(response=self.contribution).order_by("-revision", "pk")
        return str(rows.values_list("question__item_id", flat=True)[0])

    @cached_property
    def section(self) -> str:
        """The section of the form with the heavy item."""
        return self.response.round.instrument.questions.get(item_id=HEAVY_ITEM).section


def main_pages(places: Places) -> Iterator[Page]:
    """Every main page, of the province first."""
    yield from _of_secretariat(places)
    yield from _of_others(places)
    yield from _of_centre(places)


def _of_secretariat(places: Places) -> Iterator[Page]:
    reader = places.who(Role.SECRETARIAT)
    pk, code, year = places.response.pk, places.province.code, places.year

    def page(name: str, url: str, *args: Any) -> Page:
        return Page(name, reverse(url, args=args), reader)

    yield page("first page", "survey:home")
    yield page("year of a province", "survey:round", code, year)
    yield page("form", "survey:fill", pk, places.section)
    yield page("check", "survey:check", pk)
    yield page("consolidation", "survey:consolidate", pk)
    yield page("consolidation of a question", "survey:consolidate-item", pk, HEAVY_ITEM)
    yield page("board", "survey:board", code, year)
    yield page("parts waiting", "survey:parts-waiting", code, year)
    yield page("assignments", "survey:assignments", code, year)
    yield page("evidence", "evidence:listing", pk)
    yield page("library", "evidence:library", code)
    yield page("score", "scoring:score", pk)
    yield page("years", "scoring:years", pk)
    yield page("what-if", "scoring:whatif", pk)
    yield page("journal of an answer", "survey:journal", pk)
    yield page("journal of a province", "survey:province-journal", code)
    yield page("history of a question", "survey:history", places.contribution.pk, places.busiest_item)
    yield page("remarks", "survey:threads", pk)
    yield page("notices", "survey:notices")
    yield page("meeting", "survey:meeting", code, year, places.meeting.pk)
    yield page("papers", "reports:list", pk)
    yield page("files asked for", "reports:jobs")


def _of_others(places: Places) -> Iterator[Page]:
    code, year = places.province.code, places.year
    coordinator = places.who(Role.COORDINATOR)
    yield Page("desk of an agency", reverse("survey:desk", args=[code, year]), coordinator)
    section = places.section
    yield Page("form of an agency", reverse("survey:fill", args=[places.contribution.pk, section]), coordinator)
    governor = places.who(Role.GOVERNOR)
    yield Page("brief of the governor", reverse("survey:brief", args=[places.response.pk]), governor)
    yield Page("answers to read", reverse("survey:answers", args=[places.response.pk]), governor)
    admin = places.who(Role.PROVINCE_ADMIN)
    yield Page("people of a province", reverse("accounts:people", args=[code]), admin)
    yield Page("agencies of a province", reverse("accounts:agencies", args=[code]), admin)


def _of_centre(places: Places) -> Iterator[Page]:
    """The centre's: of the newest year where it is at work, of the year before where it is reported."""
    year, told = places.year, places.year - 1

    def page(name: str, url: str, *args: Any) -> Page:
        return Page(name, reverse(url, args=args), places.centre, national=True)

    yield page("centre: first page", "survey:home")
    yield page("centre: desk", "nation:desk", year)
    yield page("centre: acts", "nation:acts", year)
    yield page("centre: national report", "nation:report", told)
    yield page("centre: a section of it", "nation:report-section", told, "1")
    yield page("centre: reasons", "nation:reasons", told)
    yield page("centre: examples", "nation:examples", told)
    yield page("centre: releases", "nation:releases", told)
    yield page("centre: replies", "nation:replies", told)
    yield page("centre: provinces", "accounts:provinces")
    yield page("centre: people", "accounts:central-people")
    yield page("centre: letters", "survey:letters")
    yield page("centre: year files", "survey:year-files")
    yield page("centre: state of the system", "reports:system")
