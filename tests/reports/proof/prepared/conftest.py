"""The prepared year of the proof's tests: built once for the folder, each test on a savepoint of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction

from tests.assigned import Assigned
from tests.counters import counters_from_here
from tests.reports.proof.prepared.world import LINKS, make_world


def _stores(folder: Path) -> dict[str, Any]:
    stores = {name: dict(spec) for name, spec in django_settings.STORAGES.items()}
    for name in ("default", "evidence"):
        stores[name]["OPTIONS"] = {**stores[name]["OPTIONS"], "location": str(folder / name)}
    return stores


@pytest.fixture(scope="package")
def prepared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Assigned, Path]]:
    """The year and the folder of its files."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("proof")
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=_stores(folder), LINK_DIRS=[LINKS]),
        transaction.atomic(),
    ):
        world = make_world(folder)
        with counters_from_here():
            yield world, folder
        transaction.set_rollback(True)


@pytest.fixture
def year(prepared: tuple[Assigned, Path], settings: Any, tmp_path: Path, django_db_blocker: Any) -> Iterator[Assigned]:
    """The year with stores of its own, on a savepoint that is rolled back."""
    world, folder = prepared
    for name in ("default", "evidence"):
        if (folder / name).is_dir():
            shutil.copytree(folder / name, tmp_path / name, dirs_exist_ok=True)
    settings.STORAGES = _stores(tmp_path)
    settings.LINK_DIRS = [LINKS]
    with django_db_blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)
