"""Texts of events about assignments, parts of agencies and answers carried over from last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

ASSIGNMENT_VERB_LABELS: Final[dict[str, str | Promise]] = {
    "assignment.add": pgettext_lazy("event", "มอบหมาย"),
    "assignment.change": pgettext_lazy("event", "แก้ไขการมอบหมาย"),
    "assignment.import": pgettext_lazy("event", "นำเข้าการมอบหมายจาก Excel"),
    "assignment.reassign": pgettext_lazy("event", "ย้ายงานไปหน่วยงานอื่น"),
    "assignment.remove": pgettext_lazy("event", "นำการมอบหมายออก"),
    "carried.bring": pgettext_lazy("event", "นำคำตอบปีก่อนมา"),
    "carried.leave": pgettext_lazy("event", "ไม่ใช้คำตอบปีก่อน"),
    "carried.take": pgettext_lazy("event", "ยืนยันคำตอบปีก่อน"),
    "part.accept": pgettext_lazy("event", "รับส่วนของหน่วยงาน"),
    "part.decline": pgettext_lazy("event", "หน่วยงานแจ้งว่าไม่เกี่ยวข้อง"),
    "part.escalate": pgettext_lazy("event", "แจ้งหัวหน้าหน่วยงานว่าเลยกำหนดส่ง"),
    "part.nothing": pgettext_lazy("event", "หน่วยงานแจ้งว่าไม่มีข้อมูลจะรายงาน"),
    "part.reopen": pgettext_lazy("event", "ให้หน่วยงานทำต่อ"),
    "part.return": pgettext_lazy("event", "ส่งส่วนกลับให้หน่วยงานแก้ไข"),
    "part.submit": pgettext_lazy("event", "หน่วยงานส่งส่วน"),
    "part.withdraw": pgettext_lazy("event", "หน่วยงานถอนส่วนกลับมา"),
}
MAX_LISTED: Final = 12


def describe_assignment_event(verb: str, data: Mapping[str, Any]) -> str:
    """The text of an event besides its verb."""
    if verb.startswith("part."):
        texts = [data.get("part", ""), data.get("reason", "")]
        if data.get("shared"):
            texts.append(_("เหตุผลร่วมของ %(count)d ส่วน") % {"count": data["shared"]})
        for question, reason in data.get("evidence", {}).items():
            texts.append(_("ยังไม่มีหลักฐาน %(question)s: %(reason)s") % {"question": question, "reason": reason})
        if data.get("suggested"):
            texts.append(_("เสนอให้ %(agency)s") % {"agency": data["suggested"]})
        if data.get("late"):
            texts.append(_("หลังกำหนด"))
        return " · ".join(text for text in texts if text)
    if verb == "carried.bring":
        return _("จากปี %(year)s จำนวน %(count)d ข้อ") % {"year": data["from"], "count": len(data["questions"])}
    if verb.startswith("carried."):
        return _("จากปี %(year)s") % {"year": data["from"]}
    if verb == "assignment.import":
        counts = {kind: len(data.get(kind, ())) for kind in ("add", "change", "remove")}
        return _("เพิ่ม %(add)d แก้ไข %(change)d นำออก %(remove)d รายการ") % counts
    if verb == "assignment.reassign":
        return f"{_describe_assignments(data['before'])} → {data['to']}"
    if verb == "assignment.change":
        return f"{_describe_assignment(data['before'])} → {_describe_assignment(data['after'])}"
    assignments: Any = data.get("after") or data.get("before") or []
    return _describe_assignments(assignments if isinstance(assignments, list) else [assignments])


def _describe_assignments(rows: Sequence[Mapping[str, Any]]) -> str:
    listed = ", ".join(_describe_assignment(row) for row in rows[:MAX_LISTED])
    more = len(rows) - MAX_LISTED
    return listed + (" " + _("และอีก %(count)d รายการ") % {"count": more} if more > 0 else "")


def _describe_assignment(row: Mapping[str, Any]) -> str:
    if_any = " " + _("(ถ้ามี)") if row.get("if_any") else ""
    due = f" {row['due']}" if row.get("due") else ""
    return f"{row.get('agency', '')} {row.get('part', '')} {row.get('role', '')}{if_any}{due}".strip()
