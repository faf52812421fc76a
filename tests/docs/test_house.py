"""docs/house.md: its table of rooms is the order that the walls hold, and each place that it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_walls import ROOMS, ROOT

HOUSE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
ROOM_ROW = re.compile(r"^\| (\w*) ?\| (`[^|]*) \|", re.MULTILINE)
PLACE = re.compile(r"`([\w./]+(?:\.(?:py|html|js|css|yaml)|/))`")


def section(title: str) -> str:
    """What stands below a heading."""
    return HOUSE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def missing(row: str, root: Path = ROOT) -> Iterator[str]:
    """Places of a row that are not there. Each is named from the root, or from where those before it lie."""
    folders = [root]
    for name in PLACE.findall(row):
        found = next((folder / name for folder in folders if (folder / name).exists()), None)
        if found is None:
            yield name
        else:
            folders += [found, *found.parents]


def test_the_table_of_rooms_is_the_order_of_the_walls() -> None:
    found: dict[str, tuple[str, ...]] = {}
    app = ""
    for named, rooms in ROOM_ROW.findall(section("Rooms")):
        app = named or app
        found[app] = (*found.get(app, ()), *re.findall(r"`(\w+)(?:/|\.py)`", rooms))
    assert found == ROOMS


def test_where_things_happen_is_there() -> None:
    rows = [row for row in section("Where things happen").splitlines() if row.startswith("| ")]
    assert len(rows) > 50
    assert [(name, row[:60]) for row in rows for name in missing(row)] == []
    assert list(missing("| a | `survey/answering/actions.py`, `nobody.py` |")) == ["nobody.py"]
