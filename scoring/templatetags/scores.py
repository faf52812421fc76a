"""Template filters: scores with two places, counts as people write them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext

from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.scheme.wording import ORIGIN_NAMES, format_marked, origin_mark

register = template.Library()


@register.filter
def score(value: Decimal | None) -> str:
    """Two places with the mark of a figure that is not official, or a dash."""
    return format_marked(value)


@register.filter
def signed(value: Decimal | None) -> str:
    """A difference with its sign and two places, or a dash."""
    if value is None:
        return "–"
    return f"{round_score(value):+.2f}".replace("-", "−") if round_score(value) else "0.00"


@register.filter
def amount(value: Decimal | int | None) -> str:
    """A count or number without needless places, with the mark of a score that is not official, or a dash."""
    mark = origin_mark(value) if isinstance(value, Decimal) else ""
    return f"{format_number(value)} {mark}".rstrip()


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
