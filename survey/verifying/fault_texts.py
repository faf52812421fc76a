"""The words of the faults that a verification finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from survey.verifying.report import JournalFault

MAX_WORDS = 120  # characters of a value that a sentence shows

# What a kind of row is called; its faults are KIND.changed, KIND.missing and KIND.unknown.
KIND_LABELS: Final[dict[str, str | Promise]] = {
    "answer": gettext_lazy("คำตอบ"),
    "carried": gettext_lazy("คำตอบที่ยกมาจากปีก่อน"),
    "comment": gettext_lazy("ข้อสังเกต"),
    "consolidation": gettext_lazy("การตัดสินของจังหวัด"),
    "delegation": gettext_lazy("การมอบอำนาจอนุมัติ"),
    "evidence": gettext_lazy("หลักฐานที่แนบ"),
    "external": gettext_lazy("คะแนนจากภายนอก"),
    "form": gettext_lazy("ฉบับของแบบสำรวจที่ใช้"),
    "mark": gettext_lazy("เครื่องหมายในหลักฐาน"),
    "meeting": gettext_lazy("การประชุมคณะกรรมการ"),
    "member": gettext_lazy("กรรมการในทะเบียน"),
    "membership": gettext_lazy("บทบาทของผู้ใช้"),
    "minutes": gettext_lazy("บันทึกการประชุม"),
    "objection": gettext_lazy("ข้อโต้แย้งผล"),
    "objection_decision": gettext_lazy("คำวินิจฉัยข้อโต้แย้งผล"),
    "order": gettext_lazy("คำสั่งแต่งตั้งคณะกรรมการ"),
    "part": gettext_lazy("ส่วนที่มอบหมายให้หน่วยงาน"),
    "release": gettext_lazy("รายงานระดับประเทศที่เผยแพร่"),
    "reply_window": gettext_lazy("ช่วงเวลารับข้อโต้แย้งผล"),
    "response": gettext_lazy("ชุดคำตอบ"),
    "result": gettext_lazy("ผลที่ประกาศ"),
    "benchmark": gettext_lazy("ค่าระดับประเทศ"),
    "round": gettext_lazy("รอบสำรวจ"),
    "stand_in": gettext_lazy("ผู้ทำแทนผู้ประสานงาน"),
    "version": gettext_lazy("ฉบับที่อนุมัติ"),
}
KIND_TEXTS: Final[dict[str, str | Promise]] = {
    "changed": gettext_lazy("%(what)sไม่ตรงกับบันทึกเหตุการณ์"),
    "missing": gettext_lazy("%(what)sหายไป แต่มีในบันทึกเหตุการณ์"),
    "unknown": gettext_lazy("%(what)sไม่มีในบันทึกเหตุการณ์"),
}
FAULT_TEXTS: Final[dict[str, str | Promise]] = {
    "anchor.altered": gettext_lazy("ไฟล์ค่าตรวจสอบนอกฐานข้อมูลถูกแก้ไข"),
    "anchor.event_missing": gettext_lazy("เหตุการณ์หายไป ทั้งที่มีอยู่เมื่อเก็บค่าตรวจสอบไว้นอกฐานข้อมูล"),
    "anchor.head": gettext_lazy("เหตุการณ์ไม่ตรงกับค่าตรวจสอบที่เก็บไว้นอกฐานข้อมูล"),
    "anchor.link": gettext_lazy("ลำดับของบันทึกการเปลี่ยนบัญชีไม่ตรงกับค่าตรวจสอบที่เก็บไว้นอกฐานข้อมูล"),
    "anchor.log": gettext_lazy("บันทึกการเปลี่ยนบัญชีไม่ตรงกับค่าตรวจสอบที่เก็บไว้นอกฐานข้อมูล"),
    "anchor.missing": gettext_lazy("ไฟล์ค่าตรวจสอบหายไปจากที่เก็บ"),
    "anchor.response_missing": gettext_lazy("ชุดคำตอบหายไป ทั้งที่มีอยู่เมื่อเก็บค่าตรวจสอบไว้นอกฐานข้อมูล"),
    "chain.cut": gettext_lazy("มีข้อมูลใหม่กว่าเหตุการณ์ล่าสุด เหตุการณ์ท้ายสุดถูกตัดออก"),
    "chain.gap": gettext_lazy("เหตุการณ์ก่อนหน้าหายไป"),
    "chain.hash": gettext_lazy("เนื้อหาของเหตุการณ์ไม่ตรงกับค่าตรวจสอบ"),
    "chain.head": gettext_lazy("เหตุการณ์ล่าสุดไม่ใช่เหตุการณ์ที่ชุดคำตอบจดไว้"),
    "chain.link": gettext_lazy("เหตุการณ์ไม่ต่อจากเหตุการณ์ก่อนหน้า"),
    "log.gap": gettext_lazy("บันทึกบัญชีผู้ใช้: รายการก่อนหน้าหายไป"),
    "log.hash": gettext_lazy("บันทึกบัญชีผู้ใช้: เนื้อหาของรายการไม่ตรงกับค่าตรวจสอบ"),
    "log.link": gettext_lazy("บันทึกบัญชีผู้ใช้: รายการไม่ต่อจากรายการก่อนหน้า"),
    "log.origin": gettext_lazy("บันทึกบัญชีผู้ใช้: ที่อยู่ IP หรือเบราว์เซอร์ของรายการถูกแก้ หรือหายไปก่อนพ้นเวลาเก็บ"),
    "log.unlinked": gettext_lazy("บันทึกบัญชีผู้ใช้: รายการนี้ไม่อยู่ในลำดับที่ตรวจสอบได้"),
    "chain.lost": gettext_lazy("ชุดคำตอบหายไป แต่บันทึกเหตุการณ์ยังอยู่"),
    "event.before": gettext_lazy("ค่าเดิมที่เหตุการณ์เล่าไม่ตรงกับเหตุการณ์ก่อนหน้า"),
    "event.data": gettext_lazy("เหตุการณ์ไม่มีรายละเอียดที่ต้องมี"),
    "event.verb": gettext_lazy("ไม่รู้จักเหตุการณ์ชนิดนี้"),
    "file.published": gettext_lazy("ไฟล์ของแบบ เกณฑ์ หรือความเชื่อมโยงไม่ตรงกับค่าตรวจสอบ"),
    "file.missing": gettext_lazy("ไม่พบไฟล์ในที่เก็บไฟล์"),
    "file.sha256": gettext_lazy("เนื้อหาของไฟล์ไม่ตรงกับค่าตรวจสอบ"),
    "file.size": gettext_lazy("ขนาดของไฟล์ไม่ตรงกับที่บันทึกไว้"),
    "file.unreadable": gettext_lazy("อ่านไฟล์จากที่เก็บไฟล์ไม่ได้"),
    "instrument.checksum": gettext_lazy("แบบสำรวจที่เผยแพร่ไม่ตรงกับค่าตรวจสอบ"),
    "instrument.official": gettext_lazy("ถ้อยคำของ สพร. ที่แนบกับแบบสำรวจไม่ตรงกับค่าตรวจสอบ"),
    "instrument.row": gettext_lazy("ข้อในฐานข้อมูลไม่ตรงกับแบบสำรวจที่เผยแพร่"),
    "more": gettext_lazy("ยังมีความผิดปกติอื่นอีก"),
    "response.step": gettext_lazy("ขั้นตอนเริ่มจากสถานะที่ชุดคำตอบไม่ได้อยู่"),
    "response.unreadable": gettext_lazy("อ่านข้อมูลของชุดคำตอบไม่ได้"),
    "scheme.checksum": gettext_lazy("เกณฑ์คะแนนที่เผยแพร่ไม่ตรงกับค่าตรวจสอบ"),
    "scheme.missing": gettext_lazy("ไม่พบเกณฑ์คะแนนที่รอบสำรวจใช้"),
    "version.answers": gettext_lazy("คำตอบปัจจุบันไม่ตรงกับฉบับที่อนุมัติ"),
    "version.count": gettext_lazy("จำนวนฉบับที่มีผลไม่ตรงกับสถานะของชุดคำตอบ"),
    "version.evidence": gettext_lazy("หลักฐานปัจจุบันไม่ตรงกับฉบับที่อนุมัติ"),
    "version.external": gettext_lazy("คะแนนจากภายนอกปัจจุบันไม่ตรงกับฉบับที่อนุมัติ"),
    "version.form": gettext_lazy("ข้อความของฉบับที่อนุมัติไม่อยู่ในรูปมาตรฐาน"),
    "version.hash": gettext_lazy("ข้อความของฉบับที่อนุมัติไม่ตรงกับค่าตรวจสอบ"),
    "version.instrument": gettext_lazy("ไม่พบแบบสำรวจที่ฉบับที่อนุมัติระบุ"),
    "version.number": gettext_lazy("เลขฉบับในข้อความไม่ตรงกับที่บันทึกไว้"),
    "version.scheme": gettext_lazy("เกณฑ์คะแนนในฉบับที่อนุมัติไม่ตรงกับค่าตรวจสอบ"),
    "version.text": gettext_lazy("ข้อความของฉบับที่อนุมัติไม่ตรงกับบันทึกเหตุการณ์"),
    "version.unreadable": gettext_lazy("อ่านข้อความของฉบับที่อนุมัติไม่ได้"),
}


def describe_fault(fault: JournalFault) -> str:
    """A fault in the reader's language: where it is, what is wrong, what it should be and what it is."""
    pair = ""
    if fault.expected is not None or fault.found is not None:
        values = {"expected": _words(fault.expected), "found": _words(fault.found)}
        pair = _("ควรเป็น %(expected)s แต่พบ %(found)s") % values
    return ": ".join(filter(None, [" ".join(_places(fault)), fault_title(fault.code), pair]))


