"""Interface texts of the compiled question cards, translated when a card is compiled."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_TEXTS = {
    "add_row": gettext_noop("เพิ่มรายการ"),
    "all_pages": gettext_noop("ทุกหัวข้อ"),
    "ask": gettext_noop("สอบถาม"),
    "attach": gettext_noop("แนบหลักฐาน"),
    "attach_or_url": gettext_noop("แนบหลักฐาน (หรือกรอก URL)"),
    "by": gettext_noop("โดย"),
    "check": gettext_noop("ตรวจความครบถ้วน"),
    "close": gettext_noop("ปิด"),
    "conditional": gettext_noop("เปิดเมื่อเลือกตัวเลือกนี้"),
    "every_page": gettext_noop("ทุกหัวข้อของแบบสำรวจ"),
    "failed": gettext_noop("บันทึกไม่สำเร็จ ลองอีกครั้ง"),
    "help": gettext_noop("คำอธิบาย"),
    "history": gettext_noop("ประวัติ"),
    "kept": gettext_noop("ยังส่งไม่ได้ เก็บสิ่งที่พิมพ์ไว้ในเครื่องนี้แล้ว จะส่งให้เมื่อเชื่อมต่อได้"),
    "leave": gettext_noop("ออกจากหน้านี้"),
    "lacks_evidence": gettext_noop("ขาดหลักฐาน"),
    "marked": gettext_noop("ทำเครื่องหมายแล้ว"),
    "month": gettext_noop("เดือน"),
    "no_file": gettext_noop("ยังไม่มีไฟล์หลักฐาน"),
    "not_marked": gettext_noop("ยังไม่ทำเครื่องหมายข้อความ"),
    "not_saved": gettext_noop("ยังไม่ได้ตอบ"),
    "nothing_assigned": gettext_noop("หน้านี้ไม่มีข้อที่มอบหมายให้หน่วยงาน"),
    "official": gettext_noop("ข้อความในแบบสำรวจ"),
    "optional": gettext_noop("(ถ้ามี)"),
    "own_pages": gettext_noop("เฉพาะข้อที่มอบหมาย"),
    "page_help": gettext_noop("คำอธิบายของหน้านี้"),
    "pager": gettext_noop("หน้าถัดไปและก่อนหน้า"),
    "pages": gettext_noop("หัวข้อของแบบสำรวจ"),
    "partly_saved": gettext_noop("บันทึกส่วนที่ถูกต้องแล้ว มีช่องที่ต้องแก้ไข"),
    "pick_many": gettext_noop("ตอบได้มากกว่า 1 ข้อ"),
    "places": gettext_noop("จุด"),
    "progress": gettext_noop("ตอบแล้ว %s จาก %s ช่อง ขาดหลักฐาน %s จุด"),
    "read_only": gettext_noop("อ่านได้อย่างเดียว"),
    "remove_row": gettext_noop("ลบรายการนี้"),
    "removed": gettext_noop("ลบรายการแล้ว"),
    "restored": gettext_noop("นำสิ่งที่พิมพ์ค้างไว้ในเครื่องนี้กลับมาแล้ว กำลังส่ง"),
    "row": gettext_noop("รายการที่"),
    "save": gettext_noop("บันทึก"),
    "saved": gettext_noop("บันทึกแล้ว"),
    "saving": gettext_noop("กำลังบันทึก…"),
    "see_evidence": gettext_noop("ดูหลักฐาน"),
    "see_score": gettext_noop("ดูคะแนน"),
    "signed_out": gettext_noop("หมดเวลาเข้าใช้งาน เก็บสิ่งที่พิมพ์ไว้ในเครื่องนี้แล้ว เข้าสู่ระบบอีกครั้งเพื่อส่ง"),
    "skipped": gettext_noop("ข้ามข้อนี้"),
    "stay": gettext_noop("เปิดหน้าอื่นไม่ได้ขณะขาดการเชื่อมต่อ จึงอยู่ที่หน้านี้ก่อน"),
    "to_pages": gettext_noop("ไปหัวข้ออื่น"),
    "to_pages_and_score": gettext_noop("ไปหัวข้ออื่นและดูคะแนน"),
    "undo": gettext_noop("เลิกทำ"),
    "unsure": gettext_noop("ยังไม่แน่ใจ ขอให้ตรวจอีกครั้ง"),
    "unsure_note": gettext_noop("หมายเหตุถึงผู้ตรวจ"),
    "up_to": gettext_noop("ไม่เกิน"),
    "waiting": gettext_noop("รอส่ง %s ข้อ"),
    "wipe": gettext_noop("ล้างคำตอบข้อนี้"),
    "year_be": gettext_noop("ปี พ.ศ."),
}


def card_interface_texts() -> dict[str, str]:
    """The interface texts in the active language, by key."""
    return {key: gettext(text) for key, text in _TEXTS.items()}
