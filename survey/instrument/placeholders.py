"""Fills the years and days of a form into its texts: `{year}`, `{year-1}`, `{fiscal}`, `{from}`, `{to}`. PURE.

A text that says which year is asked about is then right in the next year's file too. Years that name a law or a plan
are typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dgready.localized_text import LocalizedText
from dgready.thai import be_year, format_date

FISCAL_MONTH = 10  # a Thai fiscal year begins in October and bears the year in which it ends
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"(?P<name>year|fiscal)(?P<shift>[+-]\d{1,2})?\Z")


def fiscal_year(day: date) -> int:
    """The fiscal year of a day, in the Buddhist era."""
    return be_year(day) + (day.month >= FISCAL_MONTH)


@dataclass(frozen=True, slots=True)
class FormYear:
    """The year of a form and the first and last day its answers are about; None while the file does not say."""

    year: int | None = None
    first: date | None = None
    last: date | None = None

    def fill(self, text: LocalizedText) -> tuple[LocalizedText, list[str]]:
        """The text with its placeholders filled, and the placeholders that mean nothing here."""
        if "{" not in text.th and "{" not in text.en:
            return text, []
        unknown: list[str] = []

        def filled(template: str, language: str) -> str:
            def value(match: re.Match[str]) -> str:
                found = self._value(match[1], language)
                if found is None:
                    unknown.append(match[0])
                return match[0] if found is None else found

            return _PLACEHOLDER.sub(value, template)

        return LocalizedText(filled(text.th, "th"), filled(text.en, "en")), list(dict.fromkeys(unknown))

    def _value(self, name: str, language: str) -> str | None:
        day = {"from": self.first, "to": self.last}.get(name)
        if day:
            return format_date(day, language)
        match = _YEAR.match(name)
        if not match:
            return None
        year = self.year if match["name"] == "year" else fiscal_year(self.last) if self.last else None
        return None if year is None else str(year + int(match["shift"] or 0))


def form_year(data: Mapping[str, Any]) -> FormYear:
    """The year and the days of a form's file; what is wrong in its head is left out, and told elsewhere."""
    year, period = data.get("year"), data.get("period")
    days = period if isinstance(period, Mapping) else {}
    return FormYear(year if isinstance(year, int) else None, _day(days.get("from")), _day(days.get("to")))


def _day(value: object) -> date | None:
    """A day as YAML or JSON carries it."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
