"""Interface texts of the compiled question cards, translated when a card is compiled."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop
from markupsafe import Markup

_TEXTS = {
    "infected": gettext_noop("พบไวรัส ไม่นับเป็นหลักฐาน"),
    "active_content": gettext_noop("มีเนื้อหาที่ทำงานเอง"),
    "add_row": gettext_noop("เพิ่มรายการ"),
    "all_pages": gettext_noop("ทุกหัวข้อ"),
    "ask": gettext_noop("สอบถาม"),
    "attach": gettext_noop("แนบหลักฐาน"),
    "attach_or_url": gettext_noop("แนบหลักฐาน (หรือกรอก URL)"),
    "by": gettext_noop("โดย"),
    "check": gettext_noop("ตรวจความครบถ้วน"),
    "close": gettext_noop("ปิด"),
    "conditional": gettext_noop("เปิดเมื่อเลือกตัวเลือกนี้"),
    "doubtful": gettext_noop("ส่วนที่ขีดเน้นอ่านจากต้นฉบับได้ไม่ชัด"),
    "every_page": gettext_noop("ทุกหัวข้อของแบบสำรวจ"),
    "failed": gettext_noop("บันทึกไม่สำเร็จ ลองอีกครั้ง"),
    "general": gettext_noop("ข้อมูลทั่วไป"),
    "help": gettext_noop("คำอธิบาย"),
    "history": gettext_noop("ประวัติ"),
    "kept": gettext_noop("ยังส่งไม่ได้ เก็บสิ่งที่พิมพ์ไว้ในเครื่องนี้แล้ว จะส่งให้เมื่อเชื่อมต่อได้"),
    "leave": gettext_noop("ออกจากหน้านี้"),
    "lacks_evidence": gettext_noop("ขาดหลักฐาน"),
    "level_five": gettext_noop("ระดับ 5:"),
    "marked": gettext_noop("ทำเครื่องหมายแล้ว"),
    "missing_and_proof": gettext_noop("ยังขาดอะไร ใช้หลักฐานใด"),
    "missing_now": gettext_noop("ยังขาดอะไร"),
    "month": gettext_noop("เดือน"),
    "more": gettext_noop("เพิ่มเติม"),
    "no_area": gettext_noop("หน้าเป็นภาพ ยังไม่ได้ชี้ตำแหน่ง"),
    "no_quote": gettext_noop("ไม่พบข้อความที่คัดไว้"),
    "rejected": gettext_noop("ผู้ตรวจยังไม่รับ"),
    "to_confirm": gettext_noop("จากปีก่อน รอยืนยัน"),
    "lost_quote": gettext_noop("ไม่พบข้อความในฉบับใหม่"),
    "next_point": gettext_noop("จุดที่ยังค้างถัดไป"),
    "no_file": gettext_noop("ยังไม่มีไฟล์หลักฐาน"),
    "not_marked": gettext_noop("ยังไม่ทำเครื่องหมายข้อความ"),
    "not_saved": gettext_noop("ยังไม่ได้ตอบ"),
    "nothing_assigned": gettext_noop("หน้านี้ไม่มีข้อที่มอบหมายให้หน่วยงาน"),
    "official": gettext_noop("ตามถ้อยคำของ DGA"),
    "definitions": gettext_noop("คำนิยาม"),
    "official_definition": gettext_noop("คำนิยามตามถ้อยคำของ DGA"),
    "open_point": gettext_noop("จุดที่ยังค้าง"),
    "open_points": gettext_noop("จุดที่ยังค้าง"),
    "optional": gettext_noop("(ถ้ามี)"),
    "own_pages": gettext_noop("เฉพาะข้อที่มอบหมาย"),
    "page_help": gettext_noop("คำอธิบายของหน้านี้"),
    "pager": gettext_noop("หน้าถัดไปและก่อนหน้า"),
    "pages": gettext_noop("หัวข้อของแบบสำรวจ"),
    "partly_saved": gettext_noop("บันทึกส่วนที่ถูกต้องแล้ว มีช่องที่ต้องแก้ไข"),
    "pick_many": gettext_noop("ตอบได้มากกว่า 1 ข้อ"),
    "places": gettext_noop("จุด"),
    "point_list": gettext_noop("รายการที่ค้างทั้งหมด"),
    "progress": gettext_noop("ตอบแล้ว %s จาก %s ช่อง ขาดหลักฐาน %s จุด"),
    "progress_answers": gettext_noop("ตอบแล้ว %s จาก %s ช่อง"),
    "proof": gettext_noop("หลักฐานที่ใช้ได้"),
    "read_only": gettext_noop("อ่านได้อย่างเดียว"),
    "remove_row": gettext_noop("ลบรายการนี้"),
    "removed": gettext_noop("ลบรายการแล้ว"),
    "restored": gettext_noop("นำสิ่งที่พิมพ์ค้างไว้ในเครื่องนี้กลับมาแล้ว กำลังส่ง"),
    "rest_given": gettext_noop("ตอบให้แล้ว %s แถว"),
    "rest_no": gettext_noop("ตอบ “%s” ให้แถวที่เหลือ"),
    "row": gettext_noop("รายการที่"),
    "save": gettext_noop("บันทึก"),
    "saved": gettext_noop("บันทึกแล้ว"),
    "saving": gettext_noop("กำลังบันทึก…"),
    "see_evidence": gettext_noop("ดูหลักฐาน"),
    "see_score": gettext_noop("ดูคะแนน"),
    "settled_point": gettext_noop("จุดนี้ตอบแล้ว"),
    "signed_out": gettext_noop("หมดเวลาเข้าใช้งาน เก็บสิ่งที่พิมพ์ไว้ในเครื่องนี้แล้ว เข้าสู่ระบบอีกครั้งเพื่อส่ง"),
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


# What the script of the filling page says, by its name there.
_SAID_BY_SCRIPT = {
    "saving": "saving",
    "kept": "kept",
    "out": "signed_out",
    "invalid": "partly_saved",
    "restored": "restored",
    "failed": "failed",
    "close": "close",
    "removed": "removed",
    "undo": "undo",
    "waiting": "waiting",
    "stay": "stay",
    "leave": "leave",
}


def script_text_attributes(texts: Mapping[str, str]) -> Markup:
    """The texts that the script of the filling page says, as attributes of the element around the cards."""
    said = ((f"data-say-{name}", texts[key]) for name, key in _SAID_BY_SCRIPT.items())
    return Markup(" ").join(Markup('{}="{}"').format(name, text) for name, text in said)
