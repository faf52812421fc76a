"""Content decides: sound files of every kind are known, attacks are refused in words, nothing crashes."""

from __future__ import annotations

import random
import resource
import time
from pathlib import Path

import pytest
from django.utils.translation import override

from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import SniffedContent, sniff_content
from evidence.models import FileKind
from tests.hostile.files import ATTACKS, PAGES, SOUND, deep_pdf, jpeg, ooxml, pdf


def sniffed(folder: Path, content: bytes) -> SniffedContent:
    path = folder / "file"
    path.write_bytes(content)
    return sniff_content(path)


def refusal(folder: Path, content: bytes) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as caught:
        sniffed(folder, content)
    return caught.value


@pytest.mark.parametrize("kind", SOUND)
def test_sound_files_are_known(kind: str, tmp_path: Path) -> None:
    found = sniffed(tmp_path, SOUND[kind])
    assert found.kind == FileKind(kind)
    assert found.pages == PAGES.get(kind)
    assert "/" in found.media_type


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_in_words(name: str, tmp_path: Path) -> None:
    content, reason = ATTACKS[name]
    started = time.monotonic()
    found = refusal(tmp_path, content)
    assert found.reason == reason
    assert any("ก" <= c <= "๛" for c in str(found.message))
    assert time.monotonic() - started < 10


def test_a_refused_kind_says_what_was_found_and_what_is_taken(tmp_path: Path) -> None:
    with override("th"):
        words = str(refusal(tmp_path, b"MZ\x90\x00" + bytes(100)).message)
    assert "โปรแกรมของ Windows" in words
    assert "PDF" in words
    assert "PNG" in words


def test_a_pdf_that_unpacks_beyond_memory_ends_only_its_own_process(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = deep_pdf()
    refusal(tmp_path, content)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # kilobytes


def test_a_pdf_may_have_stray_bytes_before_it(tmp_path: Path) -> None:
    assert sniffed(tmp_path, b"\xef\xbb\xbf\r\n" + pdf(2)).pages == 2


def test_a_damaged_pdf_that_can_be_mended_is_taken(tmp_path: Path) -> None:
    content = pdf(2)
    assert sniffed(tmp_path, content[: content.rindex(b"startxref")]).pages == 2


def test_a_camera_may_put_its_own_data_behind_the_picture(tmp_path: Path) -> None:
    assert sniffed(tmp_path, jpeg(after=b"\x00camera data" * 50)).kind == FileKind.JPEG


def test_a_document_may_hold_other_files(tmp_path: Path) -> None:
    inside = {"word/embeddings/sheet.xlsx": ooxml("xlsx"), "word/media/image1.png": bytes(1000)}
    assert sniffed(tmp_path, ooxml("docx", inside)).kind == FileKind.DOCX


def test_real_packages_of_a_real_writer(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.create_sheet("สอง")
    book.save(path)
    assert sniff_content(path) == SniffedContent(FileKind.XLSX, sniffed(tmp_path, SOUND["xlsx"]).media_type, 2)


def test_real_pictures_of_a_real_writer(tmp_path: Path) -> None:
    from PIL import Image

    for name, options in (("a.png", {}), ("a.jpg", {"progressive": True}), ("b.jpg", {"quality": 95})):
        path = tmp_path / name
        Image.effect_noise((300, 200), 50).save(path, **options)
        assert sniff_content(path).kind == (FileKind.PNG if name.endswith("png") else FileKind.JPEG)


@pytest.mark.parametrize("kind", [k for k in SOUND if k != "pdf"])
def test_damage_anywhere_never_crashes(kind: str, tmp_path: Path) -> None:
    dice = random.Random(kind)
    for _round in range(150):
        content = bytearray(SOUND[kind])
        for _hit in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if dice.random() < 0.3:
            del content[dice.randrange(len(content)) :]
        try:
            sniffed(tmp_path, bytes(content))
        except EvidenceRefused:
            continue


def test_damage_in_a_pdf_never_crashes(tmp_path: Path) -> None:
    dice = random.Random(1)
    for _round in range(12):
        content = bytearray(SOUND["pdf"])
        for _hit in range(20):
            content[dice.randrange(20, len(content))] = dice.randrange(256)
        try:
            sniffed(tmp_path, bytes(content))
        except EvidenceRefused:
            continue
