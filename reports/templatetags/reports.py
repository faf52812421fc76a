"""Template filters of reports: numbers as printed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template

from scoring.scheme.wording import format_marked

register = template.Library()


@register.filter
def score(value: Decimal | None) -> str:
    """A score with two places and the mark of a figure that is not official; a dash for none."""
    return format_marked(value)


@register.filter
def signed(value: Decimal | None) -> str:
    """A difference with its sign and two places; a dash for none."""
    if value is None:
        return "–"
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded:+f}".replace("-", "−") if rounded else "0.00"


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without needless zeros; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def at(values: Mapping[Any, Any], key: Any) -> Any:
    """The value at a key; empty when there is none."""
    return values.get(key, "")
