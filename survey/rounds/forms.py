"""Forms of rounds: opening, dates, extending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from dgready.date_inputs import end_of_day
from dgready.fields import LinesField
from dgready.thai_date_field import ThaiDateField
from survey.models import Instrument, Round, SubmissionGuard
from survey.rounds.actions import wrong_form_text


class RoundForm(forms.ModelForm):
    """The dates of a round; approval closes at 23:59 of its last day, Bangkok time."""

    closes_on = ThaiDateField(label=_("วันสุดท้ายของการอนุมัติ (ปิดเวลา 23:59 น.)"))

    class Meta:
        model = Round
        fields = ("instrument", "period_from", "period_to", "opens_on", "agency_due", "committee_on", "escalate_after")
        labels = {"instrument": _("แบบสำรวจ")}
        field_classes = dict.fromkeys(
            ("period_from", "period_to", "opens_on", "agency_due", "committee_on"), ThaiDateField
        )

    def __init__(self, *args: Any, respondent: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee_on"].label = Round.date_label("committee_on", respondent)
        choice = self.fields["instrument"]
        choice.queryset = answered_forms(respondent)  # type: ignore[attr-defined]
        choice.error_messages["invalid_choice"] = wrong_form_text(respondent)
        choice.label_from_instance = lambda i: f"{i.year} · {i.title_th} (v{i.version})"  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["closes_on"] = timezone.localdate(self.instance.closes_at)
            del self.fields["instrument"]

    def clean(self) -> dict[str, Any]:
        """The dates follow each other: opening, agency deadline, committee, last day."""
        data = super().clean() or {}
        steps = [data.get(k) for k in ("opens_on", "agency_due", "committee_on", "closes_on")]
        known = [s for s in steps if s]
        if known != sorted(known):
            raise forms.ValidationError(
                _("วันที่ต้องเรียงกัน: เปิดรอบ → กำหนดส่งของหน่วยงาน → ประชุมคณะกรรมการ → วันสุดท้ายของการอนุมัติ")
            )
        first, last = data.get("period_from"), data.get("period_to")
        if first and last and first > last:
            self.add_error("period_to", _("ต้องไม่อยู่ก่อนวันเริ่มต้นของช่วงเวลาหลักฐาน"))
        return data

    def dates(self) -> dict[str, Any]:
        """The dates as the action takes them."""
        data = {k: v for k, v in self.cleaned_data.items() if k not in ("instrument", "closes_on", "escalate_after")}
        return {**data, "closes_at": end_of_day(self.cleaned_data["closes_on"])}


class ExtendForm(forms.Form):
    """A later end of a round that has closed, with the reason."""

    closes_on = ThaiDateField(label=_("วันสุดท้ายของการอนุมัติ (ปิดเวลา 23:59 น.)"))
    reason = LinesField(label=_("เหตุผล"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_closes_on(self) -> datetime:
        """The last minute of a day that is not over."""
        closes = end_of_day(self.cleaned_data["closes_on"])
        if closes <= timezone.now():
            raise forms.ValidationError(_("ต้องเป็นวันนี้หรือหลังจากนี้"))
        return closes


class GuardsForm(forms.Form):
    """Which conditions the answer must meet before it is submitted, or be overridden by a reason."""

    def __init__(self, *args: Any, province: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["guards"]
        field.label, field.help_text = (str(text) % province.words for text in (field.label, field.help_text))
        field.choices = [(name, str(label) % province.words) for name, label in SubmissionGuard.choices]  # type: ignore[attr-defined]

    guards = forms.MultipleChoiceField(
        label=_("เงื่อนไขก่อนเสนอ%(chief)s"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("เมื่อไม่เป็นไปตามเงื่อนไขที่เลือก ฝ่ายเลขานุการยังเสนอได้โดยให้เหตุผล ซึ่ง%(chief)sจะเห็น"),
    )
    reason = LinesField(
        label=_("เหตุผล"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("ต้องระบุเมื่อเลิกใช้เงื่อนไขใด เหตุผลจะอยู่ในบันทึกเหตุการณ์"),
    )


def answered_forms(respondent: Province) -> QuerySet[Instrument]:
    """The published forms that such a respondent answers, newest first."""
    return Instrument.objects.filter(published_at__isnull=False, respondents=respondent.kind).defer("source")


def suggested_dates(province: Province, instrument: Instrument) -> dict[str, Any]:
    """What a new round starts with: the evidence period of the instrument."""
    return {
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "instrument": instrument,
    }
