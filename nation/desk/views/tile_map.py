"""The tile map as the template prints it: tiles with colour class, number and words, and the legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dgready.language import reader_language
from dgready.repeated import RepeatedTemplate
from nation.desk.listing import DeskQuery
from nation.desk.rows import DeskRow
from nation.desk.texts import MAP_TITLES
from nation.desk.tiles import read_tiles
from nation.desk.views.cells import address_of_province, band_label

_TILE: Final = "nation/desk/_tile.html"
LEVELS: Final = range(1, 6)
FULL: Final = 100
STEP: Final = 25  # per cent of progress from one shade to the next


def describe_map(rows: Sequence[DeskRow], query: DeskQuery, year: int, labels: Mapping[str, str]) -> dict[str, Any]:
    """The tiles of all provinces, whatever the table leaves out; a province without a place has a row only."""
    shows = _Shown(query.map, labels)
    return {
        "switch": [
            (title, f"?{urlencode(query.parameters(map='' if key == 'level' else key))}", key == query.map)
            for key, title in MAP_TITLES.items()
        ],
        "tiles": SafeString("".join(_render_tiles(rows, year, shows))),
        "legend": shows.legend(),
        "has_estimates": query.map == "level" and any(row.is_estimate for row in rows),
    }


def _render_tiles(rows: Sequence[DeskRow], year: int, shows: _Shown) -> Iterator[str]:
    tiles, language, template = read_tiles(), reader_language(), RepeatedTemplate(_TILE)
    for row in rows:
        tile, province = tiles.get(row.province.code), row.province
        if tile is not None:
            slots = {
                "place": f"c{tile.column} r{tile.row}",
                "url": address_of_province(row, year),
                "short": tile.short.to(language),
                "name": province.name_en if language == "en" and province.name_en else province.name_th,
                **shows.describe(row),
            }
            yield template.render(slots)


class _Shown:
    """What the tiles show: shade (a class), number, and the same in words."""

    def __init__(self, what: str, labels: Mapping[str, str]) -> None:
        self.what, self.labels = what, labels
        self.states = {state: number for number, state in enumerate(labels)}
        self.bands = {band: band_label(band) for band in (0, *LEVELS)}
        self.estimated, self.answered, self.uncounted = _("ประมาณ"), _("ตอบแล้ว %(share)s%%"), _("ยังไม่ได้นับ")

    def describe(self, row: DeskRow) -> dict[str, str]:
        """One tile."""
        if self.what == "state":
            state = self.states[row.state]
            return {"shade": f"pv{state}", "number": str(state), "words": self.labels[row.state]}
        if self.what == "progress":
            if row.counted is None:
                return {"shade": "pv0", "number": "–", "words": self.uncounted}
            share = row.counted.progress
            step = 0 if not share else min(share // STEP + 1, len(LEVELS))
            return {"shade": f"pv{step}", "number": f"{share}%", "words": self.answered % {"share": share}}
        words, number = self.bands[row.band], str(row.band or "–")
        if row.is_estimate:
            return {"shade": f"lv{row.band}", "number": f"≈{number}", "words": f"{words} ({self.estimated})"}
        return {"shade": f"lv{row.band}", "number": number, "words": words}

    def legend(self) -> list[tuple[str, str, str]]:
        """Shade, number and words of each step."""
        if self.what == "state":
            return [(f"pv{number}", str(number), self.labels[state]) for state, number in self.states.items()]
        if self.what == "progress":
            starts = ["0%", *(f"{start or 1}–{start + STEP - 1}%" for start in range(0, FULL, STEP)), f"{FULL}%"]
            return [(f"pv{step}", "", text) for step, text in enumerate(starts)]
        return [(f"lv{band}", str(band or "–"), self.bands[band]) for band in (*LEVELS, 0)]
