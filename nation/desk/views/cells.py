"""The table of the desk: headings with their links, and rows as texts filled into their template."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models.places import Region
from dgready import thai
from dgready.language import reader_language
from dgready.repeated import RepeatedTemplate
from nation.desk.listing import DeskQuery
from nation.desk.rows import CountedAnswer, DeskRow, RoundStanding
from nation.desk.texts import CONCERN_TITLES
from nation.desk.tiles import read_tiles
from scoring.engine.as_json import format_decimal
from scoring.engine.views.presentation import get_level_name
from scoring.scheme.wording import format_marked

NOTHING: Final = "–"
_ANY_CODE: Final = "TH-00"
_ROW: Final = "nation/desk/_row.html"

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


def interval_text(counted: CountedAnswer) -> str:
    """The 90 % interval of an estimate; empty where there is none."""
    if counted.low is None or counted.high is None:
        return ""
    return f"{format_decimal(counted.low)}–{format_decimal(counted.high)}"


class TableCells:
    """Renders rows in the reader's language; what all rows share is worded once."""

    def __init__(self, year: int, labels: dict[str, str], *, with_rank: bool) -> None:
        self.year, self.labels, self.with_rank = year, labels, with_rank
        self.language, self.zone = reader_language(), timezone.get_current_timezone()
        self.row = RepeatedTemplate(_ROW)
        self.tiles = read_tiles()
        self.regions = {region.value: str(region.label) for region in Region}
        self.concerns = {kind: str(title) for kind, title in CONCERN_TITLES.items()}
        self.days, self.level, self.counted = _("%(days)s วัน"), _("ระดับ %(level)s"), _("นับเมื่อ %(time)s")
        self.closed, self.today = _("ปิดแล้ว"), _("วันนี้")

    def render(self, rows: Iterable[DeskRow]) -> SafeString:
        """The rows as HTML."""
        return SafeString("".join(self.row.render(self._slots(row), self._flags(row)) for row in rows))

    def _flags(self, row: DeskRow) -> dict[str, Hashable]:
        """What only some rows have."""
        counted, official = row.counted, row.official
        return {
            "has_round": row.round is not None,
            "concerns": tuple(self.concerns[concern.kind] for concern in row.concerns),
            "has_estimate": counted is not None and counted.total is not None,
            "has_level": counted is not None and bool(counted.level),
            "is_outdated": counted is not None and counted.is_outdated,
            "has_official_level": official is not None and bool(official.level),
            "is_level_derived": official is not None and official.is_level_derived,
            "with_rank": self.with_rank,
        }

    def _slots(self, row: DeskRow) -> dict[str, Any]:
        """The texts of a row."""
        province, round_, counted, official = row.province, row.round, row.counted, row.official
        tile = self.tiles.get(province.code)
        return {
            "url": address_of_province(row, self.year),
            "name": province.name_en if self.language == "en" and province.name_en else province.name_th,
            "short": tile.short.to(self.language) if tile else province.code,
            "region": self.regions[province.region],
            "kpi": province.kpi_group or NOTHING,
            "state": self.labels[row.state],
            "days": self.days % {"days": round_.days_in_state} if round_ else "",
            "progress": f"{counted.progress}%" if counted else NOTHING,
            "evidence": f"{counted.proven}/{counted.places}" if counted else NOTHING,
            "points": counted.open_points if counted else NOTHING,
            "left": self._left(round_) if round_ else NOTHING,
            "estimate": format_decimal(counted.total) if counted else "",
            "interval": interval_text(counted) if counted else "",
            "level": self._level(counted.level) if counted else "",
            "counted": self.counted % {"time": self._time(counted.counted_at)} if counted else "",
            "official": format_marked(official.score) if official else NOTHING,
            "official_level": self._level(official.level) if official else "",
            "rank": official.rank if official and official.rank else NOTHING,
        }

    def _level(self, level: int | None) -> str:
        return self.level % {"level": level} if level else ""

    def _left(self, round_: RoundStanding) -> str:
        if round_.is_closed:
            return self.closed
        return self.days % {"days": round_.days_left} if round_.days_left else self.today

    def _time(self, moment: datetime) -> str:
        return thai.format_datetime(moment.astimezone(self.zone), self.language, "short")
