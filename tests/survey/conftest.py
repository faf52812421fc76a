"""Fixtures of the survey's tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from survey.models import Response
from tests.flow import Flow, make_flow
from tests.people import People
from tests.trial import REAL


@pytest.fixture
def flow(people: People) -> Flow:
    """A draft of province a for the made-up year 2570, with everybody of the province."""
    return make_flow(people)


@pytest.fixture
def real(people: People) -> Flow:
    """Province a's draft for the real form, some of it answered."""
    flow = make_flow(people, REAL)
    flow.save("P1.1", {"P1.1": "none"}, unsure=True, note="ขอตรวจกับแผน")
    flow.save("P1.3", {"P1.3": "done"})
    return flow


@pytest.fixture
def ask(client: Client) -> Callable[..., HttpResponse]:
    """ask(user, "brief", response) → the page; with `data` a POST."""

    def asked(
        user: User, name: str, response: Response, *args: Any, data: dict[str, Any] | None = None, **more: Any
    ) -> HttpResponse:
        client.force_login(user)
        url = reverse(f"survey:{name}", args=[response.pk, *args])
        return client.get(url, **more) if data is None else client.post(url, data, **more)

    return asked
