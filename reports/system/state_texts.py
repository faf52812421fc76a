"""Words for the state of the installation: what a part is called, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.post.giving_up import SHOWN_DAYS
from reports.models import RunKind
from reports.system.heartbeats import CLOCK, WORKER
from reports.system.state import Level, PartState, SystemState

LEVEL_LABELS: Final[Mapping[Level, str | Promise]] = {
    Level.OK: gettext_lazy("ปกติ"),
    Level.WARN: gettext_lazy("ควรดู"),
    Level.FAIL: gettext_lazy("ต้องแก้"),
}
LEVEL_ICONS: Final = {
    Level.OK: "check-circle-fill",
    Level.WARN: "exclamation-triangle-fill",
    Level.FAIL: "x-octagon-fill",
}


@dataclass(frozen=True, slots=True)
class _PartTexts:
    """The name of a part, and what to do when it is not well; `late`: when it is only late, if that is different.

    `page`: the name of the address where it is seen to.
    """

    label: str | Promise
    advice: str | Promise
    late: str | Promise = ""
    page: str = ""


_NIGHTLY: Final = gettext_lazy("งานนี้ทำเองทุกคืนหลังตี 2 หากพรุ่งนี้ยังไม่มี ให้ตรวจ beat และ worker")
PART_TEXTS: Final[Mapping[str, _PartTexts]] = {
    "store": _PartTexts(
        gettext_lazy("ที่เก็บไฟล์"), gettext_lazy("ตรวจว่าเครื่องเก็บไฟล์เปิดอยู่และเครือข่ายไปถึง ระหว่างนี้แนบและดาวน์โหลดไฟล์ไม่ได้")
    ),
    "broker": _PartTexts(
        gettext_lazy("คิวงาน"), gettext_lazy("ตรวจว่า Redis และ worker เปิดอยู่ ระหว่างนี้การสร้างไฟล์และการส่งอีเมลต้องรอ")
    ),
    WORKER: _PartTexts(
        gettext_lazy("ตัวทำงานเบื้องหลัง (worker)"), gettext_lazy("เปิด worker ใหม่ แล้วดูบันทึกของ worker ว่าหยุดเพราะอะไร")
    ),
    CLOCK: _PartTexts(
        gettext_lazy("ตัวตั้งเวลา (beat)"), gettext_lazy("เปิด beat ใหม่ ต้องมีตัวเดียวเสมอ ระหว่างนี้ไม่มีการแจ้งเตือนตามเวลา")
    ),
    "jobs": _PartTexts(
        gettext_lazy("ไฟล์ที่รอสร้าง"), gettext_lazy("ดูงานที่รอด้านล่าง หากไม่ลดลงให้เปิด worker ใหม่หรือเพิ่ม worker")
    ),
    "letters": _PartTexts(
        gettext_lazy("อีเมลที่รอส่ง"), gettext_lazy("ตรวจเครื่องส่งอีเมล (EMAIL_URL) ระบบลองส่งใหม่เองจนครบ 5 วัน")
    ),
    "notices": _PartTexts(
        gettext_lazy("การแจ้งเตือนที่รอรวมในอีเมลรายวัน"),
        gettext_lazy("อีเมลรายวันออกหลัง 7 โมงเช้า หากไม่ออก ให้ตรวจ beat และ worker"),
    ),
    "given_up": _PartTexts(
        gettext_lazy("อีเมลที่ส่งไม่สำเร็จ"),
        gettext_lazy("ดูเหตุผล แก้อีเมลของผู้รับแล้วส่งอีกครั้ง หรือแจ้งผู้รับทางอื่น"),
        page="survey:letters",
    ),
    "scans": _PartTexts(
        gettext_lazy("ไฟล์ที่รอตรวจหาไวรัส"),
        gettext_lazy("ตรวจว่าเครื่องมือตรวจไวรัส (clamd) เปิดอยู่ ระหว่างนี้ผู้อื่นยังดาวน์โหลดไฟล์ใหม่ไม่ได้"),
        page="evidence:scans",
    ),
    "infected": _PartTexts(
        gettext_lazy("ไฟล์ที่พบไวรัส"), gettext_lazy("แจ้งผู้แนบให้นำออกแล้วแนบไฟล์ใหม่ ระบบไม่ให้ใครเปิดไฟล์นี้"), page="evidence:scans"
    ),
    "file_faults": _PartTexts(
        gettext_lazy("ไฟล์ที่หายหรือไม่ตรงกับที่ส่งเข้ามา"), gettext_lazy("นำไฟล์เดิมกลับมาจากข้อมูลสำรอง ดูรายชื่อด้านล่าง")
    ),
    "disk": _PartTexts(
        gettext_lazy("พื้นที่ว่างของดิสก์"), gettext_lazy("เพิ่มพื้นที่หรือย้ายข้อมูลสำรองออกไป เมื่อเต็มจะแนบไฟล์และบันทึกไม่ได้")
    ),
    RunKind.VERIFY: _PartTexts(
        gettext_lazy("ตรวจบันทึกเหตุการณ์"),
        gettext_lazy("สั่ง manage.py journal verify เพื่อดูทุกรายการ อย่าเพิ่งแก้ข้อมูล"),
        _NIGHTLY,
    ),
    RunKind.VERIFY_FILES: _PartTexts(
        gettext_lazy("ตรวจไฟล์ทั้งหมด"),
        gettext_lazy("นำไฟล์ที่หายหรือไม่ตรงกลับมาจากข้อมูลสำรอง ดูรายชื่อด้านล่าง"),
        _NIGHTLY,
    ),
    RunKind.ANCHOR: _PartTexts(
        gettext_lazy("เก็บค่าตรวจสอบไว้นอกฐานข้อมูล"),
        gettext_lazy("สั่ง manage.py journal anchor เพื่อดูว่าติดขัดที่ใด"),
        _NIGHTLY,
    ),
    RunKind.BACKUP: _PartTexts(gettext_lazy("สำรองข้อมูล"), gettext_lazy("สำรองข้อมูลตามคู่มือ และตรวจว่าตั้งเวลาไว้แล้ว")),
    RunKind.DRILL: _PartTexts(
        gettext_lazy("ซ้อมกู้คืนข้อมูล"),
        gettext_lazy("ข้อมูลที่กู้คืนไม่ตรงกับต้นทาง สั่ง make drill อีกครั้งเพื่อดูทุกรายการ"),
        gettext_lazy("ซ้อมครั้งล่าสุดนานเกิน 1 ปีแล้ว สั่ง make drill"),
    ),
}


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part as the page shows it. `advice` is empty when all is well; `page`: where it is seen to, if anywhere."""

    key: str
    label: str
    level: Level
    level_label: str
    icon: str
    text: str
    advice: str
    page: str


