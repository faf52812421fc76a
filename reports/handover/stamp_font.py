"""The font of the stamps: the few characters that they use, with what a PDF must know of them. PURE."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont


def write_stamp_font(face: bytes, text: str, path: Path) -> dict[str, Any]:
    """Writes the part of a face that the text needs; its place, measures and glyphs as the binder's plan has them."""
    font = TTFont(io.BytesIO(face), recalcTimestamp=False)
    units, hhea, head = font["head"].unitsPerEm, font["hhea"], font["head"]
    names = font.getBestCmap()
    glyphs = {
        character: [
            font.getGlyphID(names[ord(character)]),
            round(font["hmtx"][names[ord(character)]][0] * 1000 / units),
        ]
        for character in sorted(set(text))
        if ord(character) in names
    }
    measures = {
        "box": [round(edge * 1000 / units) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "ascent": round(hhea.ascent * 1000 / units),
        "descent": round(hhea.descent * 1000 / units),
    }
    options = subset.Options(retain_gids=True, layout_features=[], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in glyphs])
    cutter.subset(font)
    font.save(path)
    return {"path": str(path), "glyphs": glyphs, **measures}
