"""Template filters: dates of the Buddhist era in the reader's language."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from dgready import thai
from dgready.language import localize_text, reader_language
from dgready.localized_text import LocalizedText

register = template.Library()

Moment = dt.date | dt.datetime | None


def _language() -> str:
    return reader_language()


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def wording(text: LocalizedText) -> str:
    """A bilingual text in the language of the reader."""
    return localize_text(text)


@register.filter
def thai_date(value: Moment, style: thai.Style = "long") -> str:
    """Day, month and Buddhist-era year; `"short"` abbreviates. Empty for None."""
    return thai.format_date(_local(value), _language(), style) if value else ""


@register.filter
def thai_datetime(value: dt.datetime | None, style: thai.Style = "long") -> str:
    """Date and time in Thailand. Empty for None."""
    if not value:
        return ""
    local = _local(value)
    assert isinstance(local, dt.datetime)
    return thai.format_datetime(local, _language(), style)


@register.filter
def thai_month(value: dt.date | str | None, style: thai.Style = "long") -> str:
    """Month and year of a date or of a stored "YYYY-MM" (common era). Empty for None or ""."""
    if not value:
        return ""
    if isinstance(value, str):
        year, month = value.split("-")[:2]
        return thai.format_month(int(year), int(month), _language(), style)
    local = _local(value)
    return thai.format_month(local.year, local.month, _language(), style)


@register.filter
def be_year(value: dt.date | int | None) -> str:
    """Buddhist-era year of a date, or of a common-era year. Empty for None."""
    if not value:
        return ""
    return str(value + thai.BE_OFFSET if isinstance(value, int) else thai.be_year(_local(value)))


@register.filter
def whole(value: str) -> SafeString:
    """Text with words marked that browsers would wrongly break across lines; for text, not for attributes."""
    return mark_safe(thai.wrap_unbreakable_words(conditional_escape(value)))
