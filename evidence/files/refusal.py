"""Refusals of files and marks, with the reason in words for the person who sent them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACCEPTED_KINDS = _(
    "รับไฟล์ PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods, odp), JPEG และ PNG"
)


class EvidenceRefused(Exception):
    """A file, mark or change is refused; nothing was changed. `message`: why and what to do; `reason`: a slug."""

    def __init__(self, reason: str, message: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def unaccepted_kind(content_name: str | Promise) -> EvidenceRefused:
    """The refusal of content of a kind that is not accepted. `content_name` completes "ไฟล์นี้เป็น…"."""
    return EvidenceRefused(
        "kind",
        _("ไฟล์นี้เป็น%(found)s ซึ่งรับเป็นหลักฐานไม่ได้ %(accepted)s") % {"found": content_name, "accepted": ACCEPTED_KINDS},
    )


# Names of content that is not accepted: (offset, first bytes) → name, completing "ไฟล์นี้เป็น…".
UNACCEPTED_SIGNATURES: tuple[tuple[int, bytes, Promise], ...] = (
    (0, b"MZ", pgettext_lazy("found", "โปรแกรมของ Windows (exe หรือ dll)")),
    (0, b"\x7fELF", pgettext_lazy("found", "โปรแกรมของ Linux")),
    (0, b"\xcf\xfa\xed\xfe", pgettext_lazy("found", "โปรแกรมของ macOS")),
    (0, b"\xca\xfe\xba\xbe", pgettext_lazy("found", "โปรแกรม Java หรือ macOS")),
    (0, b"#!", pgettext_lazy("found", "สคริปต์คำสั่ง")),
    (0, b"<?php", pgettext_lazy("found", "สคริปต์ PHP")),
    (0, b"Rar!", pgettext_lazy("found", "ไฟล์บีบอัด RAR")),
    (0, b"7z\xbc\xaf\x27\x1c", pgettext_lazy("found", "ไฟล์บีบอัด 7z")),
    (0, b"\x1f\x8b", pgettext_lazy("found", "ไฟล์บีบอัด gzip")),
    (0, b"{\\rtf", pgettext_lazy("found", "เอกสาร RTF (บันทึกใหม่เป็น docx หรือ PDF)")),
    (0, b"GIF8", pgettext_lazy("found", "ภาพ GIF (บันทึกใหม่เป็น PNG)")),
    (8, b"WEBP", pgettext_lazy("found", "ภาพ WebP (บันทึกใหม่เป็น JPEG หรือ PNG)")),
    (0, b"BM", pgettext_lazy("found", "ภาพ BMP (บันทึกใหม่เป็น PNG)")),
    (0, b"II*\x00", pgettext_lazy("found", "ภาพ TIFF (บันทึกใหม่เป็น PDF หรือ JPEG)")),
    (0, b"MM\x00*", pgettext_lazy("found", "ภาพ TIFF (บันทึกใหม่เป็น PDF หรือ JPEG)")),
    (4, b"ftyphei", pgettext_lazy("found", "ภาพ HEIC ของ iPhone (ตั้งกล้องหรือบันทึกใหม่เป็น JPEG)")),
    (4, b"ftypmif1", pgettext_lazy("found", "ภาพ HEIC ของ iPhone (ตั้งกล้องหรือบันทึกใหม่เป็น JPEG)")),
    (4, b"ftyp", pgettext_lazy("found", "วิดีโอ")),
    (0, b"%!PS", pgettext_lazy("found", "เอกสาร PostScript (บันทึกใหม่เป็น PDF)")),
)
LEGACY_OFFICE = pgettext_lazy("found", "เอกสาร Office รูปแบบเก่า (doc, xls หรือ ppt ให้บันทึกใหม่เป็น docx, xlsx หรือ pptx)")
PLAIN_ZIP = pgettext_lazy("found", "ไฟล์ ZIP (ให้แนบเอกสารข้างในทีละไฟล์)")
WEB_PAGE = pgettext_lazy("found", "หน้าเว็บหรือภาพ SVG (บันทึกใหม่เป็น PDF)")
PLAIN_TEXT = pgettext_lazy("found", "ข้อความล้วน (บันทึกใหม่เป็น PDF)")
UNKNOWN_KIND = pgettext_lazy("found", "ไฟล์ชนิดที่ไม่รู้จัก")
