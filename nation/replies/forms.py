"""Forms of the right of reply: the window, an objection, a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dgready.fields import LinesField, NumberField
from dgready.thai_date_field import ThaiDateField
from nation.models import ObjectionDecision
from nation.models.replies import MAX_GROUND_LENGTH
from nation.replies.rules import PARTLY

MAX_DECISIONS = 1000  # of one objection: more than anybody writes


class ScoreField(NumberField):
    """A score from 0 to 100 with at most two places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)


class WindowForm(forms.Form):
    """The days of a year's window."""

    opens_on = ThaiDateField(label=_("เปิดรับวันที่"))
    closes_on = ThaiDateField(label=_("วันสุดท้ายที่รับ"), help_text=_("รับถึงสิ้นวันนั้น"))

    def clean(self) -> dict[str, Any] | None:
        """The last day is not before the first."""
        opens_on, closes_on = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", ValidationError(_("วันสุดท้ายต้องไม่ก่อนวันเปิดรับ")))
        return self.cleaned_data


class ObjectionForm(forms.Form):
    """Ground and wanted score; the files are chosen beside it."""

    wanted = ScoreField(label=_("คะแนนที่ขอ (0–100)"), help_text=_("ทศนิยมไม่เกิน 2 ตำแหน่ง และสูงกว่าผลที่ประกาศ"))
    ground = LinesField(
        label=_("เหตุผล"),
        max_length=MAX_GROUND_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("บอกว่าข้อใดควรได้คะแนนเท่าใด และหลักฐานใดแสดงไว้ตั้งแต่ก่อนปิดรอบ"),
    )


class DecisionForm(forms.Form):
    """Outcome, score of a partial one, and the written reason. `seen`: decisions that stood on the page."""

    outcome = forms.ChoiceField(label=_("คำวินิจฉัย"), choices=ObjectionDecision.Outcome.choices, widget=forms.RadioSelect)
    score = ScoreField(label=_("คะแนนที่ให้ (เมื่อรับบางส่วน)"), required=False)
    reason = LinesField(
        label=_("เหตุผลของคำวินิจฉัย"),
        max_length=MAX_GROUND_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("จังหวัดอ่านข้อความนี้"),
    )
    seen = forms.IntegerField(min_value=0, max_value=MAX_DECISIONS, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        """A partial decision says its score."""
        is_partly, has_score = self.cleaned_data.get("outcome") == PARTLY, self.cleaned_data.get("score") is not None
        if is_partly and not has_score and "score" not in self.errors:
            self.add_error("score", ValidationError(_("รับบางส่วน โปรดใส่คะแนนที่ให้")))
        return self.cleaned_data
