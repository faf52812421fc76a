"""The form that names a stand-in of a coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership
from accounts.queries import users_of_province
from dgready.thai_date_field import ThaiDateField


class StandInForm(forms.Form):
    """Who stands in for whom, from which day to which."""

    coordinator = forms.ModelChoiceField(label=_("ผู้ประสานงานที่ลา"), queryset=Membership.objects.none())
    person = forms.ModelChoiceField(
        label=_("ผู้ทำแทน"),
        queryset=Membership.objects.none(),
        help_text=_("เลือกได้จากผู้ใช้ที่มีบัญชีแล้ว หากยังไม่มี โปรดขอให้ผู้ดูแลระบบเชิญก่อน"),
    )
    first = ThaiDateField(label=_("ตั้งแต่วันที่"))
    last = ThaiDateField(label=_("ถึงวันที่"))

    def __init__(self, *args: Any, agency: Agency, coordinators: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = [row.pk for row in coordinators]
        coordinator, person = self.fields["coordinator"], self.fields["person"]
        coordinator.queryset = Membership.objects.filter(pk__in=keys).select_related("user")  # type: ignore[attr-defined]
        coordinator.label_from_instance = lambda row: row.user.get_full_name()  # type: ignore[attr-defined]
        if len(coordinators) == 1:
            coordinator.initial = keys[0]
            coordinator.widget = forms.HiddenInput()
        others = users_of_province(agency.province).exclude(pk__in=[row.user_id for row in coordinators])
        person.queryset = others  # type: ignore[attr-defined]
        person.label_from_instance = lambda user: f"{user.get_full_name()} ({user.email})"  # type: ignore[attr-defined]
