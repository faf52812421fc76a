"""Forms of meetings and late additions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dgready.date_inputs import TimeInput
from dgready.fields import LineField, LinesField
from dgready.thai_date_field import ThaiDateField
from survey.committee.agenda import usual_agenda
from survey.models import Meeting, Round

MAX_AGENDA = 4000


class MeetingForm(forms.Form):
    """Number, day, time, place and agenda of a meeting."""

    number = LineField(label=_("ครั้งที่"), max_length=20, required=False, help_text=_("เช่น 1/2568"))
    day = ThaiDateField(label=_("วันที่ประชุม"))
    time = forms.TimeField(label=_("เวลา"), widget=TimeInput())
    place = LineField(label=_("สถานที่"), max_length=300, required=False)
    agenda = LinesField(
        label=_("ระเบียบวาระ"), max_length=MAX_AGENDA, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, data: Any = None, *, round_: Round, meeting: Meeting | None = None) -> None:
        initial: dict[str, Any] = {"day": round_.committee_on, "time": "09:00"}
        initial["agenda"] = usual_agenda()
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