def fault_title(code: str) -> str:
    """What kind of fault it is, in the reader's language."""
    if code in FAULT_TEXTS:
        return str(FAULT_TEXTS[code])
    kind, _dot, name = code.rpartition(".")
    if kind in KIND_LABELS and name in KIND_TEXTS:
        return str(KIND_TEXTS[name]) % {"what": KIND_LABELS[kind]}
    return code


def _places(fault: JournalFault) -> Iterator[str]:
    """Where a fault is, from the province to the event."""
    if fault.province:
        yield _("จังหวัด %(code)s") % {"code": fault.province}
    if fault.year:
        yield _("ปี %(year)s") % {"year": fault.year}
    if fault.response:
        yield _("ชุดคำตอบ %(number)s") % {"number": fault.response}
    if fault.question:
        yield _("ข้อ %(code)s") % {"code": fault.question}
    if fault.place:
        yield _("จุดแนบ %(place)s") % {"place": fault.place}
    if fault.subject:
        yield f"({fault.subject})"
    if fault.field:
        yield _("ช่อง %(field)s") % {"field": fault.field}
    if fault.seq:
        yield _("เหตุการณ์ที่ %(number)s") % {"number": fault.seq}


def _words(value: Any) -> str:
    """A value as a sentence shows it."""
    if value in (None, "", [], {}):
        return _("ไม่มี")
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS]}…"
