"""Headings, accepted words and messages of a list of assignments, in Thai and English. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from dgready.sheets.workbook import WantedHeadings
from survey.instrument.schema import LocalizedText

ROLES: Final = ("R", "A", "S", "C", "I")


EVERYONE: Final = "ALL"


ListColumn = Literal["agency", "target", "role", "if_any", "due", "note"]


HEADINGS: Mapping[ListColumn, LocalizedText] = {
    "agency": LocalizedText("หน่วยงาน", "Agency"),
    "target": LocalizedText("ตัวชี้วัดหรือข้อ", "Sub-pillar or question"),
    "role": LocalizedText("บทบาท", "Role"),
    "if_any": LocalizedText("ถ้ามี", "If any"),
    "due": LocalizedText("กำหนดส่ง", "Due"),
    "note": LocalizedText("หมายเหตุ", "Note"),
}


REQUIRED: Final[tuple[ListColumn, ...]] = ("agency", "target", "role")


WANTED_HEADINGS: Final = WantedHeadings({column: (text.th, text.en) for column, text in HEADINGS.items()}, REQUIRED)


ROLE_WORDS: Mapping[str, str] = {
    "รับผิดชอบ": "R",
    "responsible": "R",
    "ตรวจและรับรอง": "A",
    "accountable": "A",
    "สนับสนุน": "S",
    "supportive": "S",
    "ให้คำปรึกษา": "C",
    "consulted": "C",
    "รับทราบ": "I",
    "informed": "I",
}


YES_WORDS: Final = frozenset({"ใช่", "ถ้ามี", "มี", "yes", "y", "true", "1", "x", "?"})


NO_WORDS: Final = frozenset({"", "ไม่", "ไม่ใช่", "no", "n", "false", "0", "-"})


FAULT_TEXTS: Mapping[str, LocalizedText] = {
    "agency": LocalizedText("ไม่พบหน่วยงาน “{name}”", "There is no agency “{name}”"),
    "closed": LocalizedText("หน่วยงาน “{name}” ปิดใช้งานแล้ว", "The agency “{name}” is closed"),
    "target_date": LocalizedText(
        "Excel เปลี่ยนช่องนี้เป็นวันที่ โปรดจัดรูปแบบเป็นข้อความ", "Excel has made a date of this; format the cell as text"
    ),
    "role": LocalizedText("บทบาทต้องเป็น R, A, S, C หรือ I", "The role must be R, A, S, C or I"),
    "if_any": LocalizedText("เขียน “ใช่” หรือเว้นว่าง", "Write “yes” or leave it empty"),
    "due_range": LocalizedText("วันกำหนดส่งต้องอยู่ระหว่างวันเปิดรอบกับวันปิดรอบ", "The due date must lie within the round"),
    "note": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
    "again": LocalizedText("ซ้ำกับแถว {row}: หน่วยงานและข้อเดียวกัน", "Row {row} already has this agency and question"),
}
