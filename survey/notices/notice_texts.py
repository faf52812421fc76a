"""Kinds of notices and their texts; the `data` of a notice fills the text in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.respondents import RespondentKind, respondent_words
from dgready import thai
from dgready.language import reader_language


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice. `deadline`: mailed also to people who want no digest. `icon`: of the Bootstrap icons.

    `detailed`: the text where the notice has all of its data; older notices have less and show `text`.
    """

    text: str | Promise
    icon: str = "bell"
    deadline: bool = False
    detailed: str | Promise = ""


NOTICE_KINDS: dict[str, NoticeKind] = {
    "assignment": NoticeKind(
        gettext_lazy("ได้รับมอบหมาย: %(what)s"),
        "person-check",
        detailed=gettext_lazy("ได้รับมอบหมาย %(count)s ส่วน: %(what)s กำหนดส่ง %(day)s (%(left)s)"),
    ),
    "assignment.days": NoticeKind(
        gettext_lazy("ได้รับมอบหมาย %(count)s ส่วน: %(what)s กำหนดส่งส่วนแรก %(day)s (%(left)s)"), "person-check"
    ),
    "assignment.joined": NoticeKind(
        gettext_lazy("ก่อนที่ท่านเข้ามา %(agency)s ได้รับมอบหมายไว้ %(count)s ส่วน: %(what)s กำหนดส่งส่วนแรก %(day)s (%(left)s)"),
        "person-check",
    ),
    "assignment.change": NoticeKind(gettext_lazy("เปลี่ยนรายละเอียดการมอบหมาย: %(what)s"), "person-gear"),
    "assignment.due": NoticeKind(
        gettext_lazy("กำหนดส่งของ %(what)s เปลี่ยนเป็น %(day)s (%(left)s)"), "calendar-event", deadline=True
    ),
    "assignment.remove": NoticeKind(gettext_lazy("ไม่ต้องตอบแล้ว: %(what)s"), "person-dash"),
    "part.submit": NoticeKind(gettext_lazy("%(agency)s ส่ง %(what)s"), "inbox"),
    "part.nothing": NoticeKind(gettext_lazy("%(agency)s แจ้งว่าไม่มีข้อมูลจะรายงานใน %(what)s: %(reason)s"), "inbox"),
    "part.return": NoticeKind(
        gettext_lazy("ส่งกลับให้แก้ไข %(what)s: %(reason)s"),
        "arrow-return-left",
        detailed=gettext_lazy("ส่งกลับให้แก้ไข %(what)s: %(reason)s (กำหนดส่ง %(day)s %(left)s)"),
    ),
    "part.accept": NoticeKind(gettext_lazy("ฝ่ายเลขานุการรับ %(what)s แล้ว"), "check2-circle"),
    "part.decline": NoticeKind(gettext_lazy("%(agency)s แจ้งว่าไม่เกี่ยวข้องกับ %(what)s: %(reason)s"), "slash-circle"),
    "part.withdraw": NoticeKind(gettext_lazy("%(agency)s ถอน %(what)s กลับไปแก้ไข"), "arrow-counterclockwise"),
    "part.reopen": NoticeKind(
        gettext_lazy("ฝ่ายเลขานุการขอให้หน่วยงานของท่านตอบ %(what)s ต่อ"),
        "arrow-repeat",
        detailed=gettext_lazy("ฝ่ายเลขานุการขอให้หน่วยงานของท่านตอบ %(what)s ต่อ กำหนดส่ง %(day)s (%(left)s)"),
    ),
    "part.due": NoticeKind(
        gettext_lazy("ยังไม่ส่ง %(count)s ส่วน กำหนดส่ง %(day)s (%(left)s)"),
        "alarm",
        deadline=True,
        detailed=gettext_lazy("ยังไม่ส่ง %(count)s ส่วน: %(what)s กำหนดส่ง %(day)s (%(left)s)"),
    ),
    "part.overdue": NoticeKind(
        gettext_lazy("เลยกำหนดส่ง %(day)s แล้ว ยังค้าง %(count)s ส่วน"),
        "alarm",
        deadline=True,
        detailed=gettext_lazy("เลยกำหนดส่ง %(day)s แล้ว (%(left)s) ยังค้าง %(count)s ส่วน: %(what)s"),
    ),
    "part.escalated": NoticeKind(
        gettext_lazy("%(agency)s เลยกำหนดส่ง %(day)s แล้ว ยังไม่ส่ง %(what)s ผู้ประสานงาน: %(who)s"), "alarm", deadline=True
    ),
    "part.headless": NoticeKind(
        gettext_lazy("%(agency)s เลยกำหนดส่ง %(day)s แล้ว ยังไม่ส่ง %(what)s และยังไม่ได้ระบุหัวหน้าหน่วยงานที่จะแจ้ง"),
        "alarm",
        deadline=True,
    ),
    "stand_in": NoticeKind(gettext_lazy("ท่านเป็นผู้ทำแทน %(who)s ที่%(agency)s ตั้งแต่ %(day)s ถึง %(until)s"), "person-badge"),
    "stand_in.for": NoticeKind(
        gettext_lazy("%(name)s เป็นผู้ทำแทน %(who)s ที่%(agency)s ตั้งแต่ %(day)s ถึง %(until)s"), "person-badge"
    ),
    "stand_in.end": NoticeKind(gettext_lazy("การทำแทนของ %(name)s ที่%(agency)s ยุติแล้ว"), "person-x"),
    "comment": NoticeKind(gettext_lazy("%(who)s เขียนถึงท่านที่ %(what)s: %(text)s"), "chat-left-text"),
    "changed": NoticeKind(gettext_lazy("%(agency)s เปลี่ยนคำตอบ %(what)s หลังจากรวมคำตอบแล้ว"), "arrow-repeat"),
    "meeting": NoticeKind(gettext_lazy("ประชุมคณะกรรมการ %(committee)s วันที่ %(day)s %(place)s"), "people"),
    "meeting.soon": NoticeKind(
        gettext_lazy("ประชุมคณะกรรมการ %(committee)s วันที่ %(day)s (%(left)s)"), "people", deadline=True
    ),
    "meeting.cancel": NoticeKind(gettext_lazy("ยกเลิกการประชุมคณะกรรมการ %(committee)s วันที่ %(day)s"), "people"),
    "meeting.endorsed": NoticeKind(gettext_lazy("คณะกรรมการ %(committee)s เห็นชอบคำตอบของ%(own)sแล้ว"), "check2-circle"),
    "meeting.returned": NoticeKind(
        gettext_lazy("คณะกรรมการ %(committee)s ส่งคำตอบของ%(own)sกลับให้แก้ไข"), "arrow-return-left"
    ),
    "response.submit": NoticeKind(gettext_lazy("%(who)s เสนอคำตอบของ%(own)sเพื่ออนุมัติ ภายใน %(day)s (%(left)s)"), "send"),
    "response.return": NoticeKind(gettext_lazy("%(who)s ส่งคำตอบของ%(own)sกลับให้แก้ไข"), "arrow-return-left"),
    "response.approve": NoticeKind(gettext_lazy("%(who)s อนุมัติคำตอบของ%(own)sแล้ว"), "patch-check"),
    "response.reopen": NoticeKind(gettext_lazy("%(who)s เปิดคำตอบที่อนุมัติแล้วให้แก้ไข: %(reason)s"), "unlock"),
    "centre.submit": NoticeKind(gettext_lazy("%(who)s เสนอคำตอบของ%(own)sต่อ%(chief)sแล้ว"), "send"),
    "centre.approve": NoticeKind(gettext_lazy("%(who)s อนุมัติคำตอบของ%(own)sแล้ว"), "patch-check"),
    "centre.reopen": NoticeKind(gettext_lazy("%(who)s เปิดคำตอบที่อนุมัติแล้วให้แก้ไข: %(reason)s"), "unlock"),
    "closing": NoticeKind(
        gettext_lazy("ปิดรับการอนุมัติ %(day)s (%(left)s) คำตอบของ%(own)s%(state)s"), "alarm", deadline=True
    ),
    "round.agency_due": NoticeKind(
        gettext_lazy("กำหนดส่งของหน่วยงานเปลี่ยนเป็น %(day)s (%(left)s)"), "calendar-event", deadline=True
    ),
    "round.committee_on": NoticeKind(
        gettext_lazy("วันประชุมคณะกรรมการ %(committee)s เปลี่ยนเป็น %(day)s"), "calendar-event"
    ),
    "round.closes_at": NoticeKind(
        gettext_lazy("วันปิดรับการอนุมัติเปลี่ยนเป็น %(day)s (%(left)s)"), "calendar-event", deadline=True
    ),
    "round.extend": NoticeKind(
        gettext_lazy("ขยายเวลาปิดรับการอนุมัติถึง %(day)s (%(left)s): %(reason)s"), "calendar-plus", deadline=True
    ),
    "nation.message": NoticeKind(gettext_lazy("ข้อความจากส่วนกลาง · %(title)s: %(text)s"), "megaphone"),
    "nation.remind": NoticeKind(
        gettext_lazy("ส่วนกลางเตือนว่ารอบนี้ปิดรับการอนุมัติ %(day)s (%(left)s) และยังไม่ได้เสนอคำตอบ"), "alarm", deadline=True
    ),
    "form.moved": NoticeKind(
        gettext_lazy(
            "รอบนี้ใช้แบบสำรวจฉบับที่ %(version)s แล้ว คำตอบในส่วนของท่านคงไว้ %(kept)s ช่อง "
            "รายการค้างเพิ่ม %(opened)s ลด %(closed)s ส่วนที่ไม่ต้องตอบแล้ว %(gone)s ข้อที่ควรดู: %(what)s"
        ),
        "journal-arrow-up",
    ),
    "delegation": NoticeKind(gettext_lazy("ท่านได้รับมอบอำนาจอนุมัติแทน%(chief)s %(day)s ถึง %(until)s"), "person-badge"),
    "delegation.revoke": NoticeKind(gettext_lazy("การมอบอำนาจอนุมัติของท่านถูกยกเลิกแล้ว"), "person-x"),
    "role": NoticeKind(gettext_lazy("บทบาทของท่านเปลี่ยน %(what)s"), "person-badge"),
    "letters.given_up": NoticeKind(gettext_lazy("มีอีเมลส่งไม่สำเร็จ %(count)s ฉบับ"), "envelope-exclamation"),
    "file.infected": NoticeKind(
        gettext_lazy("พบไวรัส %(virus)s ในไฟล์ %(name)s ระบบไม่ให้เปิดไฟล์นี้ โปรดนำออกแล้วแนบไฟล์ใหม่"), "bug"
    ),
    "evidence.insufficient": NoticeKind(
        gettext_lazy("ผู้ตรวจเห็นว่าหลักฐาน “%(name)s” ของข้อ %(what)s ยังไม่พอ: %(reason)s"), "clipboard-x"
    ),
    "evidence.passage": NoticeKind(
        gettext_lazy("ผู้ตรวจเห็นว่าหลักฐาน “%(name)s” ของข้อ %(what)s ข้อความไม่ตรงกับคำตอบ: %(reason)s"), "clipboard-x"
    ),
    "evidence.outdated": NoticeKind(
        gettext_lazy("ผู้ตรวจเห็นว่าหลักฐาน “%(name)s” ของข้อ %(what)s เก่าเกินไป: %(reason)s"), "clipboard-x"
    ),
    "scanner.away": NoticeKind(gettext_lazy("เครื่องมือตรวจไวรัสไม่ตอบ ไฟล์ใหม่ยังรอตรวจ: %(why)s"), "bug"),
    "file.altered": NoticeKind(
        gettext_lazy("ไฟล์ “%(what)s” ในที่เก็บไม่ตรงกับไฟล์ที่ส่งเข้ามา จึงไม่ให้ดาวน์โหลด"), "exclamation-octagon"
    ),
    "file.checked": NoticeKind(
        gettext_lazy("ตรวจไฟล์ในที่เก็บแล้วพบไฟล์ที่หายหรือไม่ตรงกับที่ส่งเข้ามาอย่างน้อย %(count)s ไฟล์"), "exclamation-octagon"
    ),
    "file.missing": NoticeKind(gettext_lazy("ไม่พบไฟล์ “%(what)s” ในที่เก็บ"), "exclamation-octagon"),
    "objection.filed": NoticeKind(
        gettext_lazy("จังหวัด%(province)s โต้แย้งผลปี %(year)s ตัวชี้วัดย่อย %(code)s รอวินิจฉัย"), "chat-left-quote"
    ),
    "objection.decided.upheld": NoticeKind(
        gettext_lazy("ส่วนกลางรับข้อโต้แย้งผลปี %(year)s ตัวชี้วัดย่อย %(code)s ตามที่ขอ คะแนนเป็น %(score)s"), "check2-circle"
    ),
    "objection.decided.partly": NoticeKind(
        gettext_lazy("ส่วนกลางรับข้อโต้แย้งผลปี %(year)s ตัวชี้วัดย่อย %(code)s บางส่วน คะแนนเป็น %(score)s"), "check2-circle"
    ),
    "objection.decided.refused": NoticeKind(
        gettext_lazy("ส่วนกลางไม่รับข้อโต้แย้งผลปี %(year)s ตัวชี้วัดย่อย %(code)s คะแนน %(score)s อ่านเหตุผลในหน้าโต้แย้งผล"),
        "slash-circle",
    ),
    "journal.fault": NoticeKind(gettext_lazy("ตรวจบันทึกเหตุการณ์แล้วพบความผิดปกติ %(count)s รายการ"), "exclamation-octagon"),
}
DATE_FIELDS = ("day", "until")  # keys of the data that hold ISO dates, formatted in the reader's language


