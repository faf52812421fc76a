"""Played years: small ones of the made-up form, kept apart by province."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Province
from survey.models import Instrument
from tests.factories import ProvinceFactory
from tests.trial import publish

Play = Callable[..., dict[str, Any]]
YEAR = "2570"


@pytest.fixture
def trial_form(db: None) -> Instrument:
    """The published form of the made-up year."""
    return publish()


@pytest.fixture
def here(db: None) -> Province:
    """A province that nobody has touched."""
    return ProvinceFactory(code="TH-91", name_th="เอ", name_en="Alpha")


@pytest.fixture
def there(db: None) -> Province:
    """Another one."""
    return ProvinceFactory(code="TH-92", name_th="บี", name_en="Beta")


@pytest.fixture
def play(db: None) -> Play:
    """Runs the command; what it prints on standard output is JSON and nothing else."""

    def run(code: str, *more: str, agencies: int = 3, seed: str = "7", year: str = YEAR) -> dict[str, Any]:
        out, told = StringIO(), StringIO()
        words = ("--province", code, "--year", year, "--agencies", str(agencies), "--seed", seed)
        call_command("play", *words, "--format", "json", *more, stdout=out, stderr=told)
        assert told.getvalue().count("\n") > agencies
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    return run
