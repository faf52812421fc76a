"""Form widgets for dates and times, and the end of a day as a datetime."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils import timezone


class DateInput(forms.DateInput):
    """Date input that uses the browser's own date control."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """Time input that uses the browser's own time control."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def end_of_day(day: date) -> datetime:
    """23:59:59 of a day in Bangkok."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
