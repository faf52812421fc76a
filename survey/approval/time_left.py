"""How long a round is still open, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _


def time_left(until: datetime, now: datetime) -> str:
    """The time until the round closes, in the two greatest units; empty when it is over."""
    rest = until - now
    if rest < timedelta(0):
        return ""
    minutes = int(rest.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    unit = "days" if days else "hours" if hours else "minutes"
    return time_left_texts()[unit] % {"days": days, "hours": hours, "minutes": minutes}


def time_left_texts() -> dict[str, str]:
    """What is left in words, by the greatest unit; the page's script fills them in as time goes on."""
    return {
        "days": _("อีก %(days)d วัน %(hours)d ชั่วโมง"),
        "hours": _("อีก %(hours)d ชั่วโมง %(minutes)d นาที"),
        "minutes": _("อีก %(minutes)d นาที"),
    }
