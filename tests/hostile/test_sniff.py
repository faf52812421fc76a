"""Content decides: sound files of every kind are known, attacks are refused in words, nothing crashes."""

from __future__ import annotations

import io
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override

from dgready.guard.readers.inspection import inspect
from evidence.files.refusal import EvidenceRefused, active_refusal, content_refusal
from evidence.files.sniff import SniffedContent, sniff_content
from evidence.models import FileKind
from tests.hostile.files import ATTACKS, SOUND, attack, ooxml, pdf


def sniffed(content: bytes) -> dict[str, Any]:
    """What the guard's reader says, in this process: a child takes a quarter of a second to start."""
    return inspect(io.BytesIO(content), asdict(settings.IMAGE_LIMITS), asdict(settings.ZIP_LIMITS))


def refusal(content: bytes) -> EvidenceRefused:
    found = sniffed(content)
    assert "refused" in found, found
    return content_refusal(found["refused"], found["found"], found["values"])


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_in_words(name: str) -> None:
    content, reason = attack(name)
    started = time.monotonic()
    found = active_refusal(active) if (active := sniffed(content).get("active")) else refusal(content)
    assert found.reason == reason
    assert any("ก" <= c <= "๛" for c in str(found.message))
    assert time.monotonic() - started < 10


def test_a_refused_kind_says_what_was_found_and_what_is_taken() -> None:
    with override("th"):
        words = str(refusal(b"MZ\x90\x00" + bytes(100)).message)
    assert "โปรแกรมของ Windows" in words
    assert "PDF" in words
    assert "PNG" in words


def test_a_pdf_may_have_stray_bytes_before_it() -> None:
    assert sniffed(b"\xef\xbb\xbf\r\n" + pdf(2))["pages"] == 2


def test_a_damaged_pdf_that_can_be_mended_is_taken() -> None:
    content = pdf(2)
    assert sniffed(content[: content.rindex(b"startxref")])["pages"] == 2


def test_a_document_may_hold_other_files() -> None:
    inside = {"word/embeddings/sheet.xlsx": ooxml("xlsx"), "word/media/image1.png": bytes(1000)}
    found = sniffed(ooxml("docx", inside))
    assert (found["kind"], found["active"]) == ("docx", [])


def test_real_packages_of_a_real_writer(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.create_sheet("สอง")
    book.save(path)
    assert sniff_content(path) == SniffedContent(FileKind.XLSX, sniffed(SOUND["xlsx"])["media_type"], 2)
