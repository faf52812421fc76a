"""Forms of second factors: give one, set up the app, name a passkey."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.second_factor.actions import MAX_NAME
from dgready.fields import LineField

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(forms.Form):
    """Form of a code of the app or a recovery code; `answer` is a passkey's, filled in by the page's script."""

    code = forms.CharField(
        label=_("รหัสยืนยัน"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_CODE),
        help_text=_("รหัส 6 หลักจากแอปยืนยันตัวตน หรือรหัสสำรอง 10 หลักที่ยังไม่เคยใช้"),
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Check that something was given."""
        data = super().clean() or {}
        if not data.get("code") and not data.get("answer"):
            self.add_error("code", _("ใส่รหัสยืนยัน"))
        return data


class PasswordForm(forms.Form):
    """Form of the own password, asked again of who has no second factor."""

    password = forms.CharField(
        label=_("รหัสผ่าน"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AppForm(forms.Form):
    """Form of the first code that a newly set up app shows."""

    code = forms.CharField(label=_("รหัส 6 หลักที่แอปแสดง"), max_length=40, widget=forms.TextInput(attrs=_CODE))


class PasskeyForm(forms.Form):
    """Form of a new passkey; the page's script fills in the browser's answer."""

    name = LineField(
        label=_("ชื่อพาสคีย์"),
        max_length=MAX_NAME,
        required=False,
        help_text=_("เช่น โน้ตบุ๊กที่ทำงาน หรือ กุญแจ USB"),
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Check that the browser has answered."""
        data = super().clean() or {}
        if not data.get("answer"):
            self.add_error(None, _("เบราว์เซอร์ยังไม่ได้ส่งพาสคีย์มา กด “เพิ่มพาสคีย์” แล้วทำตามที่เบราว์เซอร์บอก"))
        return data
