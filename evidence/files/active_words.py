"""Words for content that does something by itself when a file is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy

# Of each code of dgready.guard.readers.verdict.Active.
ACTIVE_WORDS: Final = {
    "macro": gettext_lazy("แมโคร (ชุดคำสั่ง)"),
    "script": gettext_lazy("สคริปต์ (ชุดคำสั่ง)"),
    "launch": gettext_lazy("คำสั่งเปิดโปรแกรมอื่น"),
    "program": gettext_lazy("โปรแกรมที่ฝังอยู่ข้างใน"),
    "media": gettext_lazy("สื่อที่เล่นเองได้ (RichMedia)"),
    "ole": gettext_lazy("วัตถุของโปรแกรมอื่น (OLE)"),
    "control": gettext_lazy("ตัวควบคุม ActiveX"),
    "template": gettext_lazy("แม่แบบที่ดึงจากเครื่องอื่น"),
    "link": gettext_lazy("ลิงก์ที่ดึงข้อมูลจากเครื่องอื่น"),
    "dde": gettext_lazy("การเรียกโปรแกรมอื่น (DDE)"),
}


def describe_active(active: Iterable[str]) -> str:
    """The codes as a list in the reader's language."""
    return ", ".join(str(ACTIVE_WORDS[code]) for code in active if code in ACTIVE_WORDS)
