"""Forms of meetings, late additions and delegations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Province, User
from dgready.date_inputs import TimeInput
from dgready.fields import LineField, LinesField
from dgready.thai_date_field import ThaiDateField
from survey.models import Meeting, Round

MAX_AGENDA = 4000


class MeetingForm(forms.Form):
    """Number, day, time, place and agenda of a meeting."""

    number = LineField(label=_("ครั้งที่"), max_length=20, required=False, help_text=_("เช่น 1/2568"))
    day = ThaiDateField(label=_("วันที่ประชุม"))
    time = forms.TimeField(label=_("เวลา"), widget=TimeInput())
    place = LineField(label=_("สถานที่"), max_length=300, required=False)
    agenda = LinesField(
        label=_("ระเบียบวาระ"), max_length=MAX_AGENDA, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, data: Any = None, *, round_: Round, meeting: Meeting | None = None) -> None:
        initial: dict[str, Any] = {"day": round_.committee_on, "time": "09:00"}
        if meeting is not None:
            held = timezone.localtime(meeting.held_at)
            initial = {"day": held.date(), "time": held.time(), "number": meeting.number}
            initial |= {"place": meeting.place, "agenda": meeting.agenda}
        super().__init__(data, initial=initial)

    def fields_given(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        data = self.cleaned_data
        held = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        return {"number": data["number"], "held_at": held, "place": data["place"], "agenda": data["agenda"]}


class LateAdditionsForm(forms.Form):
    """The last day on which an endorsed answer may still be added to."""

    late_until = ThaiDateField(label=_("หน่วยงานเพิ่มเติมได้ถึงวันที่"), required=False)


class DelegationForm(forms.Form):
    """A delegation: the delegate, its days, and the order as a PDF."""

    delegate = forms.ModelChoiceField(
        label=_("ผู้รับมอบอำนาจ"),
        queryset=User.objects.none(),
        help_text=_("เลือกได้จากผู้ใช้ของจังหวัด หากยังไม่มีบัญชีให้เชิญเป็นผู้ใช้ก่อน ผู้กรอกหรือเสนอคำตอบของจังหวัดเป็นผู้รับมอบอำนาจไม่ได้"),
    )
    starts_on = ThaiDateField(label=_("ตั้งแต่วันที่"))
    ends_on = ThaiDateField(label=_("ถึงวันที่"))
    document_number = LineField(label=_("เลขที่คำสั่ง"), max_length=100)
    document = forms.FileField(label=_("คำสั่ง (PDF)"), widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}))

    def __init__(self, *args: Any, province: Province, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Membership.objects.filter(Q(province=province), active=True, user__is_active=True)
        people = User.objects.filter(pk__in=here.values("user")).exclude(pk=by.pk)
        field = self.fields["delegate"]
        field.queryset = people  # type: ignore[attr-defined]
        field.label_from_instance = lambda u: f"{u.get_full_name()} ({u.email})"  # type: ignore[attr-defined]
