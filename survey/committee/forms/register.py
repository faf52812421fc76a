"""Forms of the committee's register: an order, and a member of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.log import field_values
from accounts.models import User
from dgready.fields import LineField, LinesField, WholeNumberField
from dgready.thai_date_field import ThaiDateField
from survey.committee.actions.register import MEMBER_FIELDS, ORDER_FIELDS
from survey.committee.forms.people import person_label, province_users
from survey.models import CommitteeMember, CommitteeOrder


class OrderForm(forms.Form):
    """An order that appoints the committee; a new one says where its members come from."""

    number = LineField(label=_("คำสั่งเลขที่"), max_length=100, help_text=_("เช่น 2911/2567"))
    signed_on = ThaiDateField(label=_("ลงวันที่"))
    starts_on = ThaiDateField(label=_("ใช้ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=_("ถึงวันที่"), required=False, help_text=_("เว้นว่างได้ คำสั่งใช้จนกว่าจะมีคำสั่งใหม่"))
    quorum = WholeNumberField(
        label=_("องค์ประชุม (คน)"), min_value=1, max_value=500, required=False, help_text=_("เว้นว่างได้ถ้าคำสั่งไม่ได้กำหนด")
    )
    powers = LinesField(label=_("อำนาจหน้าที่"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    members_from = forms.ChoiceField(
        label=_("รายชื่อกรรมการตั้งต้น"),
        choices=[
            ("offices", _("หัวหน้าหน่วยงานทั้งหมด แก้ไขได้ภายหลัง")),
            ("previous", _("กรรมการตามคำสั่งก่อน")),
            ("none", _("ยังไม่ใส่ จะเพิ่มเอง")),
        ],
        initial="offices",
    )

    def __init__(self, data: Any = None, *, order: CommitteeOrder | None = None, has_previous: bool = False) -> None:
        super().__init__(data, initial=field_values(order, ORDER_FIELDS) if order else {"members_from": "offices"})
        if order is not None:
            del self.fields["members_from"]
        elif has_previous:
            self.initial["members_from"] = "previous"


class MemberForm(forms.Form):
    """A member of the committee: office, post, seat, days, and the account the member signs in with."""

    seat = forms.ChoiceField(label=_("ตำแหน่งในคณะกรรมการ"), choices=CommitteeMember.Seat.choices, initial="member")
    post = LineField(label=_("ตำแหน่ง"), max_length=200, help_text=_("เช่น นายกเทศมนตรีเมืองหนองคาย ผู้อำนวยการกองแผนงาน"))
    office = LineField(label=_("หน่วยงาน"), max_length=200, required=False)
    name = LineField(label=_("ชื่อ"), max_length=200, required=False, help_text=_("เว้นว่างได้ คำสั่งมักแต่งตั้งโดยตำแหน่ง"))
    user = forms.ModelChoiceField(
        label=_("บัญชีผู้ใช้"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("ผู้ที่เข้าใช้ด้วยบัญชีนี้บันทึกความเห็นในฐานะกรรมการผู้นี้ได้"),
    )
    starts_on = ThaiDateField(label=_("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=_("ถึงวันที่"), required=False, help_text=_("ใส่เมื่อพ้นจากตำแหน่ง"))
    place = WholeNumberField(label=_("ลำดับ"), min_value=1, max_value=500)

    def __init__(self, data: Any = None, *, order: CommitteeOrder, member: CommitteeMember | None = None) -> None:
        initial: dict[str, Any] = {"starts_on": order.starts_on, "place": order.members.count() + 1}
        if member is not None:
            initial = {**field_values(member, MEMBER_FIELDS), "user": member.user_id}
        super().__init__(data, initial=initial)
        field = self.fields["user"]
        field.queryset = province_users(order.province)  # type: ignore[attr-defined]
        field.label_from_instance = person_label  # type: ignore[attr-defined]

    def fields_given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        data = dict(self.cleaned_data)
        user = data.pop("user")
        return {**data, "user_id": user.pk if user else None}
