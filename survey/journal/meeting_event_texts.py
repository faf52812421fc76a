"""Texts of journal events about meetings of the committee, and of the values they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from survey.models import Attendance, Opinion, Resolution

MEETING_VERB_LABELS: dict[str, str | Promise] = {
    "meeting.amend": pgettext_lazy("event", "แก้ไขรายงานการประชุมที่สรุปแล้ว"),
    "meeting.attendance": pgettext_lazy("event", "บันทึกผู้เข้าประชุม"),
    "meeting.cancel": pgettext_lazy("event", "ยกเลิกการประชุม"),
    "meeting.change": pgettext_lazy("event", "แก้ไขการประชุม"),
    "meeting.late": pgettext_lazy("event", "เลื่อนวันสุดท้ายที่เพิ่มเติมได้"),
    "meeting.opinion": pgettext_lazy("event", "กรรมการบันทึกความเห็นของตน"),
    "meeting.record": pgettext_lazy("event", "บันทึกการประชุม"),
    "meeting.resolve": pgettext_lazy("event", "บันทึกมติรายตัวชี้วัดย่อย"),
    "meeting.table": pgettext_lazy("event", "เก็บเอกสารที่เสนอที่ประชุม"),
}
MEETING_FIELD_LABELS: dict[str, str | Promise] = {
    "decision": gettext_lazy("มติ"),
    "guests": gettext_lazy("ผู้เข้าร่วมประชุม"),
    "note": gettext_lazy("สิ่งที่ให้แก้ไข"),
    "presence": gettext_lazy("การมาประชุม"),
    "proceedings": gettext_lazy("มติของวาระอื่น"),
    "reason": gettext_lazy("เหตุที่ไม่มา"),
    "substitute_name": gettext_lazy("ชื่อผู้มาแทน"),
    "substitute_office": gettext_lazy("หน่วยงานของผู้มาแทน"),
    "substitute_post": gettext_lazy("ตำแหน่งของผู้มาแทน"),
}
# Words for the keys that these fields hold.
_VALUE_LABELS = {
    "decision": dict(Resolution.Decision.choices),
    "presence": dict(Attendance.Presence.choices),
}


def meeting_value(field: str, value: Any) -> Any:
    """A value of a meeting's event in words; any other as it is."""
    if field == "guests" and isinstance(value, list):
        return "; ".join(" ".join(filter(None, guest)) for guest in value)
    labels = _VALUE_LABELS.get(field)
    return str(labels.get(value, value)) if labels and isinstance(value, str) else value


def describe_meeting_event(verb: str, data: Mapping[str, Any]) -> str:
    """The text of an event about a meeting, besides its verb and changed fields."""
    if verb == "meeting.amend":
        return _("%(what)s เหตุผล: %(reason)s") % {"what": data.get("label", ""), "reason": data.get("reason", "")}
    if verb == "meeting.opinion":
        return " · ".join(_opinion_texts(data.get("opinions", {})))
    if verb == "meeting.attendance":
        return _("มาประชุม %(present)s จาก %(count)s ตำแหน่ง") % {
            "present": data.get("present", 0),
            "count": data.get("count", 0),
        }
    return ""


def _opinion_texts(sides: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    before, after = sides.get("before", {}), sides.get("after", {})
    labels = dict(Opinion.Stance.choices)
    for code in dict.fromkeys([*after, *before]):
        stance, remark = after.get(code, ("", ""))
        said = str(labels.get(stance, "")) or _("ถอนความเห็น")
        yield f"{code or _('ทั้งฉบับ')}: {said}" + (f" ({remark})" if remark else "")
