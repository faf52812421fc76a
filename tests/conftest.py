"""Fixtures every test can use.

`people`    one person per role in two provinces (tests/people.py)
`eager`     tasks run at once, inside the call
`worker`    tasks run in a real worker thread (Redis when given, else the embedded one)
`object_store`, `bucket`, `scanner`  real services, started when first asked for (tests/real_services.py)
Markers `postgres` and `redis` skip a test where that service is not given; `browser` is set by folder.
"""

import gc
import logging
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings

from dgready.breaker import breakers
from dgready.celery import app, embedded_worker
from tests import made_ready
from tests.counters import set_counters_back_after_tests
from tests.early_imports import import_from_own_place
from tests.emptied import empty_instead_of_flush
from tests.migrated import place_migrated_database
from tests.people import People, make_people
from tests.real_services import bucket, object_store, s3_settings, scanner  # noqa: F401
from tests.runs import begin_with_longest, mark_measured
from tests.static_files import link_static_files
from tests.static_listing import share_static_listing

LOOPBACK = ("127.", "::1", "localhost")
STORES = ("default", "evidence", "anchors")
READY = pytest.StashKey[subprocess.Popen[bytes]]()
SERVICE_MARKERS = ("postgres", "redis")
DATABASE_FIXTURES = {"db", "transactional_db"}

hypothesis_settings.register_profile("dgready", deadline=None, database=None, max_examples=60, print_blob=True)
hypothesis_settings.register_profile("thorough", hypothesis_settings.get_profile("dgready"), max_examples=1000)
hypothesis_settings.load_profile(os.environ.get("DGREADY_HYPOTHESIS", "dgready"))


def pytest_configure(config: pytest.Config) -> None:
    """The process that hands out tests to workers has time to make ready what they wait for."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[READY] = made_ready.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import the files of tests, in a whole run."""
    import_from_own_place(session.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser; skip what needs a service that is not here."""
    missing = {
        "postgres": None if os.environ.get("DGREADY_TEST_DATABASE_URL") else "no DGREADY_TEST_DATABASE_URL",
        "redis": None if os.environ.get("DGREADY_TEST_REDIS_URL") else "no DGREADY_TEST_REDIS_URL",
    }
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        mark_measured(item)
        same = item.get_closest_marker("any_database") or not _needs_service(item)
        if same and not item.get_closest_marker("once"):  # each test runs in one of the runs
            item.add_marker("no_database")
    begin_with_longest(items)


def _needs_service(item: pytest.Item) -> bool:
    """Whether a run on another database could end otherwise: anything with a database, a queue or a browser."""
    fixtures = getattr(item, "fixturenames", ())
    markers = ("django_db", "browser", *SERVICE_MARKERS)
    return any(item.get_closest_marker(name) for name in markers) or not DATABASE_FIXTURES.isdisjoint(fixtures)


def pytest_collection_finish() -> None:
    """Let Python's collector of garbage leave out what lives as long as the run: a twelfth of the time went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's own var folder."""
    if (ready := config.stash.get(READY, None)) is not None:
        ready.wait()
    folder = Path(django_settings.VAR_DIR)
    if folder.name.startswith("dgready-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> Iterator[None]:
    """Pages name and get their static files as in production: by content, from the collected folder."""
    link_static_files(Path(django_settings.VAR_DIR))
    with pytest.MonkeyPatch.context() as patch:
        share_static_listing(patch)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> bool:
    """Whether Django finds the test database, migrated, in its place (tests/migrated.py)."""
    with django_db_blocker.unblock():
        return place_migrated_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database, which each test leaves as it was, quickly."""
    empty_instead_of_flush()
    with django_db_blocker.unblock():
        set_counters_back_after_tests()


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"a test tried to reach {address!r}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Each test has stores of its own (local folders)."""
    stores = {name: dict(spec) for name, spec in settings.STORAGES.items()}
    for name in STORES:
        stores[name]["OPTIONS"] = {**stores[name]["OPTIONS"], "location": str(tmp_path / name)}
    settings.STORAGES = stores


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """What one test cached no other test sees, nor that a service of its own was away."""
    yield
    for breaker in breakers():
        breaker.reset()
    cache.clear()


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run at once, inside `delay`; a fault in a task is a fault of the test."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager, app.conf.task_eager_propagates = before


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A worker of the kind the installation would have: of the Redis queue, or the embedded thread."""
    if django_settings.EMBEDDED_WORKER:
        with embedded_worker():
            yield
        return
    from celery.contrib.testing.worker import start_worker

    app.control.purge()
    # A worker puts its own in their place, for the tests after it too.
    level, handlers = logging.root.level, logging.root.handlers[:]
    with start_worker(app, pool="threads", concurrency=1, perform_ping_check=False, shutdown_timeout=20):
        yield
    logging.root.setLevel(level)
    logging.root.handlers[:] = handlers


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    """Whether this run uses PostgreSQL."""
    return connection.vendor == "postgresql"


# -- people ---------------------------------------------------------------------------------------


@pytest.fixture
def people(db: None) -> People:
    """Provinces a and b, agencies a1, a2, b1, and one person per role in each."""
    return make_people()
