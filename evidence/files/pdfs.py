"""PDF: opened in a process of its own, whose memory and time are limited."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from evidence.files.refusal import EvidenceRefused

log = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 40  # seconds on the clock
_CHILD: Final = Path(__file__).with_name("pdf_child.py")


def count_pages(path: Path) -> int:
    """Number of pages. Raises Refused: damaged, encrypted, without pages, or too much to open."""
    command = [sys.executable, "-I", str(_CHILD), str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise _broken_pdf() from None
    word, _space, number = done.stdout.strip().partition(" ")
    if done.returncode == 0 and word == "pages" and number.isdecimal():
        return int(number)
    if word == "encrypted":
        raise EvidenceRefused("encrypted", _("ไฟล์ PDF นี้เข้ารหัสหรือจำกัดสิทธิ์ไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่านแล้วแนบอีกครั้ง"))
    if word == "none":
        raise EvidenceRefused("no_pages", _("ไฟล์ PDF นี้ไม่มีหน้าเลย"))
    log.info("a PDF was not opened: exit %s, %s", done.returncode, done.stderr[-300:] or word)
    raise _broken_pdf()


def _broken_pdf() -> EvidenceRefused:
    return EvidenceRefused("broken", _("เปิดไฟล์ PDF นี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง"))
