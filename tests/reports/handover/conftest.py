"""A response with evidence of every kind, its files in the store and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.handover.binder import write_binder
from reports.handover.gathering import gather_package
from reports.handover.package import Package, Scope
from survey.models import Response
from tests.evidence.conftest import World, build


@pytest.fixture
def world(db: None) -> World:
    """The world of evidence."""
    return build()


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def bound(tmp_path: Path) -> Callable[..., tuple[Package, Path]]:
    """Makes the binder of a response."""

    def make(response: Response, scope: Scope = Scope(), language: str = "th") -> tuple[Package, Path]:  # noqa: B008
        response.refresh_from_db()
        package = gather_package(response, scope, language)
        path = tmp_path / "binder.pdf"
        write_binder(package, path, quiet)
        return package, path

    return make
