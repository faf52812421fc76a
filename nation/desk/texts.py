"""Words of the desk: states, reasons why a province needs attention, names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nation.desk.attention import Concern, ConcernKind
from nation.desk.rows import NO_ROUND
from survey.models import Response

Words = str | Promise

NO_ROUND_LABEL: Final = pgettext_lazy("state", "ยังไม่เปิดรอบ")

CONCERN_TITLES: Final[Mapping[ConcernKind, Words]] = {
    ConcernKind.NOT_BEGUN: _("ยังไม่เริ่ม"),
    ConcernKind.LATE: _("ล่าช้า"),
    ConcernKind.HELP: _("ต้องช่วย"),
}
NOBODY: Final[Mapping[ConcernKind, Words]] = {
    ConcernKind.NOT_BEGUN: _("ทุกจังหวัดเริ่มแล้ว"),
    ConcernKind.LATE: _("ไม่มีจังหวัดที่ล่าช้า"),
    ConcernKind.HELP: _("ไม่มีจังหวัดที่ต้องช่วย"),
}
REASONS: Final[Mapping[str, Words]] = {
    "no_round": _("ยังไม่เปิดรอบของปีนี้"),
    "nothing_answered": _("เปิดรอบมา %(days)s วัน ยังไม่ตอบข้อใด"),
    "closed": _("ปิดรับมา %(days)s วัน ยังไม่ได้อนุมัติ"),
    "parts_overdue": _("หน่วยงานเลยกำหนดส่ง %(parts)s ส่วน เหลือ %(days)s วัน"),
    "behind_time": _("ผ่านเวลามา %(passed)s%% ตอบแล้ว %(progress)s%%"),
    "many_open_points": _("เหลือ %(days)s วัน รายการค้าง %(points)s รายการ"),
    "evidence_behind": _("มีหลักฐาน %(proven)s จาก %(places)s แห่ง"),
}
MAP_TITLES: Final[Mapping[str, Words]] = {
    "level": _("ระดับ"),
    "progress": _("ความคืบหน้า"),
    "state": pgettext_lazy("state", "สถานะ"),
}


def reason_text(concern: Concern) -> str:
    """Why the province is in the list, in the reader's language."""
    return str(REASONS[concern.reason]) % concern.numbers


def state_labels() -> dict[str, str]:
    """The states in the reader's language, in the order of the work."""
    return {NO_ROUND: str(NO_ROUND_LABEL)} | {value: str(label) for value, label in Response.State.choices}
