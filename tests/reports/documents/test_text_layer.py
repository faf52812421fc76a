"""What pdftotext reads back is what was typed, code point by code point."""

from __future__ import annotations

import html
import io
from pathlib import Path

import pikepdf
import polib
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from reports.documents.font_glyphs import TONES
from reports.documents.print_font import FONT_FACES, font_face
from reports.documents.render import write_pdf
from reports.documents.text_layer import glyph_texts
from tests.reports.conftest import read_back, wordings
from tests.trial import REAL, TRIAL, form

BASE = Path(settings.BASE_DIR)
CONSONANTS = "".join(map(chr, range(0x0E01, 0x0E2F)))
UPPER, LOWER = "ัิีึื็", "ุู"


def printed(lines: list[str], path: Path, weight: int = 400, size: str = "11pt") -> list[str]:
    """The lines as read back from a PDF in which each stands on a line of its own."""
    style = f"@page {{ size: 12000pt 800pt }} p {{ margin: 0 0 6pt; white-space: pre; font: {weight} {size} Sarabun }}"
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    sheet = '<link rel="stylesheet" href="dgready:///css/print.css">'
    write_pdf(
        f'<html lang="th"><head><title>x</title>{sheet}<style>{style}</style></head><body>{body}</body></html>', path
    )
    return [line for line in read_back(path).replace("\f", "\n").split("\n") if line]


@pytest.mark.slow
@pytest.mark.parametrize("source", [TRIAL, REAL], ids=lambda p: p.stem)
@pytest.mark.parametrize("weight", [400, 600])
def test_every_wording_of_an_instrument(source: Path, weight: int, tmp_path: Path) -> None:
    lines = [" ".join(text.split()) for text in wordings(form(source))]
    assert printed(lines, tmp_path / "a.pdf", weight) == lines


@pytest.mark.parametrize("weight", FONT_FACES.values())
def test_every_thai_cluster(weight: int, tmp_path: Path) -> None:
    """Each consonant with each vowel and tone mark, inside a word."""
    marks = [v + t for v in ("", *UPPER, *LOWER) for t in ("", *TONES)]
    marks += [t + v for v in "ำา" for t in ("", *TONES[:4])]
    lines = ["".join(f"{c}{m}น" for c in CONSONANTS if c not in "ฤฦ") for m in marks]
    assert printed(lines, tmp_path / "a.pdf", weight) == lines


@pytest.mark.slow
def test_every_wording_of_the_pages(tmp_path: Path) -> None:
    texts = {entry.msgid for entry in polib.pofile(str(BASE / "locale/en/LC_MESSAGES/django.po"))}
    lines = sorted({" ".join(text.split()) for text in texts} - {""})
    assert printed(lines, tmp_path / "a.pdf") == lines


def test_sara_am_stays_one_character(tmp_path: Path) -> None:
    words = ["การสำรวจและคำตอบ", "น้ำหนัก", "ต่ำ", "ซ้ำ", "ปำ ฝ่ำ ฟ้ำ ป๋ำ", "พุทฺธํ"]
    assert printed(words, tmp_path / "a.pdf") == words
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        fonts = pdf.pages[0].resources["/Font"].values()
        maps = b"".join(f.ToUnicode.read_bytes() for f in fonts)
    assert "ำ".encode("utf-16-be").hex().encode() in maps


def test_latin_digits_and_signs(tmp_path: Path) -> None:
    lines = [
        "Certificate of official workflow",
        "Office e-saraban 1/2 (ABC) 100%",
        "“ข้อความ” – ๑๒๓ ฯลฯ ๆ",
        "https://a.example.org/x?y=1&z=ก",
    ]
    assert printed(lines, tmp_path / "a.pdf") == lines


def test_faces_number_their_glyphs_alike() -> None:
    orders = {tuple(TTFont(io.BytesIO(font_face(name)), lazy=True).getGlyphOrder()) for name in FONT_FACES}
    assert len(orders) == 1
    assert len(glyph_texts()) > 700


def test_unknown_face() -> None:
    with pytest.raises(KeyError):
        font_face("../../etc/passwd")
