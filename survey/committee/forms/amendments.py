"""Forms that amend one subject of a concluded meeting; each gives the values as the action takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dgready.date_inputs import TimeInput
from dgready.fields import LineField, LinesField
from dgready.thai_date_field import ThaiDateField
from survey.committee.agenda import MAX_PROCEEDINGS
from survey.committee.amending import DECISION, GUESTS, SEAT, Subject
from survey.models import Attendance, Resolution

MAX_LINES = 8000


class AmendmentForm(forms.Form):
    """What every amendment says: why."""

    why = LinesField(label=_("เหตุผลที่แก้ไขรายงาน"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def values(self) -> dict[str, Any]:
        """The values as they should have been recorded."""
        return {key: value for key, value in self.cleaned_data.items() if key != "why"}


class MeetingAmendmentForm(AmendmentForm):
    """Number, day, time, place and agenda of the meeting."""

    number = LineField(label=_("ครั้งที่"), max_length=20, required=False)
    day = ThaiDateField(label=_("วันที่ประชุม"))
    time = forms.TimeField(label=_("เวลา"), widget=TimeInput())
    place = LineField(label=_("สถานที่"), max_length=300, required=False)
    agenda = LinesField(label=_("ระเบียบวาระ"), max_length=4000, required=False)
    proceedings = LinesField(label=_("มติของวาระอื่น"), max_length=MAX_PROCEEDINGS, required=False)

    field_order = ("number", "day", "time", "place", "agenda", "proceedings", "why")

    def __init__(self, data: Any = None, *, values: dict[str, Any]) -> None:
        held = datetime.fromisoformat(values["held_at"])
        super().__init__(data, initial={**values, "day": held.date(), "time": held.time()})

    def values(self) -> dict[str, Any]:
        """The values, with one moment made of day and time."""
        data = super().values()
        held = timezone.make_aware(datetime.combine(data.pop("day"), data.pop("time")))
        return {**data, "held_at": held.isoformat()}


class SeatAmendmentForm(AmendmentForm):
    """Whether a member came, who came in the member's place, or why nobody did."""

    presence = forms.ChoiceField(label=_("การมาประชุม"), choices=Attendance.Presence.choices, widget=forms.RadioSelect())
    substitute_name = LineField(label=_("ชื่อผู้มาแทน"), max_length=200, required=False)
    substitute_post = LineField(label=_("ตำแหน่งของผู้มาแทน"), max_length=200, required=False)
    substitute_office = LineField(label=_("หน่วยงานของผู้มาแทน"), max_length=200, required=False)
    reason = LineField(label=_("เหตุที่ไม่มา"), max_length=300, required=False)

    field_order = ("presence", "substitute_name", "substitute_post", "substitute_office", "reason", "why")

    def __init__(self, data: Any = None, *, values: dict[str, Any]) -> None:
        super().__init__(data, initial=values)


class GuestsAmendmentForm(AmendmentForm):
    """The guests, one on each line: name and office."""

    guests = LinesField(
        label=_("ผู้เข้าร่วมประชุม"),
        max_length=MAX_LINES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("บรรทัดละ 1 คน: ชื่อ, หน่วยงาน"),
    )

    field_order = ("guests", "why")

    def __init__(self, data: Any = None, *, values: dict[str, Any]) -> None:
        lines = [", ".join(filter(None, guest)) for guest in values["guests"]]
        super().__init__(data, initial={"guests": "\n".join(lines)})

    def values(self) -> dict[str, Any]:
        """Name and office of each guest."""
        lines = (line.partition(",") for line in self.cleaned_data["guests"].splitlines())
        return {"guests": [[name.strip(), office.strip()] for name, _comma, office in lines if name.strip()]}


class DecisionAmendmentForm(AmendmentForm):
    """The resolution on a sub-pillar."""

    decision = forms.ChoiceField(label=_("มติ"), choices=Resolution.Decision.choices, widget=forms.RadioSelect())
    note = LinesField(label=_("สิ่งที่ให้แก้ไข"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    field_order = ("decision", "note", "why")

    def __init__(self, data: Any = None, *, values: dict[str, Any]) -> None:
        super().__init__(data, initial=values)


def amendment_form(subject: Subject, data: Any = None) -> AmendmentForm:
    """The form of a subject, as it stands or as posted."""
    if subject.kind == SEAT:
        return SeatAmendmentForm(data, values=subject.values)
    if subject.kind == GUESTS:
        return GuestsAmendmentForm(data, values=subject.values)
    if subject.kind == DECISION:
        return DecisionAmendmentForm(data, values=subject.values)
    return MeetingAmendmentForm(data, values=subject.values)
