"""Texts of the lines of a report: states, reasons, rows; shortening what has little room. PURE."""

from __future__ import annotations

from survey.instrument.schema import LocalizedText

WORDING: dict[str, LocalizedText] = {
    "unanswered": LocalizedText("ยังไม่ตอบ", "Not answered"),
    "optional": LocalizedText("ไม่ได้ตอบ (ไม่บังคับ)", "Not answered (optional)"),
    "off": LocalizedText("ข้ามตามเงื่อนไข", "Skipped by a condition"),
    "closed": LocalizedText("ไม่ต้องตอบ", "Not asked"),
    "skip": LocalizedText("เพราะข้อ {code} ตอบว่า “{option}”", "because {code} was answered “{option}”"),
    "when": LocalizedText(
        "เพราะคำตอบของข้อ {code} ไม่ตรงเงื่อนไขของข้อนี้", "because the answer to {code} does not ask for it"
    ),
    "option": LocalizedText("ถามเมื่อเลือก “{option}”", "asked when “{option}” is picked"),
    "no_rows": LocalizedText("ยังไม่มีรายการ", "no rows yet"),
    "entry": LocalizedText("รายการที่ {n}", "Row {n}"),
    "rows": LocalizedText("{n} รายการ", "{n} rows"),
    "more": LocalizedText("และอีก {n} รายการ", "and {n} more"),
    "missing": LocalizedText("ยังไม่ตอบ {n} รายการ", "{n} not answered"),
    "unsure": LocalizedText("ผู้ตอบขอให้ตรวจอีกครั้ง", "The respondent asks for another look"),
}
