"""Sara am of the print font: glyphs that stand for the whole vowel, whatever the shaper makes of it.

Shaping takes sara am apart: nikhahit moves over the letter, below a tone mark, and sara aa follows. A reader that
gets the two parts back finds neither น้ำ nor ต่ำ. Glyphs of their own tell the parts of sara am from a nikhahit and a
sara aa that were typed: one stands for the tone mark alone, the next for sara am.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from reports.documents.font_glyphs import NIKHAHIT, SARA_AA, SARA_AM, TONES, glyph_names

TALL_CONSONANT = "ป"  # over it marks are drawn narrow
NARROW = ".narrow"
OF_SARA_AM = ".of-sara-am"  # the end of the names of our glyphs
_COMPONENT = 0x0204  # round to grid; the component's own metrics are not used
_MARK_GLYPH_CLASS = 3  # GDEF glyph class


def sara_am_texts(font: TTFont) -> dict[str, str]:
    """What our glyphs stand for, by name."""
    (sara_aa,) = glyph_names(font, SARA_AA)
    (sara_am,) = glyph_names(font, SARA_AM)
    texts = {sara_aa + OF_SARA_AM: SARA_AM, sara_am + NARROW: SARA_AM}
    return texts | {name + OF_SARA_AM: tone for name, tone in _raised_tones(font).items()}


def _raised_tones(font: TTFont) -> dict[str, str]:
    """The glyphs that draw a tone mark above a nikhahit, by name: the tone mark."""
    (nikhahit,) = glyph_names(font, NIKHAHIT)
    names = {}
    for suffix in ("", NARROW):
        for tone, glyph in zip(TONES, glyph_names(font, TONES), strict=True):
            name = f"{nikhahit}{glyph.removeprefix('uni')}{suffix}"
            if name in font.getReverseGlyphMap():
                names[name] = tone
    return names


def add_sara_am_glyphs(font: TTFont) -> None:
    """Adds the glyphs: copies of sara aa and of raised tone marks, and a sara am for letters with a high tail."""
    (sara_aa,) = glyph_names(font, SARA_AA)
    (sara_am,) = glyph_names(font, SARA_AM)
    tones = list(_raised_tones(font))
    names = [name + OF_SARA_AM for name in (sara_aa, *tones)]
    font.setGlyphOrder([*font.getGlyphOrder(), *names, sara_am + NARROW])
    for name in (sara_aa, *tones):
        _add_composite(font, name + OF_SARA_AM, [(name, 0, 0)], font["hmtx"][name])
    classes, attach = font["GDEF"].table.GlyphClassDef.classDefs, font["GDEF"].table.MarkAttachClassDef.classDefs
    for name in tones:
        classes[name + OF_SARA_AM] = _MARK_GLYPH_CLASS
        if name in attach:
            attach[name + OF_SARA_AM] = attach[name]
        _copy_mark(font, name, name + OF_SARA_AM)
    x, y = _place_of_narrow_nikhahit(font)
    (nikhahit,) = glyph_names(font, NIKHAHIT, NARROW)
    _add_composite(font, sara_am + NARROW, [(sara_aa, 0, 0), (nikhahit, x, y)], font["hmtx"][sara_aa])


def _add_composite(font: TTFont, name: str, parts: list[tuple[str, int, int]], metrics: tuple[int, int]) -> None:
    glyph = Glyph()
    glyph.numberOfContours, glyph.components = -1, []
    for part_name, x, y in parts:
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = part_name, x, y, _COMPONENT
        glyph.components.append(part)
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (metrics[0], glyph.xMin)


def _mark_to_base(font: TTFont, name: str) -> list[Any]:
    tables = [s for lookup in font["GPOS"].table.LookupList.Lookup for s in lookup.SubTable]
    return [s for s in tables if isinstance(s, otTables.MarkBasePos) and name in s.MarkCoverage.glyphs]


def _copy_mark(font: TTFont, old: str, new: str) -> None:
    """Hangs the copy of a mark where the mark hangs."""
    for subtable in _mark_to_base(font, old):
        records = subtable.MarkArray.MarkRecord
        record = records[subtable.MarkCoverage.glyphs.index(old)]
        copy = otTables.MarkRecord()
        copy.Class = record.Class
        copy.MarkAnchor = builder.buildAnchor(record.MarkAnchor.XCoordinate, record.MarkAnchor.YCoordinate)
        subtable.MarkCoverage.glyphs.append(new)
        records.append(copy)
        subtable.MarkArray.MarkCount = len(records)


def _place_of_narrow_nikhahit(font: TTFont) -> tuple[int, int]:
    """Where a nikhahit over a letter with a high tail is drawn, from where the letter ends."""
    (nikhahit,) = glyph_names(font, NIKHAHIT, NARROW)
    (letter,) = glyph_names(font, TALL_CONSONANT)
    for subtable in _mark_to_base(font, nikhahit):
        if letter in subtable.BaseCoverage.glyphs:
            mark = subtable.MarkArray.MarkRecord[subtable.MarkCoverage.glyphs.index(nikhahit)]
            base = subtable.BaseArray.BaseRecord[subtable.BaseCoverage.glyphs.index(letter)].BaseAnchor[mark.Class]
            x = base.XCoordinate - font["hmtx"][letter][0] - mark.MarkAnchor.XCoordinate
            return x, base.YCoordinate - mark.MarkAnchor.YCoordinate
    raise LookupError(nikhahit)


def sara_am_substitutions(font: TTFont) -> tuple[Mapping[tuple[str, str], str], Mapping[str, str], Mapping[str, str]]:
    """What joins into sara am; and what becomes of a raised tone mark and of the sara aa behind it."""
    (nikhahit,), (narrow,) = glyph_names(font, NIKHAHIT), glyph_names(font, NIKHAHIT, NARROW)
    (sara_aa,), (sara_am,) = glyph_names(font, SARA_AA), glyph_names(font, SARA_AM)
    joined = {(nikhahit, sara_aa): sara_am, (narrow, sara_aa): sara_am + NARROW}
    return joined, {name: name + OF_SARA_AM for name in _raised_tones(font)}, {sara_aa: sara_aa + OF_SARA_AM}
