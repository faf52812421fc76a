"""Fixtures every test can use."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

LOOPBACK = ("127.", "::1", "localhost")


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
    storages = {name: dict(spec) for name, spec in settings.STORAGES.items()}
    for name in ("default", "evidence"):
        storages[name]["OPTIONS"] = {**storages[name]["OPTIONS"], "location": str(tmp_path / name)}
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """What one test cached no other test sees."""
    yield
    cache.clear()
