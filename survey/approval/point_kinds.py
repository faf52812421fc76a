"""The names of the kinds of open points, each with the icon of its pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

POINT_KINDS: dict[str, tuple[str | Promise, str]] = {
    "missing": (gettext_lazy("ยังไม่ได้ตอบ"), "pencil-square"),
    "no_file": (gettext_lazy("ยังไม่แนบหลักฐาน"), "paperclip"),
    "no_mark": (gettext_lazy("หลักฐานยังไม่ทำเครื่องหมาย"), "highlighter"),
    "no_quote": (gettext_lazy("ไม่พบข้อความที่คัดไว้ในไฟล์"), "search"),
    "no_area": (gettext_lazy("หน้าเป็นภาพ ยังไม่ได้ชี้ตำแหน่ง"), "bounding-box"),
    "lost_quote": (gettext_lazy("ไม่พบข้อความในฉบับใหม่ของไฟล์"), "file-earmark-diff"),
    "checking": (gettext_lazy("กำลังตรวจข้อความ"), "hourglass-split"),
    "rejected": (gettext_lazy("หลักฐานที่ผู้ตรวจยังไม่รับ"), "clipboard-x"),
    "unconfirmed": (gettext_lazy("หลักฐานจากปีก่อน ยังไม่ได้ยืนยัน"), "hourglass-split"),
    "contradiction": (gettext_lazy("คำตอบขัดแย้งกัน"), "exclamation-triangle"),
    "date": (gettext_lazy("วันที่อยู่นอกช่วงเวลา"), "calendar-x"),
    "url": (gettext_lazy("ที่อยู่เว็บไม่ถูกต้อง"), "link-45deg"),
    "unsure": (gettext_lazy("ผู้ตอบขอให้ตรวจอีกครั้ง"), "question-circle"),
    "comment": (gettext_lazy("ข้อสังเกตที่ยังไม่ได้แก้ไข"), "chat-left-text"),
}