def part_rows(state: SystemState, checks: Mapping[str, bool]) -> list[PartRow]:
    """All parts, those that are worst first. `checks`: whether store and broker answer."""
    parts = [PartState(name, Level.OK if ok else Level.FAIL) for name, ok in checks.items()]
    rows = [_row(part, state) for part in (*parts, *state.parts)]
    return sorted(rows, key=lambda row: list(Level).index(row.level), reverse=True)


def _row(part: PartState, state: SystemState) -> PartRow:
    texts = PART_TEXTS[part.key.partition(".")[0]]
    advice = texts.late if part.level is Level.WARN and texts.late else texts.advice
    if part.level is Level.OK:
        advice = ""
    label = str(LEVEL_LABELS[part.level])
    icon, text = LEVEL_ICONS[part.level], _describe(part, state)
    return PartRow(part.key, str(texts.label), part.level, label, icon, text, str(advice), texts.page)


def _describe(part: PartState, state: SystemState) -> str:
    """How a part is, in words."""
    since = duration_text(state.now - part.at) if part.at else ""
    if part.key in ("store", "broker"):
        return _("ตอบแล้ว") if part.level is Level.OK else _("ไม่ตอบ")
    if part.key in (WORKER, CLOCK):
        return _("สัญญาณล่าสุดเมื่อ %(since)s ที่แล้ว") % {"since": since} if since else _("ยังไม่เคยมีสัญญาณ")
    if part.key == "given_up":
        return (
            _("%(count)d ฉบับ ใน %(days)d วัน") % {"count": part.number, "days": SHOWN_DAYS} if part.number else _("ไม่มี")
        )
    if part.key in ("file_faults", "infected"):
        return _("%(count)d ไฟล์") % {"count": part.number} if part.number else _("ไม่มี")
    if part.key in state.queues:
        text = _("%(count)d รายการ เก่าสุดรอมา %(since)s") % {"count": part.number, "since": since}
        return text if part.number else _("ไม่มี")
    if part.key.startswith("disk."):
        disk = state.disks[part.key.partition(".")[2]]
        return _("ว่าง %(free)s จาก %(size)s") % {"free": filesizeformat(disk.free), "size": filesizeformat(disk.size)}
    return _describe_run(part, since)


def _describe_run(part: PartState, since: str) -> str:
    if not since:
        return _("ยังไม่เคยทำ")
    text = _("ครั้งล่าสุดเมื่อ %(since)s ที่แล้ว") % {"since": since}
    return text + " · " + _("พบ %(count)d รายการ") % {"count": part.number} if part.number else text


def duration_text(time: timedelta) -> str:
    """A length of time in its largest unit: minutes, hours or days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return _("ไม่ถึง 1 นาที")
    if minutes < 120:
        return ngettext("%(count)d นาที", "%(count)d นาที", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d ชั่วโมง", "%(count)d ชั่วโมง", hours) % {"count": hours}
    return ngettext("%(count)d วัน", "%(count)d วัน", hours // 24) % {"count": hours // 24}
