"""The date control: a text in the Buddhist era, typed or picked, with the day said back in full."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dgready.fields import value_or_error
from dgready.language import localize_text
from dgready.typed.dates import format_typed_date, read_date
from dgready.typed.result import Understood

TEMPLATE = "components/_day_input.html"


def describe_typed_date(text: str) -> str:
    """The day that a text means, in full and in the reader's language; empty when it means none."""
    result = read_date(text, near=timezone.localdate())
    return localize_text(result.words) if isinstance(result, Understood) else ""


def date_format_hint() -> str:
    """How a day is typed, with today as the example."""
    return _("วัน/เดือน/ปี พ.ศ. เช่น %(example)s") % {"example": format_typed_date(timezone.localdate())}


class ThaiDateInput(forms.DateInput):
    """The control for one day. Works as a plain text field; `static/js/day_input.js` adds the calendar."""

    input_type = "text"

    def format_value(self, value: Any) -> str:
        """A day as it is typed; a text that is none stays as it came."""
        return format_typed_date(value) if isinstance(value, date) else str(value or "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's attributes, and the day said back."""
        context = super().get_context(name, value, attrs)
        given = context["widget"]["attrs"]
        said = f"{given.get('id') or name}-said"
        given["aria-describedby"] = " ".join(filter(None, (given.get("aria-describedby"), said)))
        typed = context["widget"]["value"] or ""
        return {
            **context,
            "said_id": said,
            "said": describe_typed_date(typed),
            "invalid": "is-invalid" in given.get("class", ""),
        }

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The control, from a template of the pages."""
        return SafeString(
            render_to_string(TEMPLATE, {**self.get_context(name, value, attrs), "hint": date_format_hint()})
        )


class ThaiDateField(forms.DateField):
    """A day as people write it: 7/12/2569, 7 ธ.ค. 69, ๗ ธันวาคม ๒๕๖๙, 2026-12-07."""

    widget = ThaiDateInput

    def to_python(self, value: Any) -> date | None:
        """The day, or None when nothing was typed."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return value_or_error(read_date(str(value or ""), near=timezone.localdate()))
