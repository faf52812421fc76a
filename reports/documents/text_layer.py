"""Correcting the text layer of our PDFs: every glyph stands for its own characters.

WeasyPrint records for a glyph the text of the cluster it first met it in, which is wrong wherever Thai shaping
swaps, splits or joins glyphs. What a glyph stands for follows from the font alone: its character map, then
the substitutions that led to it.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from reports.documents.font_glyphs import NIKHAHIT, TONES
from reports.documents.font_sara_am import sara_am_texts
from reports.documents.print_font import FONT_FACES, FONT_FAMILY, font_face

# Drawn in place of two or three letters that were typed.
LATIN_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_BATCH = 100  # entries that one bfchar section may hold
_ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>\n")


@lru_cache(maxsize=1)
def glyph_texts() -> Mapping[int, str]:
    """The characters each glyph stands for, by glyph number (all faces number their glyphs alike)."""
    font = TTFont(io.BytesIO(font_face(next(iter(FONT_FACES)))), lazy=True)
    texts = sara_am_texts(font)
    for code, glyph in sorted(font.getBestCmap().items(), reverse=True):
        texts[glyph] = LATIN_LIGATURES.get(chr(code), chr(code))
    size = -1
    while len(texts) != size:
        size = len(texts)
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for subtable in lookup.SubTable:
                _propagate_texts(subtable, texts)
    return {font.getGlyphID(glyph): text for glyph, text in texts.items()}


def _propagate_texts(subtable: Any, texts: dict[str, str]) -> None:
    """Gives the characters of known glyphs to the glyphs that a substitution replaces them with."""
    if isinstance(subtable, otTables.SingleSubst):
        for glyph, variant in subtable.mapping.items():
            if glyph in texts:
                texts.setdefault(variant, texts[glyph])
    elif isinstance(subtable, otTables.AlternateSubst):
        for glyph, variants in subtable.alternates.items():
            for variant in variants if glyph in texts else ():
                texts.setdefault(variant, texts[glyph])
    elif isinstance(subtable, otTables.LigatureSubst):
        for glyph, ligatures in subtable.ligatures.items():
            for ligature in ligatures:
                parts = [glyph, *ligature.Component]
                if all(part in texts for part in parts):
                    texts.setdefault(ligature.LigGlyph, _in_typing_order("".join(texts[part] for part in parts)))


def _in_typing_order(text: str) -> str:
    """The order of typing: a tone mark comes before the nikhahit that is drawn below it."""
    return text[::-1] if len(text) == 2 and text[0] == NIKHAHIT and text[1] in TONES else text


def correct_text_layer(pdf: pikepdf.Pdf) -> None:
    """Gives every Sarabun glyph of the PDF its own characters; other fonts keep what they have."""
    corrected: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            if font.objgen in corrected or FONT_FAMILY not in str(font.get("/BaseFont", "")):
                continue
            corrected.add(font.objgen)
            font.ToUnicode = pdf.make_stream(_write_cmap(_read_cmap(font.ToUnicode.read_bytes()), glyph_texts()))


def _read_cmap(cmap: bytes) -> dict[int, str]:
    """What WeasyPrint wrote: glyph number → characters."""
    body = cmap.split(b"endcodespacerange", 1)[1]
    return {int(g, 16): bytes.fromhex(t.decode()).decode("utf-16-be") for g, t in _ENTRY.findall(body)}


def _write_cmap(entries: Mapping[int, str], texts: Mapping[int, str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
    ]
    pairs = [(glyph, texts.get(glyph, text)) for glyph, text in sorted(entries.items())]
    for start in range(0, len(pairs), _BATCH):
        batch = pairs[start : start + _BATCH]
        lines.append(f"{len(batch)} beginbfchar")
        lines += [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in batch]
        lines.append("endbfchar")
    lines.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(lines).encode()
