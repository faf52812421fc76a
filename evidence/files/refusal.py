"""Refusals of files and marks, with the reason in words for the person who sent them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evidence.files.notes import describe_active

ACCEPTED_KINDS = _(
    "รับไฟล์ PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods, odp), JPEG, PNG และ HEIC"
)


class EvidenceRefused(Exception):
    """A file, mark or change is refused; nothing was changed. `message`: why and what to do; `reason`: a slug."""

    def __init__(self, reason: str, message: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


# What was found instead of a file of an accepted kind; each completes "ไฟล์นี้เป็น…".
FOUND: Final = {
    "windows_program": pgettext_lazy("found", "โปรแกรมของ Windows (exe หรือ dll)"),
    "linux_program": pgettext_lazy("found", "โปรแกรมของ Linux"),
    "mac_program": pgettext_lazy("found", "โปรแกรมของ macOS"),
    "java_program": pgettext_lazy("found", "โปรแกรม Java หรือ macOS"),
    "script": pgettext_lazy("found", "สคริปต์คำสั่ง"),
    "php": pgettext_lazy("found", "สคริปต์ PHP"),
    "rar": pgettext_lazy("found", "ไฟล์บีบอัด RAR"),
    "7z": pgettext_lazy("found", "ไฟล์บีบอัด 7z"),
    "gzip": pgettext_lazy("found", "ไฟล์บีบอัด gzip"),
    "rtf": pgettext_lazy("found", "เอกสาร RTF (บันทึกใหม่เป็น docx หรือ PDF)"),
    "gif": pgettext_lazy("found", "ภาพ GIF (บันทึกใหม่เป็น PNG)"),
    "webp": pgettext_lazy("found", "ภาพ WebP (บันทึกใหม่เป็น JPEG หรือ PNG)"),
    "bmp": pgettext_lazy("found", "ภาพ BMP (บันทึกใหม่เป็น PNG)"),
    "tiff": pgettext_lazy("found", "ภาพ TIFF (บันทึกใหม่เป็น PDF หรือ JPEG)"),
    "heic": pgettext_lazy("found", "ภาพ HEIC ของ iPhone (ตั้งกล้องหรือบันทึกใหม่เป็น JPEG)"),
    "avif": pgettext_lazy("found", "ภาพ AVIF (บันทึกใหม่เป็น JPEG หรือ PNG)"),
    "video": pgettext_lazy("found", "วิดีโอ"),
    "postscript": pgettext_lazy("found", "เอกสาร PostScript (บันทึกใหม่เป็น PDF)"),
    "legacy_office": pgettext_lazy(
        "found", "เอกสาร Office รูปแบบเก่า (doc, xls หรือ ppt ให้บันทึกใหม่เป็น docx, xlsx หรือ pptx)"
    ),
    "other_office": _("เอกสาร Office ชนิดที่ไม่ใช่ docx, xlsx หรือ pptx"),
    "other_opendocument": _("เอกสาร OpenDocument ชนิดที่ไม่ใช่ odt, ods หรือ odp"),
    "zip": pgettext_lazy("found", "ไฟล์ ZIP (ให้แนบเอกสารข้างในทีละไฟล์)"),
    "web_page": pgettext_lazy("found", "หน้าเว็บหรือภาพ SVG (บันทึกใหม่เป็น PDF)"),
    "plain_text": pgettext_lazy("found", "ข้อความล้วน (บันทึกใหม่เป็น PDF)"),
    "unknown": pgettext_lazy("found", "ไฟล์ชนิดที่ไม่รู้จัก"),
}

# Codes of dgready.guard → the slug of the refusal, and why and what to do.
_REASONS: Final[dict[str, tuple[str, Promise]]] = {
    "empty": ("empty", _("ไฟล์นี้ว่างเปล่า (0 ไบต์)")),
    "polyglot": ("polyglot", _("ไฟล์นี้มีไฟล์อีกชนิดหนึ่งซ่อนอยู่ โปรดบันทึกเอกสารใหม่แล้วแนบอีกครั้ง")),
    "too_much": ("broken", _("เปิดไฟล์นี้ไม่สำเร็จภายในเวลาและหน่วยความจำที่กำหนด โปรดบันทึกใหม่หรือแบ่งเป็นไฟล์ที่เล็กลง แล้วแนบอีกครั้ง")),
    "broken_pdf": ("broken", _("เปิดไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง")),
    "encrypted_pdf": ("encrypted", _("ไฟล์ PDF นี้ต้องใช้รหัสผ่านจึงเปิดได้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่านแล้วแนบอีกครั้ง")),
    "no_pages": ("no_pages", _("ไฟล์ PDF นี้ไม่มีหน้าเลย")),
    "portfolio": (
        "portfolio",
        _("ไฟล์นี้เป็นชุดเอกสาร PDF (Portfolio) ผู้อ่านจะเห็นเพียงหน้าปก โปรดแนบเอกสารข้างในทีละไฟล์ หรือพิมพ์เป็น PDF แล้วแนบไฟล์นั้น"),
    ),
    "xfa": (
        "xfa",
        _("ไฟล์นี้เป็นแบบฟอร์ม XFA ซึ่งโปรแกรมส่วนใหญ่แสดงไม่ได้ โปรดเปิดด้วย Adobe Reader แล้วพิมพ์เป็น PDF จากนั้นแนบไฟล์ที่พิมพ์"),
    ),
    "broken_image": ("broken", _("ไฟล์ภาพนี้เสียหายหรือไม่สมบูรณ์ โปรดบันทึกใหม่แล้วแนบอีกครั้ง")),
    "pixels": ("pixels", _("ภาพใหญ่เกินไป (%(width)d × %(height)d จุด) โปรดลดขนาดให้ไม่เกิน %(limit)d ล้านจุด")),
    "encrypted_office": ("encrypted", _("เอกสาร Office นี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน")),
    "broken_package": ("broken", _("เปิดเอกสารนี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง")),
    "bomb": ("bomb", _("เอกสารนี้ขยายออกแล้วใหญ่ผิดปกติ จึงรับไว้ไม่ได้")),
    "unsafe": ("unsafe", _("โครงสร้างภายในเอกสารนี้ผิดปกติ โปรดบันทึกใหม่ด้วยโปรแกรมสำนักงานแล้วแนบอีกครั้ง")),
}


def content_refusal(code: str, found: str = "", values: Mapping[str, int] | None = None) -> EvidenceRefused:
    """The refusal for a reason of the guard; `found`: what was found instead of an accepted kind."""
    if code == "kind":
        name = f" {found[1:]}" if found.startswith(":") else FOUND[found]
        return EvidenceRefused(
            "kind",
            _("ไฟล์นี้เป็น%(found)s ซึ่งรับเป็นหลักฐานไม่ได้ %(accepted)s") % {"found": name, "accepted": ACCEPTED_KINDS},
        )
    reason, words = _REASONS[code]
    return EvidenceRefused(reason, words % values if values else words)


def active_refusal(active: Iterable[str]) -> EvidenceRefused:
    """The refusal of a file that does something by itself when it is opened."""
    return EvidenceRefused(
        "active",
        _("ไฟล์นี้มี%(what)s ซึ่งทำงานเองเมื่อเปิดไฟล์ จึงรับเป็นหลักฐานไม่ได้ โปรดพิมพ์หรือบันทึกเป็น PDF แล้วแนบไฟล์นั้น")
        % {"what": describe_active(active)},
    )
