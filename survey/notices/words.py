"""What each kind of notice says; `data` of the notice fills the wording in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dgready import thai
from dgready.language import reader_language


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice. `deadline`: mailed also to people who want no digest. `icon`: of the Bootstrap icons."""

    text: str | Promise
    icon: str = "bell"
    deadline: bool = False


KINDS: dict[str, Kind] = {
    "assignment": Kind(gettext_lazy("ได้รับมอบหมาย: %(what)s"), "person-check"),
    "assignment.change": Kind(gettext_lazy("เปลี่ยนรายละเอียดการมอบหมาย: %(what)s"), "person-gear"),
    "assignment.due": Kind(gettext_lazy("กำหนดส่งของ %(what)s เปลี่ยนเป็น %(day)s"), "calendar-event", deadline=True),
    "assignment.remove": Kind(gettext_lazy("ไม่ต้องตอบแล้ว: %(what)s"), "person-dash"),
    "part.submit": Kind(gettext_lazy("%(agency)s ส่ง %(what)s"), "inbox"),
    "part.return": Kind(gettext_lazy("ส่งกลับให้แก้ไข %(what)s: %(reason)s"), "arrow-return-left"),
    "part.accept": Kind(gettext_lazy("ฝ่ายเลขานุการรับ %(what)s แล้ว"), "check2-circle"),
    "part.decline": Kind(gettext_lazy("%(agency)s แจ้งว่าไม่เกี่ยวข้องกับ %(what)s: %(reason)s"), "slash-circle"),
    "part.withdraw": Kind(gettext_lazy("%(agency)s ถอน %(what)s กลับไปแก้ไข"), "arrow-counterclockwise"),
    "part.reopen": Kind(gettext_lazy("ฝ่ายเลขานุการขอให้หน่วยงานของท่านตอบ %(what)s ต่อ"), "arrow-repeat"),
    "part.due": Kind(gettext_lazy("ยังไม่ส่ง %(count)s เรื่อง กำหนดส่ง %(day)s (%(left)s)"), "alarm", deadline=True),
    "part.overdue": Kind(gettext_lazy("เลยกำหนดส่ง %(day)s แล้ว ยังค้าง %(count)s เรื่อง"), "alarm", deadline=True),
    "comment": Kind(gettext_lazy("%(who)s เขียนถึงท่านที่ %(what)s: %(text)s"), "chat-left-text"),
    "changed": Kind(gettext_lazy("%(agency)s เปลี่ยนคำตอบ %(what)s หลังจากรวมคำตอบแล้ว"), "arrow-repeat"),
    "meeting": Kind(gettext_lazy("ประชุมคณะกรรมการ PCIO วันที่ %(day)s %(place)s"), "people"),
    "meeting.soon": Kind(gettext_lazy("ประชุมคณะกรรมการ PCIO วันที่ %(day)s (%(left)s)"), "people", deadline=True),
    "meeting.cancel": Kind(gettext_lazy("ยกเลิกการประชุมคณะกรรมการ PCIO วันที่ %(day)s"), "people"),
    "meeting.endorsed": Kind(gettext_lazy("คณะกรรมการ PCIO เห็นชอบคำตอบของจังหวัดแล้ว"), "check2-circle"),
    "meeting.returned": Kind(gettext_lazy("คณะกรรมการ PCIO ส่งคำตอบของจังหวัดกลับให้แก้ไข"), "arrow-return-left"),
    "response.submit": Kind(gettext_lazy("%(who)s เสนอคำตอบของจังหวัดเพื่ออนุมัติ ภายใน %(day)s"), "send"),
    "response.return": Kind(gettext_lazy("%(who)s ส่งคำตอบของจังหวัดกลับให้แก้ไข"), "arrow-return-left"),
    "response.approve": Kind(gettext_lazy("%(who)s อนุมัติคำตอบของจังหวัดแล้ว"), "patch-check"),
    "response.reopen": Kind(gettext_lazy("%(who)s เปิดคำตอบที่อนุมัติแล้วให้แก้ไข: %(reason)s"), "unlock"),
    "closing": Kind(gettext_lazy("ปิดรับการอนุมัติ %(day)s (%(left)s) คำตอบของจังหวัด%(state)s"), "alarm", deadline=True),
    "round.agency_due": Kind(gettext_lazy("กำหนดส่งของหน่วยงานเปลี่ยนเป็น %(day)s"), "calendar-event", deadline=True),
    "round.committee_on": Kind(gettext_lazy("วันประชุมคณะกรรมการ PCIO เปลี่ยนเป็น %(day)s"), "calendar-event"),
    "round.closes_at": Kind(gettext_lazy("วันปิดรับการอนุมัติเปลี่ยนเป็น %(day)s"), "calendar-event", deadline=True),
    "round.extend": Kind(gettext_lazy("ขยายเวลาปิดรับการอนุมัติถึง %(day)s: %(reason)s"), "calendar-plus", deadline=True),
    "delegation": Kind(gettext_lazy("ท่านได้รับมอบอำนาจอนุมัติแทนผู้ว่าราชการจังหวัด %(day)s ถึง %(until)s"), "person-badge"),
    "delegation.revoke": Kind(gettext_lazy("การมอบอำนาจอนุมัติของท่านถูกยกเลิกแล้ว"), "person-x"),
    "journal.fault": Kind(gettext_lazy("ตรวจบันทึกเหตุการณ์แล้วพบความผิดปกติ %(count)s รายการ"), "exclamation-octagon"),
}
DAYS = ("day", "until")  # of the data: ISO dates, said in the reader's way


def say(kind: str, data: Mapping[str, Any]) -> str:
    """A notice in the reader's language; one of an unknown kind says the text it carries."""
    known = KINDS.get(kind)
    if known is None:
        return str(data.get("text", kind))
    return str(known.text) % _Words(_said(data))


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    out = {key: str(value) for key, value in data.items()}
    language: thai.Language = reader_language()
    for key in DAYS:
        if key in out:
            out[key] = thai.format_date(date.fromisoformat(out[key]), language, "short")
    if "days" in data:
        out["left"] = left(int(data["days"]))
    return out


def left(days: int) -> str:
    """How long until a day."""
    if days <= 0:
        return _("วันนี้")
    return ngettext("อีก %(days)d วัน", "อีก %(days)d วัน", days) % {"days": days}


class _Words(dict[str, str]):
    """A wording never fails for a word that an old notice does not carry."""

    def __missing__(self, key: str) -> str:
        return ""
