"""A round of the made-up year, and a national report made by hand in place of what is counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.roles import Role
from nation.facts.types import NationalReport, Population
from tests.flow import Flow, make_flow
from tests.nation.made_up_report import made_up_report
from tests.people import People

MakeReport = Callable[[Population], NationalReport]


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


@pytest.fixture
def told(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> list[Population]:
    """What reports were asked for; each is the report made by hand."""
    asked: list[Population] = []

    def read(population: Population, **_more: object) -> NationalReport:
        asked.append(population)
        return made_up_report(population=population)

    monkeypatch.setattr("nation.national.queries.read_national", read)
    return asked


@pytest.fixture
def central(people: People, client: Client) -> Client:
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    return client
