"""A central admin who gives files to the installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.factories import MembershipFactory
from tests.trial import ROOT, TRIAL

SCHEME = ROOT / "tests/instruments/dg-trial-2570-scheme.yaml"
NEXT_FORM = ROOT / "tests/instruments/dg-trial-2571.yaml"
LINKS = ROOT / "tests/instruments/links/dg-trial-2570-2571.yaml"

Upload = Callable[..., HttpResponse]


def read(path: Path = TRIAL) -> str:
    """A file letter by letter."""
    return path.read_bytes().decode()


@pytest.fixture
def centre(db: None) -> User:
    """Somebody of the centre."""
    return MembershipFactory(role=Role.CENTRAL_ADMIN, province=None, user__first_name="กลาง").user


@pytest.fixture
def signed_in(client: Client, centre: User) -> Client:
    """Their browser."""
    client.force_login(centre)
    return client


@pytest.fixture
def upload(signed_in: Client) -> Upload:
    """upload(text) → the answer to a file that is sent in; `to`: another page's address, with more fields."""

    def send(text: str | bytes, name: str = "form.yaml", to: str = "", **fields: Any) -> HttpResponse:
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile(name, content)
        return signed_in.post(to or reverse("survey:year-files"), {"file": file, **fields})

    return send
