"""The filter of the security log."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.security_log.kinds import EventKind
from accounts.security_log.queries import LogFilter
from accounts.security_log.words import KIND_LABELS
from dgready.fields import LineField
from dgready.thai_date_field import ThaiDateField

_DAYS = ("since", "until")


class LogFilterForm(forms.Form):
    """Form of what is asked for: person, kind, days, address."""

    person = LineField(label=_("ชื่อหรืออีเมล"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("เหตุการณ์"),
        required=False,
        choices=[("", _("ทุกเหตุการณ์")), *((k.value, KIND_LABELS[k]) for k in EventKind)],
    )
    since = ThaiDateField(label=_("ตั้งแต่วันที่"), required=False)
    until = ThaiDateField(label=_("ถึงวันที่"), required=False)
    address = LineField(label=_("ที่อยู่ IP"), required=False, max_length=45)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _DAYS:
            self.fields[name].widget.attrs["class"] = "form-control"

    def clean_address(self) -> str:
        """The address as it is stored."""
        try:
            return str(ip_address(self.cleaned_data["address"])) if self.cleaned_data["address"] else ""
        except ValueError as error:
            raise ValidationError(_now("ไม่ใช่ที่อยู่ IP")) from error

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order."""
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("วันสุดท้ายอยู่ก่อนวันแรก"))
        return data

    def wanted(self) -> LogFilter:
        """What is asked for; a field that is wrong asks for nothing, and its error stands beside it."""
        self.is_valid()
        data = self.cleaned_data
        for name in _DAYS:
            if name in self.errors:
                told = {"class": "form-control is-invalid", "aria-invalid": "true"}
                self.fields[name].widget.attrs.update(told, **{"aria-describedby": f"id_{name}-error"})
        kind = data.get("kind")
        return LogFilter(
            person=data.get("person", ""),
            kind=EventKind(kind) if kind else None,
            since=data.get("since"),
            until=data.get("until"),
            address=data.get("address", ""),
        )
