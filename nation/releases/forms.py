"""The form of a new release."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dgready.typed.characters import clean_lines

MOST_NOTES = 4000  # characters


class ReleaseForm(forms.Form):
    """Notes of a version, whether it tells published results by province, and the password again."""

    notes = forms.CharField(
        label=_("บันทึกของรุ่นนี้"),
        help_text=_("บอกว่ารุ่นนี้คืออะไร หรือแก้อะไรจากรุ่นก่อน ทุกคนที่อ่านรุ่นนี้จะเห็น"),
        max_length=MOST_NOTES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    scores = forms.BooleanField(
        label=_("บอกคะแนนและอันดับที่ประกาศแล้วของแต่ละจังหวัดด้วย"),
        required=False,
    )
    password = forms.CharField(
        label=_("รหัสผ่านของท่านอีกครั้ง"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )

    def clean_notes(self) -> str:
        """Without invisible characters."""
        return clean_lines(self.cleaned_data["notes"])
