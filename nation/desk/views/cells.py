"""The table of the desk as texts: one dictionary per row, so that the template only prints."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dgready import thai
from dgready.language import reader_language
from nation.desk.listing import DeskQuery
from nation.desk.rows import CountedAnswer, DeskRow, RoundStanding
from nation.desk.texts import CONCERN_TITLES
from nation.desk.tiles import read_tiles
from scoring.engine.as_json import format_decimal
from scoring.engine.views.presentation import get_level_name
from scoring.scheme.wording import format_marked

NOTHING: Final = "–"
_ANY_CODE: Final = "TH-00"

COLUMNS: Final[tuple[tuple[str, str | Promise, bool], ...]] = (  # sort key, heading, whether it is a number
    ("name", gettext_lazy("จังหวัด"), False),
    ("region", gettext_lazy("ภาค"), False),
    ("kpi", gettext_lazy("กลุ่ม KPI"), True),
    ("state", pgettext_lazy("state", "สถานะ"), False),
    ("progress", gettext_lazy("ความคืบหน้า"), True),
    ("evidence", gettext_lazy("มีหลักฐาน"), True),
    ("points", gettext_lazy("รายการค้าง"), True),
    ("left", gettext_lazy("เหลือเวลา"), True),
    ("estimate", gettext_lazy("คะแนนประมาณ"), True),
    ("official", gettext_lazy("ผลที่ประกาศ"), True),
    ("rank", gettext_lazy("อันดับ"), True),
)


def column_heads(query: DeskQuery) -> list[dict[str, Any]]:
    """The headings with their links; pressing the one that is sorted by turns the order around."""
    heads = []
    for key, label, is_number in COLUMNS:
        if key == "rank" and not query.with_rank:
            continue
        current = query.sort == key
        direction = ("descending" if query.descending else "ascending") if current else ""
        wanted = f"-{key}" if current and not query.descending else key
        link = f"?{urlencode(query.parameters(sort=wanted))}"
        heads.append({"label": label, "link": link, "sorted": direction, "is_number": is_number})
    return heads


def address_of_province(row: DeskRow, year: int) -> str:
    """The page of the province's round of the year, or of its rounds where it has none."""
    pattern = _address_pattern(year if row.round else None)
    return pattern.replace(_ANY_CODE, row.province.code)


@lru_cache(maxsize=64)
def _address_pattern(year: int | None) -> str:
    """Resolved once, since resolving 76 addresses took a third of the page."""
    if year is None:
        return reverse("survey:rounds", args=[_ANY_CODE])
    return reverse("survey:round", args=[_ANY_CODE, year])


def band_label(band: int) -> str:
    """The name of a band."""
    if not band:
        return _("ยังไม่มีระดับ")
    return _("ระดับ %(level)s %(name)s") % {"level": band, "name": get_level_name(band)}


def left_text(round_: RoundStanding) -> str:
    """The time left of a round, short enough for a cell."""
    if round_.is_closed:
        return _("ปิดแล้ว")
    return _("วันนี้") if round_.days_left == 0 else _("%(days)s วัน") % {"days": round_.days_left}


def interval_text(counted: CountedAnswer) -> str:
    """The 90 % interval of an estimate; empty where there is none."""
    if counted.low is None or counted.high is None:
        return ""
    return f"{format_decimal(counted.low)}–{format_decimal(counted.high)}"


class TableCells:
    """Makes the texts of rows in the reader's language; what all rows share is worded once."""

    def __init__(self, year: int, labels: dict[str, str]) -> None:
        self.year, self.labels = year, labels
        self.language = reader_language()
        self.tiles = read_tiles()
        self.concerns = {kind: str(title) for kind, title in CONCERN_TITLES.items()}
        self.days, self.level, self.counted = _("%(days)s วัน"), _("ระดับ %(level)s"), _("นับเมื่อ %(time)s")

    def of(self, row: DeskRow) -> dict[str, Any]:
        """The texts of a row."""
        province, round_, counted, official = row.province, row.round, row.counted, row.official
        tile = self.tiles.get(province.code)
        return {
            "url": address_of_province(row, self.year),
            "name": province.name,
            "short": tile.short.to(self.language) if tile else province.code,
            "region": province.region_label,
            "kpi": province.kpi_group or NOTHING,
            "state": self.labels[row.state],
            "days": self.days % {"days": round_.days_in_state} if round_ else "",
            "concerns": [self.concerns[concern.kind] for concern in row.concerns],
            "progress": f"{counted.progress}%" if counted else NOTHING,
            "evidence": f"{counted.proven}/{counted.places}" if counted else NOTHING,
            "points": counted.open_points if counted else NOTHING,
            "left": left_text(round_) if round_ else NOTHING,
            **self._estimate(counted),
            "official": format_marked(official.score) if official else NOTHING,
            "official_level": self._level(official.level) if official else "",
            "rank": official.rank if official and official.rank else NOTHING,
        }

    def _estimate(self, counted: CountedAnswer | None) -> dict[str, Any]:
        if counted is None or counted.total is None:
            return {"estimate": ""}
        return {
            "estimate": format_decimal(counted.total),
            "interval": interval_text(counted),
            "level": self._level(counted.level),
            "counted": self.counted % {"time": self._time(counted.counted_at)},
            "outdated": counted.is_outdated,
        }

    def _level(self, level: int | None) -> str:
        return self.level % {"level": level} if level else ""

    def _time(self, moment: datetime) -> str:
        return thai.format_datetime(timezone.localtime(moment), self.language, "short")
