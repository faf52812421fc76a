"""Controls for what is typed, in templates that are no Django forms: `{% day_input "from" value id="from" %}`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from dgready.thai_date_field import ThaiDateInput

register = template.Library()


@register.simple_tag
def day_input(name: str, value: date | str | None = None, **attributes: Any) -> SafeString:
    """The date control with the attributes given (`aria_label` for aria-label); an empty one is left out."""
    told = {
        attribute.replace("_", "-"): text for attribute, text in attributes.items() if text not in ("", None, False)
    }
    told["class"] = f"form-control {told.get('class', '')}".strip()
    return ThaiDateInput().render(name, value or "", told)
