"""Counting the pages of a PDF in a process of its own, whose memory and time are limited."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dgready.children import ChildFault, read_in_child
from evidence.files.refusal import EvidenceRefused

log = logging.getLogger(__name__)


def count_pages(path: Path) -> int:
    """Number of pages. Raises Refused: damaged, encrypted, without pages, or too much to open."""
    try:
        found = read_in_child("evidence.files.pdf_child:count_pages", path, settings.READER_LIMITS)
    except ChildFault as fault:
        log.info("a PDF was not opened: %s", fault)
        raise _broken_pdf() from None
    if isinstance(found, int):
        return found
    if found == "encrypted":
        raise EvidenceRefused("encrypted", _("ไฟล์ PDF นี้เข้ารหัสหรือจำกัดสิทธิ์ไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่านแล้วแนบอีกครั้ง"))
    if found == "none":
        raise EvidenceRefused("no_pages", _("ไฟล์ PDF นี้ไม่มีหน้าเลย"))
    raise _broken_pdf()


def _broken_pdf() -> EvidenceRefused:
    return EvidenceRefused("broken", _("เปิดไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง"))
