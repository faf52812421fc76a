"""The words and addresses of tasks and of the steps of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.respondents import RespondentKind, kind_of_code, respondent_words
from survey.first_page.waiting import WaitingTask
from survey.first_page.year_steps import StepKey, StepState


@dataclass(frozen=True, slots=True)
class _Words:
    """A task in words: what waits (with %(n)d where it is counted), its button, and the name of its address."""

    text: str | Promise
    button: str | Promise
    page: str


STEP_NAMES: Final[Mapping[StepKey, Promise]] = {
    "open": gettext_lazy("เปิดรอบ"),
    "assign": gettext_lazy("มอบหมาย"),
    "answer": gettext_lazy("หน่วยงานตอบ"),
    "consolidate": gettext_lazy("รวมคำตอบ"),
    "check": gettext_lazy("ตรวจ"),
    "committee": gettext_lazy("คณะกรรมการ"),
    "governor": gettext_lazy("ผู้ว่าราชการจังหวัด"),  # in a department its head: `step_name`
    "handed_over": gettext_lazy("ส่ง สพร."),
}
STEP_STATES: Final[Mapping[StepState, Promise]] = {
    "done": gettext_lazy("เสร็จแล้ว"),
    "current": gettext_lazy("ขณะนี้"),
    "ahead": gettext_lazy("ยังไม่ถึง"),
    "skipped": gettext_lazy("ไม่มีในรอบนี้"),
}

TASKS: Final[Mapping[str, _Words]] = {
    "approve": _Words(gettext_lazy("คำตอบของ%(own)sรอท่านอนุมัติ"), gettext_lazy("อนุมัติ"), "survey:approve"),
    "parts_returned": _Words(
        ngettext_lazy("ส่งกลับให้แก้ไข %(n)d ส่วน", "ส่งกลับให้แก้ไข %(n)d ส่วน", "n"), gettext_lazy("ดูและแก้ไข"), "survey:desk"
    ),
    "parts": _Words(ngettext_lazy("ต้องตอบ %(n)d ส่วน", "ต้องตอบ %(n)d ส่วน", "n"), gettext_lazy("เริ่มที่นี่"), "survey:desk"),
    "agency_remarks": _Words(
        ngettext_lazy("ข้อสังเกตที่ต้องตอบ %(n)d เรื่อง", "ข้อสังเกตที่ต้องตอบ %(n)d เรื่อง", "n"),
        gettext_lazy("ตอบข้อสังเกต"),
        "survey:threads",
    ),
    "evidence_rejected": _Words(
        ngettext_lazy("หลักฐานที่ผู้ตรวจยังไม่รับ %(n)d รายการ", "หลักฐานที่ผู้ตรวจยังไม่รับ %(n)d รายการ", "n"),
        gettext_lazy("ดูและแก้ไข"),
        "evidence:listing",
    ),
    "returned": _Words(
        ngettext_lazy("คำตอบถูกส่งกลับให้แก้ไข มีข้อสังเกต %(n)d เรื่อง", "คำตอบถูกส่งกลับให้แก้ไข มีข้อสังเกต %(n)d เรื่อง", "n"),
        gettext_lazy("ดูข้อสังเกต"),
        "survey:threads",
    ),
    "meeting_conclude": _Words(
        gettext_lazy("ถึงวันประชุมคณะกรรมการแล้ว ยังไม่ได้สรุปมติ"), gettext_lazy("บันทึกและสรุปมติ"), "survey:meeting"
    ),
    "remarks": _Words(
        ngettext_lazy("ข้อสังเกตที่ต้องตอบก่อนเสนอ %(n)d เรื่อง", "ข้อสังเกตที่ต้องตอบก่อนเสนอ %(n)d เรื่อง", "n"),
        gettext_lazy("ตอบข้อสังเกต"),
        "survey:threads",
    ),
    "declined": _Words(
        ngettext_lazy("หน่วยงานแจ้งว่าไม่เกี่ยวข้อง %(n)d ส่วน", "หน่วยงานแจ้งว่าไม่เกี่ยวข้อง %(n)d ส่วน", "n"),
        gettext_lazy("ดูและมอบหมายใหม่"),
        "survey:board",
    ),
    "newer_form": _Words(
        gettext_lazy("มีแบบสำรวจฉบับที่ %(n)d รอบนี้ยังใช้ฉบับก่อน"), gettext_lazy("ดูสิ่งที่จะเปลี่ยน"), "scoring:form-move"
    ),
    "accept": _Words(
        ngettext_lazy("หน่วยงานส่งแล้วรอรับ %(n)d ส่วน", "หน่วยงานส่งแล้วรอรับ %(n)d ส่วน", "n"),
        gettext_lazy("ตรวจและรับ"),
        "survey:parts-waiting",
    ),
    "assign": _Words(gettext_lazy("ยังไม่ได้มอบหมายให้หน่วยงานตอบ"), gettext_lazy("มอบหมาย"), "survey:assignments"),
    "consolidate": _Words(
        ngettext_lazy("ข้อที่ยังไม่ได้รวมคำตอบ %(n)d ข้อ", "ข้อที่ยังไม่ได้รวมคำตอบ %(n)d ข้อ", "n"),
        gettext_lazy("รวมคำตอบ"),
        "survey:consolidate",
    ),
    "submit": _Words(gettext_lazy("คำตอบของ%(own)sพร้อมเสนอ%(chief)s"), gettext_lazy("ตรวจและเสนอ"), "survey:submit"),
    "meeting_plan": _Words(gettext_lazy("ยังไม่ได้นัดประชุมคณะกรรมการ"), gettext_lazy("นัดประชุม"), "survey:meeting-new"),
    "open_points": _Words(
        ngettext_lazy("คำตอบของ%(own)sมีรายการค้าง %(n)d รายการ", "คำตอบของ%(own)sมีรายการค้าง %(n)d รายการ", "n"),
        gettext_lazy("ดูรายการค้าง"),
        "survey:check",
    ),
    "meeting_read": _Words(
        gettext_lazy("อ่านคำตอบและมติก่อนการประชุมคณะกรรมการ"), gettext_lazy("อ่านก่อนประชุม"), "survey:meeting"
    ),
    "papers": _Words(
        gettext_lazy("อนุมัติแล้ว ดาวน์โหลดไฟล์ Excel เพื่อส่งให้ สพร."), gettext_lazy("เอกสารและไฟล์"), "reports:list"
    ),
    "extend": _Words(gettext_lazy("ปิดรอบแล้วโดยยังไม่ได้อนุมัติ"), gettext_lazy("ขยายเวลา"), "survey:round-extend"),
    "open_round": _Words(
        gettext_lazy("แบบสำรวจปี %(n)d ประกาศใช้แล้ว ยังไม่ได้เปิดรอบ"), gettext_lazy("เปิดรอบ"), "survey:round-new"
    ),
    "people_secretariat": _Words(gettext_lazy("ยังไม่มีผู้ใช้ในฝ่ายเลขานุการ"), gettext_lazy("เชิญผู้ใช้"), "accounts:invite"),
    "people_governor": _Words(
        gettext_lazy("ยังไม่มีผู้อนุมัติ โปรดแจ้งผู้ดูแลระบบส่วนกลางให้ตั้ง"), gettext_lazy("ดูผู้ใช้"), "accounts:people"
    ),
    "add_agencies": _Words(gettext_lazy("ยังไม่มีหน่วยงาน"), gettext_lazy("เพิ่มหน่วยงาน"), "accounts:agency-new"),
    "people_agencies": _Words(
        ngettext_lazy("หน่วยงานที่ยังไม่มีผู้ประสานงาน %(n)d แห่ง", "หน่วยงานที่ยังไม่มีผู้ประสานงาน %(n)d แห่ง", "n"),
        gettext_lazy("เชิญผู้ประสานงาน"),
        "accounts:people",
    ),
    "invitations": _Words(
        ngettext_lazy("คำเชิญที่หมดอายุแล้ว %(n)d ฉบับ", "คำเชิญที่หมดอายุแล้ว %(n)d ฉบับ", "n"),
        gettext_lazy("ส่งคำเชิญอีกครั้ง"),
        "accounts:people",
    ),
}


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as the page shows it. `post`: the button opens the first part, which makes the agency's form."""

    task: WaitingTask
    text: str
    button: str
    url: str
    left: str
    post: bool = False


