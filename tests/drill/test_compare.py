"""The comparison of the drill names whatever is not the same."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.drill.compare import Rows, differences
from tests.drill.people import Acknowledged

CONTENT, TEXT = b"file", hashlib.sha256(b"text").hexdigest()
ROWS = Rows(
    heads={"1": "h2"},
    events={(1, 1): "h1", (1, 2): "h2"},
    frozen={"v": TEXT},
    contents={"v": TEXT},
    revisions={(1, "T1"): 2},
    files={"a": hashlib.sha256(CONTENT).hexdigest()},
)
SAVED = [Acknowledged(0, 1, "T1", 2)]


class Missing(Exception):
    """What the client of a bucket raises."""


def bucket(**contents: bytes) -> Any:
    """A bucket that holds these."""

    def get(key: str) -> Any:
        name = key.removeprefix("evidence/")
        if name not in contents:
            raise Missing
        return {"Body": SimpleNamespace(read=lambda: contents[name])}

    client = SimpleNamespace(exceptions=SimpleNamespace(NoSuchKey=Missing))
    return SimpleNamespace(
        meta=SimpleNamespace(client=client), Object=lambda key: SimpleNamespace(get=lambda: get(key))
    )


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """The heads that a manifest names."""
    named = {"responses": ROWS.heads, "frozen": ROWS.frozen}
    (tmp_path / "heads.json.gz").write_bytes(gzip.compress(json.dumps(named).encode()))
    return tmp_path


def test_nothing_is_said_of_what_is_the_same(backup: Path) -> None:
    later = replace(ROWS, events={**ROWS.events, (1, 3): "h3"})  # people went on
    assert list(differences(backup, later, ROWS, bucket(a=CONTENT), SAVED)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"heads": {"1": "h1"}}, "heads of the journals"),
        ({"events": {(1, 1): "hx", (1, 2): "h2"}}, r"event \(1, 1\)"),
        ({"frozen": {}, "contents": {}}, "approved versions"),
        ({"contents": {"v": "0"}}, "what their hashes say"),
        ({"revisions": {(1, "T1"): 1}}, "acknowledged save is lost"),
        ({"files": {"b": "0"}}, "file b is lost"),
        ({"files": {"a": "0"}}, "file a is altered"),
    ],
)
def test_each_difference_is_named(backup: Path, changed: dict[str, Any], said: str) -> None:
    found = list(differences(backup, ROWS, replace(ROWS, **changed), bucket(a=CONTENT), SAVED))
    with pytest.raises(AssertionError, match=said):
        assert not found, "; ".join(found)
