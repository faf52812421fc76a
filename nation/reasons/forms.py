"""Forms of the reasons: a new entry of the list, an example as it is published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dgready.typed.characters import clean_line, clean_lines
from nation.reasons.personal_data import personal_marks

MOST_EXAMPLE = 600  # characters of a published example; longer ones are shortened by the centre


class CodeForm(forms.Form):
    """A new entry of the list of reasons."""

    label_th = forms.CharField(label=_("เหตุผล (ภาษาไทย)"), max_length=200)
    label_en = forms.CharField(label=_("เหตุผล (ภาษาอังกฤษ ถ้ามี)"), max_length=200, required=False)

    def clean_label_th(self) -> str:
        """As one line."""
        return clean_line(self.cleaned_data["label_th"])

    def clean_label_en(self) -> str:
        """As one line."""
        return clean_line(self.cleaned_data["label_en"])


class ExampleForm(forms.Form):
    """An example as it is to be published; what looks like personal data must be looked at before."""

    text = forms.CharField(
        label=_("ข้อความที่จะเผยแพร่"), max_length=MOST_EXAMPLE, widget=forms.Textarea(attrs={"rows": 4})
    )
    checked = forms.BooleanField(label=_("อ่านแล้ว ไม่มีข้อมูลส่วนบุคคล"), required=False)

    def clean_text(self) -> str:
        """Without invisible characters."""
        return clean_lines(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """Refused where the text seems to have personal data and nobody said that it has none."""
        data = super().clean() or {}
        if personal_marks(data.get("text", "")) and not data.get("checked"):
            self.add_error("checked", _("ข้อความนี้อาจมีข้อมูลส่วนบุคคล แก้ข้อความ หรือยืนยันว่าไม่มี"))
        return data
