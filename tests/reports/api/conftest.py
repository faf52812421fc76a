"""Programs that ask the API with tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.actions.api_tokens import create_api_token
from accounts.models import ApiToken, Province, User
from accounts.queries import api_capabilities
from accounts.roles import Capability

ROOT = "/api/v1/"


@dataclass
class Program:
    """A program with a token."""

    token: ApiToken
    secret: str

    def ask(self, path: str, **headers: str) -> HttpResponse:
        """What the API answers."""
        return Client().get(ROOT + path, headers={"Authorization": f"Bearer {self.secret}", **headers})

    def read(self, path: str, **headers: str) -> Any:
        """What the API tells; it must."""
        answer = self.ask(path, **headers)
        assert answer.status_code == 200, answer.content
        return answer.json()


def program_of(user: User, province: Province, *capabilities: Capability, name: str = "dashboard") -> Program:
    """A program with a token of a person; without `capabilities` with all that it may have."""
    user.forget_grants()
    given = capabilities or tuple(api_capabilities(user)[province.pk])
    return Program(*create_api_token(by=user, province=province, name=name, capabilities=given, days=9))


@pytest.fixture
def program() -> Callable[..., Program]:
    """Makes programs."""
    return program_of
