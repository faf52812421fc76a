"""The tile map: where each province lies in the grid, read once per process from fixtures/tiles.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import yaml

from dgready.localized_text import LocalizedText
from scoring.scheme.registry import FIXTURES


class Tile(NamedTuple):
    """The place of a province in the grid, counted from 1, and what is written on a tile too small for its name."""

    column: int
    row: int
    short: LocalizedText


@lru_cache(maxsize=1)
def read_tiles() -> Mapping[str, Tile]:
    """The tiles by code of the province."""
    data = yaml.safe_load((FIXTURES / "tiles.yaml").read_text(encoding="utf-8"))
    return {
        entry["code"]: Tile(column, row, LocalizedText(entry["short_th"], entry["short_en"]))
        for entry in data["tiles"]
        for column, row in [entry["at"]]
    }
