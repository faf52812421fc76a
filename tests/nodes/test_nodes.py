"""Two web machines, two workers and two databases in namespaces of their own: whatever is killed, nothing is lost."""

from __future__ import annotations

import _socket
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.at_work import make_worker_trial
from tests.installation import _database_url
from tests.nodes.cluster import cluster
from tests.nodes.databases import SETPRIV
from tests.nodes.drill import Drill
from tests.nodes.network import missing, subnet
from tests.proxy import PROGRAM

WITHOUT = missing() or next(
    (
        f"{name} is not installed"
        for name, found in (("nginx", PROGRAM), ("setpriv", SETPRIV), ("pg_dump", shutil.which("pg_dump")))
        if not found
    ),
    "",
)
pytestmark = [
    pytest.mark.slow, pytest.mark.once, pytest.mark.postgres, pytest.mark.redis,
    pytest.mark.skipif(bool(WITHOUT), reason=WITHOUT or "-"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _reachable(_no_outside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machines of the drill are on this one, and its own addresses no loopback."""
    refused = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_INET and str(address[0]).startswith(f"{subnet()}."):
            return _socket.socket.connect(self, address)
        return refused(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's own user may look into."""
    with tempfile.TemporaryDirectory(prefix="dgready-nodes-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_whatever_is_killed_nothing_is_lost(transactional_db: None, folder: Path) -> None:
    trials = [make_worker_trial() for _ in range(3)]
    with cluster(folder, _database_url()) as at:
        outcome = Drill(at).run(trials)
    print(f"\n{outcome.report()}\nprocessor seconds: {sum(os.times()[2:4]):.0f}")
    assert outcome.faults == [], outcome.report()
