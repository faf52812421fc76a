"""Forms of bulk acts: which provinces, which act with its dates, a message, a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province
from accounts.models.places import Region
from accounts.roles import Role
from dgready.date_inputs import end_of_day
from dgready.fields import LineField, LinesField
from dgready.thai_date_field import ThaiDateField
from nation.bulk.planning import spread_dates
from nation.bulk.queries import MESSAGE_ROLES
from nation.models import BulkAct

Kind = BulkAct.Kind
FORM_KINDS: Final = (Kind.OPEN, Kind.CLOSES, Kind.CLOSE, Kind.REMIND)
MAX_REASON: Final = 1000
MAX_TITLE, MAX_TEXT = 120, 2000  # characters of a message


class FileKind(TextChoices):
    """Files that are asked for of many provinces; that changes nothing, so it has no preview."""

    ANSWERS = "answers", _("ขอไฟล์คำตอบ (Excel ของ DGA รวมเป็น ZIP เดียว) เริ่มทันที")
    SCORES = "scores", _("ขอไฟล์คะแนน (Excel รวมเป็น ZIP เดียว) เริ่มทันที")


STATES: Final = (
    ("", _("ทุกสถานะ")),
    ("none", _("ยังไม่ได้เปิดรอบ")),
    ("running", _("กำลังจัดทำ")),
    ("closed", _("ปิดแล้วโดยยังไม่อนุมัติ")),
    ("submitted", _("เสนอผู้ว่าราชการจังหวัดแล้ว")),
    ("approved", _("อนุมัติแล้ว")),
)


class ProvinceFilterForm(forms.Form):
    """Which provinces are listed. A value that names nothing filters nothing."""

    q = LineField(label=_("ค้นหา"), required=False, max_length=100)
    region = forms.ChoiceField(label=_("ภาค"), required=False, choices=[("", _("ทุกภาค")), *Region.choices])
    group = forms.ChoiceField(label=_("กลุ่มตัวชี้วัด"), required=False)
    state = forms.ChoiceField(label=_("สถานะ"), required=False, choices=STATES)

    def __init__(self, *args: Any, groups: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(str(number), _("กลุ่ม %(n)s") % {"n": number}) for number in groups]
        self.fields["group"].choices = [("", _("ทุกกลุ่ม")), *numbers]  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        """The values that were understood."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class _ChosenProvinces(forms.Form):
    """A form about chosen provinces: `provinces` holds their codes."""

    provinces = forms.MultipleChoiceField(
        error_messages={"required": _("เลือกอย่างน้อยหนึ่งจังหวัด"), "invalid_choice": _("ไม่มีจังหวัดรหัส %(value)s")}
    )

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provinces"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]


class ActForm(_ChosenProvinces):
    """An act with the dates it needs. Days between opening and end may be left to the product."""

    kind = forms.ChoiceField(
        label=_("ทำอะไร"),
        choices=[(kind.value, kind.label) for kind in (*FORM_KINDS, *FileKind)],
        widget=forms.RadioSelect,
    )
    closes_on = ThaiDateField(
        label=_("วันสุดท้ายของการอนุมัติ (ปิดเวลา 23:59 น.)"), required=False, help_text=_("ใช้เมื่อเปิดรอบ เปลี่ยนวันปิด หรือขยายเวลา")
    )
    opens_on = ThaiDateField(label=_("วันเปิดรอบ"), required=False, help_text=_("เมื่อเปิดรอบ เว้นว่างคือวันนี้"))
    agency_due = ThaiDateField(
        label=_("กำหนดส่งของหน่วยงาน"), required=False, help_text=_("เมื่อเปิดรอบ เว้นว่างคือครึ่งทางถึงวันปิด")
    )
    committee_on = ThaiDateField(
        label=_("วันประชุมคณะกรรมการ PCIO"), required=False, help_text=_("เมื่อเปิดรอบ เว้นว่างคือสามในสี่ของทางถึงวันปิด")
    )
    reason = LinesField(
        label=_("เหตุผล"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("ต้องระบุเมื่อขยายเวลาของรอบที่ปิดแล้ว จังหวัดเห็นเหตุผลนี้"),
    )

    def clean(self) -> dict[str, Any]:
        """The end where the act needs one, to come, and days in their order."""
        data = super().clean() or {}
        kind, closes = data.get("kind"), data.get("closes_on")
        if kind in (Kind.OPEN, Kind.CLOSES) and "closes_on" not in self.errors:
            if closes is None:
                self.add_error("closes_on", _("ระบุวันปิด"))
            elif closes < timezone.localdate():
                self.add_error("closes_on", _("ต้องเป็นวันนี้หรือหลังจากนี้"))
        if kind == Kind.OPEN and closes is not None and not self.errors:
            days = self._days(closes)
            if list(days.values()) != sorted(days.values()) or days["committee_on"] > closes:
                raise forms.ValidationError(
                    _("วันที่ต้องเรียงกัน: เปิดรอบ → กำหนดส่งของหน่วยงาน → ประชุมคณะกรรมการ → วันสุดท้ายของการอนุมัติ")
                )
        return data

    def _days(self, closes: date) -> dict[str, date]:
        """Opening, agencies, committee: as typed, else as suggested."""
        suggested = spread_dates(self.cleaned_data.get("opens_on") or timezone.localdate(), closes)
        return {name: self.cleaned_data.get(name) or day for name, day in suggested.items()}

    def params(self) -> dict[str, Any]:
        """What the act does, as it is stored."""
        kind, closes = self.cleaned_data["kind"], self.cleaned_data["closes_on"]
        if kind == Kind.OPEN:
            days = {name: day.isoformat() for name, day in self._days(closes).items()}
            return {"dates": {**days, "closes_at": end_of_day(closes).isoformat()}}
        if kind == Kind.CLOSES:
            return {"closes_at": end_of_day(closes).isoformat(), "reason": self.cleaned_data["reason"]}
        return {}


class MessageForm(_ChosenProvinces):
    """A message to people of chosen provinces, by role."""

    roles = forms.MultipleChoiceField(
        label=_("ถึง"),
        choices=[(role.value, Role(role).label) for role in MESSAGE_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("เลือกผู้รับอย่างน้อยหนึ่งบทบาท")},
    )
    title = LineField(label=_("เรื่อง"), max_length=MAX_TITLE)
    text = LinesField(label=_("ข้อความ"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 6}))

    def params(self) -> dict[str, Any]:
        """The message as it is stored."""
        return {name: self.cleaned_data[name] for name in ("roles", "title", "text")}


class _FileForm(forms.Form):
    """Base of the forms that take a table."""

    file = forms.FileField(
        label=_("ไฟล์ Excel (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("ไม่เกิน 2 MB"),
    )

    def content(self) -> bytes:
        """The bytes of the file, at most one beyond the limit."""
        return bytes(self.cleaned_data["file"].read(settings.WORKBOOK_LIMITS.size + 1))


class ImportForm(_FileForm):
    """A workbook with agencies and people of many provinces."""


class ScoresForm(_FileForm):
    """The table of a department with scores of many provinces."""

    field_order = ("department", "file")
    department = forms.ModelChoiceField(
        label=_("กรมที่ให้คะแนน"),
        queryset=Province.objects.departments(),
        help_text=_("คะแนนทุกแถวจะบันทึกว่ามาจากตารางของกรมนี้"),
    )
    file = forms.FileField(
        label=_("ไฟล์ Excel หรือ CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("ไม่เกิน 2 MB"),
    )