def notice_text(
    kind: str, data: Mapping[str, Any], today: date | None = None, respondent: str = RespondentKind.PROVINCE
) -> str:
    """The text of a notice in the reader's language; an unknown kind shows the `text` of its data.

    `today`: the day from which days are counted that are left. `respondent`: the kind of whose round it is about.
    """
    notice_kind = NOTICE_KINDS.get(kind)
    if notice_kind is None:
        return str(data.get("text", kind))
    formatted = {**respondent_words(respondent), **_format_data(data, today or timezone.localdate())}
    if notice_kind.detailed and all(data.get(key) for key in ("what", "day", "count")):
        return str(notice_kind.detailed) % _EmptyWhenMissing(formatted)
    return str(notice_kind.text) % _EmptyWhenMissing(formatted)


def _format_data(data: Mapping[str, Any], today: date) -> dict[str, str]:
    formatted = {key: str(value) for key, value in data.items()}
    language: thai.Language = reader_language()
    if data.get("day"):
        formatted["left"] = time_left_text((date.fromisoformat(str(data["day"])) - today).days)
    for key in DATE_FIELDS:
        if key in formatted:
            formatted[key] = thai.format_date(date.fromisoformat(formatted[key]), language, "short")
    return formatted


def time_left_text(days: int) -> str:
    """The time left until a day, as text: "today", "in n days", or how long ago it was."""
    if days == 0:
        return _("วันนี้")
    if days < 0:
        return ngettext("ผ่านมาแล้ว %(days)d วัน", "ผ่านมาแล้ว %(days)d วัน", -days) % {"days": -days}
    return ngettext("อีก %(days)d วัน", "อีก %(days)d วัน", days) % {"days": days}


class _EmptyWhenMissing(dict[str, str]):
    """Mapping for %-formatting in which a missing key is empty text: old notices may lack one."""

    def __missing__(self, key: str) -> str:
        return ""
