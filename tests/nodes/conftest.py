"""What a drill needs: machines that can be reached, a folder for their databases; skipped where there can be none."""

from __future__ import annotations

import _socket
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.nodes.databases import SETPRIV
from tests.nodes.network import missing, subnet
from tests.proxy import PROGRAM

NEEDED = {"nginx": PROGRAM, "setpriv": SETPRIV, "pg_dump": shutil.which("pg_dump")}


@pytest.fixture
def reachable(_no_outside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machines of a drill are on this one, and their addresses no loopback."""
    if reason := missing() or next((f"{name} is not installed" for name, found in NEEDED.items() if not found), ""):
        pytest.skip(reason)
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
