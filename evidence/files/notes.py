"""What everybody should see beside a file: a virus, active content, a scan that is not done, an owner's restriction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
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


class FileNote(NamedTuple):
    """A note: how urgent (danger, warning, info), its icon, in short for a list, and as a sentence."""

    level: str
    icon: str
    short: str
    text: str


def file_notes(active: Sequence[str], restricted: bool, scan: str, detail: str) -> tuple[FileNote, ...]:
    """The notes of a file, the most urgent first. `scan`: its ScanState; `detail`: the virus that was found."""
    notes = []
    if scan == "infected":
        text = _("พบไวรัส %(virus)s ระบบไม่ให้เปิดไฟล์นี้ โปรดนำออก แล้วแนบไฟล์ที่ไม่มีไวรัส") % {"virus": detail}
        notes.append(FileNote("danger", "bug", _("พบไวรัส"), text))
    if active:
        what = describe_active(active)
        text = _("ไฟล์นี้มี%(what)s ซึ่งทำงานเองเมื่อเปิดไฟล์ อย่ากดอนุญาตให้ทำงาน") % {"what": what}
        notes.append(FileNote("danger", "exclamation-triangle", _("มี%(what)s") % {"what": what}, text))
    if scan == "waiting":
        text = _("กำลังตรวจหาไวรัส ผู้แนบเปิดได้ทันที ผู้อื่นเปิดได้เมื่อตรวจเสร็จ")
        notes.append(FileNote("info", "hourglass-split", _("กำลังตรวจหาไวรัส"), text))
    if restricted:
        text = _("เจ้าของไฟล์จำกัดการคัดลอกหรือแก้ไขไว้ เปิดอ่านได้ตามปกติ")
        notes.append(FileNote("info", "lock", _("จำกัดสิทธิ์ไว้"), text))
    return tuple(notes)
