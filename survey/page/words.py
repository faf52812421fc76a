"""The interface words of the compiled question cards, translated when a card is compiled."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_WORDS = {
    "add_row": gettext_noop("เพิ่มรายการ"),
    "all_pages": gettext_noop("ทุกหัวข้อ"),
    "ask": gettext_noop("สอบถาม"),
    "attach": gettext_noop("แนบหลักฐาน"),
    "attach_or_url": gettext_noop("แนบหลักฐาน (หรือกรอก URL)"),
    "by": gettext_noop("โดย"),
    "wipe": gettext_noop("ล้างคำตอบข้อนี้"),
    "every_page": gettext_noop("ทุกหัวข้อของแบบสำรวจ"),
    "own_pages": gettext_noop("เฉพาะข้อที่มอบหมาย"),
    "conditional": gettext_noop("เปิดเมื่อเลือกตัวเลือกนี้"),
    "help": gettext_noop("คำอธิบาย"),
    "history": gettext_noop("ประวัติ"),
    "lacks_evidence": gettext_noop("ขาดหลักฐาน"),
    "marked": gettext_noop("ทำเครื่องหมายแล้ว"),
    "month": gettext_noop("เดือน"),
    "no_file": gettext_noop("ยังไม่มีไฟล์หลักฐาน"),
    "not_marked": gettext_noop("ยังไม่ทำเครื่องหมายข้อความ"),
    "not_saved": gettext_noop("ยังไม่ได้ตอบ"),
    "official": gettext_noop("ข้อความในแบบสำรวจ"),
    "optional": gettext_noop("(ถ้ามี)"),
    "pick_many": gettext_noop("ตอบได้มากกว่า 1 ข้อ"),
    "places": gettext_noop("จุด"),
    "progress": gettext_noop("ตอบแล้ว %s จาก %s ช่อง ขาดหลักฐาน %s จุด"),
    "remove_row": gettext_noop("ลบรายการนี้"),
    "row": gettext_noop("รายการที่"),
    "save": gettext_noop("บันทึก"),
    "saved": gettext_noop("บันทึกแล้ว"),
    "see_evidence": gettext_noop("ดูหลักฐาน"),
    "skipped": gettext_noop("ข้ามข้อนี้"),
    "unsure": gettext_noop("ยังไม่แน่ใจ ขอให้ตรวจอีกครั้ง"),
    "unsure_note": gettext_noop("หมายเหตุถึงผู้ตรวจ"),
    "up_to": gettext_noop("ไม่เกิน"),
    "year_be": gettext_noop("ปี พ.ศ."),
}


def words() -> dict[str, str]:
    """The words in the active language."""
    return {key: gettext(text) for key, text in _WORDS.items()}
