"""The demonstration in a browser: made once, its pages measured, then six journeys through it."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from survey.models import Round
from tests.browser.demonstration.journeys import six_journeys
from tests.browser.demonstration.sizes import pages_fit_a_phone

Open = Callable[..., Page]


@pytest.fixture
def round_(transactional_db: None, settings: Any) -> Round:
    """The round of `make demo`."""
    settings.DEMO = True
    call_command("demo", stdout=StringIO())
    return Round.objects.select_related("province", "instrument").latest("year")


def test_its_pages_and_journeys(round_: Round, open_page: Open) -> None:
    pages_fit_a_phone(round_, open_page)
    six_journeys(round_, open_page)
