"""The form for external scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dgready.fields import LineField, NumberField
from dgready.thai_date_field import ThaiDateField
from scoring.models import ExternalScore


class ScoreField(NumberField):
    """A score from 0 to 100 with at most two places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)


class ExternalScoreForm(forms.Form):
    """Sub-pillar, score, source and its date."""

    sub_pillar = forms.ChoiceField(label=_("ตัวชี้วัดย่อย"))
    score = ScoreField(
        label=_("คะแนน (0–100)"),
        help_text=_("ทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 49.83"),
    )
    source = LineField(
        label=_("ที่มา"),
        max_length=500,
        help_text=_("เช่น ชื่อหนังสือแจ้งผล เลขที่ และหน่วยงานที่แจ้ง"),
    )
    dated = ThaiDateField(label=_("วันที่ของที่มา"))
    origin = forms.ChoiceField(
        label=_("เป็นคะแนนที่"), choices=ExternalScore.Origin.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sub_pillar"].choices = choices  # type: ignore[attr-defined]

    def clean_origin(self) -> str:
        """A result, unless said otherwise."""
        return self.cleaned_data["origin"] or ExternalScore.Origin.OFFICIAL

    def clean_dated(self) -> Any:
        """A source cannot be dated in the future."""
        dated = self.cleaned_data["dated"]
        if dated > timezone.localdate():
            raise ValidationError(_("วันที่ของที่มาต้องไม่อยู่ในอนาคต"))
        return dated
