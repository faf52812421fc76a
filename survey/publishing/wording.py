"""The parts of forms, schemes and links that a difference is about, in words; what has none stays as in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dgready.structure import StructureChange

CHANGE_NAMES: Final[Mapping[str, str | Promise]] = {
    "added": pgettext_lazy("difference", "เพิ่ม"),
    "removed": pgettext_lazy("difference", "ตัดออก"),
    "changed": pgettext_lazy("difference", "เปลี่ยน"),
}
PART_NAMES: Final[Mapping[str, str | Promise]] = {
    "ask": _("ถ้อยคำ"),
    "label": _("ถ้อยคำ"),
    "title": _("ชื่อ"),
    "name": _("ชื่อ"),
    "message": _("ข้อความ"),
    "help": _("คำอธิบาย"),
    "note": _("หมายเหตุ"),
    "th": _("ไทย"),
    "en": _("อังกฤษ"),
    "section": _("หัวข้อ"),
    "item": _("ข้อ"),
    "code": _("เลขข้อ"),
    "kind": _("ชนิดคำตอบ"),
    "options": _("ตัวเลือก"),
    "rows": _("แถว"),
    "columns": _("คอลัมน์"),
    "when": _("เงื่อนไข"),
    "condition": _("เงื่อนไข"),
    "skip_to": _("ข้ามไปข้อ"),
    "evidence": _("หลักฐาน"),
    "window": _("ช่วงเวลาของหลักฐาน"),
    "period": _("ช่วงเวลาของหลักฐาน"),
    "required": _("ต้องตอบ"),
    "scored": _("คิดคะแนน"),
    "exclusive": _("เลือกร่วมกับข้ออื่นไม่ได้"),
    "min_rows": _("อย่างน้อยกี่รายการ"),
    "max_rows": _("ไม่เกินกี่รายการ"),
    "minimum": _("ค่าต่ำสุด"),
    "maximum": _("ค่าสูงสุด"),
    "integer": _("จำนวนเต็ม"),
    "unit": _("หน่วย"),
    "format": _("รูปแบบ"),
    "parent": _("อยู่ใต้ข้อ"),
    "opened_by": _("เปิดเมื่อตอบ"),
    "checks": _("การตรวจความสอดคล้อง"),
    "pillars": _("ตัวชี้วัด"),
    "sub_pillars": _("ตัวชี้วัดย่อย"),
    "sub_pillar": _("ตัวชี้วัดย่อย"),
    "pillar": _("ตัวชี้วัด"),
    "weight": _("น้ำหนัก"),
    "share": _("สัดส่วน"),
    "criteria": _("เกณฑ์"),
    "parts": _("ส่วนย่อย"),
    "measure": _("วิธีนับ"),
    "steps": _("ขั้นคะแนน"),
    "threshold": _("ตั้งแต่"),
    "points": _("คะแนน"),
    "value": _("ค่า"),
    "origin": _("ที่มา"),
    "source": _("แหล่งที่มา"),
    "rule": _("วิธีรวม"),
    "choice": _("ข้อที่ใช้เลือก"),
    "external": _("คะแนนจากภายนอก"),
    "levels": _("ระดับ"),
    "bands": _("ช่วงระดับ"),
    "not_counted": _("ข้อที่ไม่คิดคะแนน"),
    "readings": _("วิธีอ่านอื่น"),
    "work_kinds": _("ชนิดของงาน"),
    "effort": _("เวลาทำงาน"),
    "links": _("การเชื่อมโยง"),
    "relation": _("ความสัมพันธ์"),
    "comparable": _("เทียบกันได้"),
    "old": _("ข้อเดิม"),
    "new": _("ข้อใหม่"),
    "added": _("ข้อที่เพิ่ม"),
    "figures": _("ตัวเลขที่ประกาศ"),
}


def path_words(change: StructureChange) -> Sequence[tuple[str | Promise, bool]]:
    """The path of a difference as words (False) and as names of the file (True)."""
    return [(PART_NAMES[part], False) if part in PART_NAMES else (part, True) for part in change.path]
