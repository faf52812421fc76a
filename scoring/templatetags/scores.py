"""Template filters: scores with two places, counts as people write them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext

from dgready.language import localize_text
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.headline.sentence import format_interval
from scoring.kpi.types import KpiResult
from scoring.scheme.wording import ORIGIN_NAMES, format_marked, origin_mark
from scoring.uncertainty.summary import Interval

register = template.Library()


@register.filter
def score(value: Decimal | None) -> str:
    """Two places with the mark of a figure that is not official, or a dash."""
    return format_marked(value)


@register.filter
def interval(value: Interval | None) -> str:
    """A likely interval with two places, or a dash."""
    return "–" if value is None else format_interval(value)


@register.filter
def signed(value: Decimal | str | None) -> str:
    """A difference with its sign and two places, or a dash; also where a template has none to give."""
    if not isinstance(value, Decimal):
        return "–"
    return f"{round_score(value):+.2f}".replace("-", "−") if round_score(value) else "0.00"


@register.filter
def amount(value: Decimal | int | None) -> str:
    """A count or number without needless places, with the mark of a score that is not official, or a dash."""
    mark = origin_mark(value) if isinstance(value, Decimal) else ""
    return f"{format_number(value)} {mark}".rstrip()


@register.filter
def kpi_points(kpi: KpiResult) -> str:
    """The points of a KPI, or why they cannot be told."""
    return localize_text(kpi.unknown) if kpi.unknown else amount(kpi.points)


@register.filter
def kpi_reading(reading: Decimal | None) -> str:
    """What a part of a KPI reads, or that it cannot be told."""
    return gettext("ยังบอกไม่ได้") if reading is None else amount(reading)


@register.filter
def percent(chance: Decimal | None) -> str:
    """A probability in whole percent, never rounded to certain or impossible, or a dash."""
    if chance is None:
        return "–"
    if 0 < chance < Decimal("0.01"):
        return "< 1 %"
    return f"{int(chance * 100)} %" if chance < 1 else "100 %"


@register.filter
def origin_name(origin: str) -> str:
    """Where a figure comes from, in the reader's language."""
    return str(ORIGIN_NAMES.get(origin, origin))


@register.filter
def source_words(source: str) -> str:
    """Where a figure is published, for readers: a table's note of its source names the report and the place in it."""
    report, _colon, _place = source.partition(":")
    name, _dash, year = report.rpartition("-")
    if name == "national-report":
        return gettext("ที่มา: รายงานผลการสำรวจของ สพร. ปี %(year)s") % {"year": year}
    return gettext("ที่มา: %(source)s") % {"source": source} if source else ""


@register.filter
def thousandths(value: Decimal | None) -> int:
    """A score 0–100 as 0–1000, for drawing."""
    return 0 if value is None else int(value * 10)
