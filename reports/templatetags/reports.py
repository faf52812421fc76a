"""Template filters of reports: numbers as printed, what a person may do with a job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from dgready.language import localize_text
from reports.access import manages_job, may_cancel_job
from reports.jobs import addresses
from reports.models import Job
from scoring.headline.sentence import format_chance
from scoring.scheme.wording import format_marked

register = template.Library()

_TOGETHER = re.compile(r"วันที่( [0-9๐-๙]+)?|พ\.ศ\. [0-9๐-๙]+")


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
def chance(value: Decimal | None) -> str:
    """A probability of 0 to 1 as people say it, in the language of the paper; a dash for none."""
    return "–" if value is None else localize_text(format_chance(value))


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


@register.filter
def bar_width(value: Decimal | None, full: int) -> str:
    """How long the bar of a score of 0 to 100 is where 100 is `full`."""
    return f"{float(value or 0) * full / 100:.1f}"


@register.filter
def cancellable_by(job: Job, user: User) -> bool:
    """Whether a person may take back what still waits or runs; the job as reports.jobs.queries.with_reader gives it."""
    return job.is_active and not (job.reader_left and not manages_job(user, job)) and may_cancel_job(user, job)


@register.filter
def files_address(job: Job) -> str:
    """The page where a job's file was asked for."""
    return addresses.files_address(job)


@register.filter
def kept_together(text: str) -> SafeString:
    """A text whose dates no line breaks within a word: the line breaker parts วันที่, and พ.ศ. from its year."""
    # The text is escaped first; only spans are added.
    return mark_safe(_TOGETHER.sub(r'<span class="unbroken">\g<0></span>', conditional_escape(text)))
