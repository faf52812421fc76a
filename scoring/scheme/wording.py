"""Names of the origins of numbers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from scoring.scheme.marked import OFFICIAL, origin_of

ORIGIN_NAMES: Mapping[str, Promise] = {
    "official": gettext_lazy("ประกาศแล้ว"),
    "recovered": gettext_lazy("คำนวณย้อนจากผลที่ประกาศ"),
    "assumed": gettext_lazy("ข้อสมมติ"),
    "estimated": gettext_lazy("ประมาณการ"),
    "external": gettext_lazy("จากภายนอก"),
}
# In brief, behind a figure that is not official.
ORIGIN_MARKS: Mapping[str, Promise] = {
    "recovered": gettext_lazy("คำนวณย้อน"),
    "assumed": gettext_lazy("ยังไม่ใช่ผลจริง"),
}
CENT = Decimal("0.01")


def origin_mark(value: Decimal | None) -> str:
    """The mark of a score that is not official, in brackets; nothing for an official one."""
    origin = origin_of(value)
    return "" if origin == OFFICIAL else f"({ORIGIN_MARKS.get(origin, ORIGIN_NAMES[origin])})"


def format_marked(value: Decimal | None) -> str:
    """A score with two places and, when it is not official, its mark; a dash for none."""
    if value is None:
        return "–"
    mark = origin_mark(value)
    text = f"{value.quantize(CENT, ROUND_HALF_UP):f}"
    return f"{text} {mark}" if mark else text
