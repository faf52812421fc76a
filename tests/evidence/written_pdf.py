"""Small PDFs whose pages say something, in Thai too: codes of a plain font that mean the letters of the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

LETTER, LINE = 600, 24  # width of a letter in thousandths, distance of lines in points


def write_page(document: pikepdf.Pdf, lines: Sequence[str]) -> None:
    """Adds a page with these lines."""
    page = document.add_blank_page(page_size=(595, 842))
    letters = sorted(set("".join(lines)))
    codes = {letter: number for number, letter in enumerate(letters, start=1)}
    page.obj.Resources = Dictionary(Font=Dictionary(F1=_font(document, letters)))
    shown = [
        f"1 0 0 1 60 {780 - LINE * n} Tm <{''.join(f'{codes[c]:02x}' for c in line)}> Tj"
        for n, line in enumerate(lines)
    ]
    page.obj.Contents = document.make_stream(f"BT /F1 12 Tf {' '.join(shown)} ET".encode())


def _font(document: pikepdf.Pdf, letters: Sequence[str]) -> pikepdf.Object:
    pairs = "\n".join(f"<{number:02x}> <{ord(letter):04x}>" for number, letter in enumerate(letters, start=1))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <ff> "
        f"endcodespacerange {len(letters)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    widths = [0 if unicodedata.combining(c) or unicodedata.category(c) == "Mn" else LETTER for c in letters]
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            FirstChar=1,
            LastChar=len(letters),
            Widths=Array(widths),
            ToUnicode=document.make_stream(cmap.encode()),
        )
    )