def step_name(step: StepKey, code: str) -> str:
    """The name of a step of the year of the respondent with that code."""
    if step == "governor" and kind_of_code(code) == RespondentKind.DEPARTMENT:
        return _("หัวหน้าส่วนราชการ")
    return str(STEP_NAMES[step])


def show_task(task: WaitingTask) -> TaskView:
    """A task in the reader's words, with the address of its action."""
    words = TASKS[task.kind]
    post = False
    url = reverse(words.page, args=task.args)
    if task.kind == "evidence_rejected":
        url = f"{url}?show=rejected"
    if task.agency is not None and task.kind in ("parts", "parts_returned"):
        url = f"{url}?agency={task.agency.code}"
        if task.kind == "parts" and task.agency.first_url:
            url = task.agency.first_url
        elif task.kind == "parts" and task.agency.first_part is not None:
            url, post = reverse("survey:part-open", args=[task.code, task.year, task.agency.first_part]), True
    return TaskView(
        task,
        str(words.text % {"n": task.count, **respondent_words(kind_of_code(task.code))}),
        str(words.button),
        url,
        days_left(task.days),
        post,
    )


def days_left(days: int | None) -> str:
    """How many days are left until a task is due, or how many it is late."""
    if days is None:
        return ""
    if days < 0:
        return ngettext("เลยกำหนด %(n)d วัน", "เลยกำหนด %(n)d วัน", -days) % {"n": -days}
    if days == 0:
        return _("กำหนดวันนี้")
    return ngettext("เหลือ %(n)d วัน", "เหลือ %(n)d วัน", days) % {"n": days}
