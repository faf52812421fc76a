"""Form of a delegation of the governor's approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from dgready.fields import LineField
from dgready.thai_date_field import ThaiDateField
from survey.committee.forms.people import person_label, province_users


class DelegationForm(forms.Form):
    """A delegation: the delegate, its days, and the order as a PDF."""

    delegate = forms.ModelChoiceField(
        label=_("ผู้รับมอบอำนาจ"),
        queryset=User.objects.none(),
        help_text=_("เลือกได้จากผู้ใช้ที่มีบัญชีแล้ว หากยังไม่มีให้เชิญเป็นผู้ใช้ก่อน ผู้กรอกหรือเสนอคำตอบเป็นผู้รับมอบอำนาจไม่ได้"),
    )
    starts_on = ThaiDateField(label=_("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=_("ถึงวันที่"))
    document_number = LineField(label=_("เลขที่คำสั่ง"), max_length=100)
    document = forms.FileField(label=_("คำสั่ง (PDF)"), widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}))

    def __init__(self, *args: Any, province: Province, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["delegate"]
        field.queryset = province_users(province).exclude(pk=by.pk)  # type: ignore[attr-defined]
        field.label_from_instance = person_label  # type: ignore[attr-defined]
