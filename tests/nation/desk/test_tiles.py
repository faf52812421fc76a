"""The tile map: every province once, at a place of its own, near the others of its region."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from nation.desk.tiles import read_tiles

ROOT = Path(__file__).resolve().parents[3]
NEAR = 2  # columns or rows
COLUMNS = 9  # that a phone has room for


def regions() -> dict[str, str]:
    data = yaml.safe_load((ROOT / "fixtures" / "provinces.yaml").read_text(encoding="utf-8"))
    return {row["code"]: row["region"] for row in data["provinces"]}


def test_76_provinces_have_76_places_and_as_many_short_names() -> None:
    tiles = read_tiles()
    assert tiles.keys() == regions().keys()
    assert len({(tile.column, tile.row) for tile in tiles.values()}) == len(tiles) == 76
    for language in ("th", "en"):
        assert len({tile.short.to(language) for tile in tiles.values()}) == 76
    assert max(tile.column for tile in tiles.values()) == COLUMNS


def test_each_region_hangs_together() -> None:
    """From any province of a region every other of it is reached by steps of two places at most."""
    tiles, region_of = read_tiles(), regions()
    for region in set(region_of.values()):
        waiting = [code for code in tiles if region_of[code] == region]
        reached, seen = [waiting.pop()], 1
        total = len(waiting) + 1
        while reached:
            here = tiles[reached.pop()]
            near = [c for c in waiting if max(abs(tiles[c].column - here.column), abs(tiles[c].row - here.row)) <= NEAR]
            waiting = [code for code in waiting if code not in near]
            reached += near
            seen += len(near)
        assert seen == total, f"{region}: {waiting} lie apart"


def test_the_stylesheet_has_every_column_and_row() -> None:
    css = (ROOT / "static" / "css" / "nation_desk.css").read_text(encoding="utf-8")
    tiles = read_tiles().values()
    wanted = {f".c{tile.column} {{ grid-column: {tile.column}; }}" for tile in tiles}
    wanted |= {f".r{tile.row} {{ grid-row: {tile.row}; }}" for tile in tiles}
    assert wanted <= set(re.findall(r"^\.[cr]\d+ \{[^}]+\}", css, re.MULTILINE))
