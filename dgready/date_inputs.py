"""Form widget for times of day, and the end of a day as a datetime."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils import timezone


class TimeInput(forms.TimeInput):
    """Time input that uses the browser's own time control."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def end_of_day(day: date) -> datetime:
    """23:59:59 of a day in Bangkok."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
