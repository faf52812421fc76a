"""The form for external scores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dgready.thai import arabic_digits
from evidence.attaching import dates


class ScoreField(forms.DecimalField):
    """A score from 0 to 100 with at most two places; Thai digits are understood."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The number typed."""
        return super().to_python(arabic_digits(value) if isinstance(value, str) else value)


class ThaiDateField(forms.Field):
    """A day as people write it on Thai papers, Buddhist era: 12/6/2568 or 12 มิ.ย. 2568."""

    def to_python(self, value: Any) -> date | None:
        """The day typed, or None."""
        if isinstance(value, date) or not value:
            return value or None
        try:
            return dates.parse_document_date(str(value))
        except ValueError as error:
            raise ValidationError(_("วันที่เขียนเป็น วัน/เดือน/ปี พ.ศ. เช่น 12/6/2568")) from error

    def prepare_value(self, value: Any) -> Any:
        """The day as it is typed."""
        return dates.format_document_date(value) if isinstance(value, date) else value


class ExternalScoreForm(forms.Form):
    """Sub-pillar, score, source and its date."""

    sub_pillar = forms.ChoiceField(label=_("ตัวชี้วัดย่อย"))
    score = ScoreField(
        label=_("คะแนน (0–100)"),
        help_text=_("ทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 49.83"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    source = forms.CharField(
        label=_("ที่มา"),
        max_length=500,
        help_text=_("เช่น ชื่อหนังสือแจ้งผล เลขที่ และหน่วยงานที่แจ้ง"),
    )
    dated = ThaiDateField(
        label=_("วันที่ของที่มา"),
        help_text=_("วัน/เดือน/ปี พ.ศ. เช่น 12/6/2568"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sub_pillar"].choices = choices  # type: ignore[attr-defined]

    def clean_source(self) -> str:
        """Without spaces around it."""
        return str(self.cleaned_data["source"]).strip()

    def clean_dated(self) -> Any:
        """A source cannot be dated in the future."""
        dated = self.cleaned_data["dated"]
        if dated > timezone.localdate():
            raise ValidationError(_("วันที่ของที่มาต้องไม่อยู่ในอนาคต"))
        return dated
