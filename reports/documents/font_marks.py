"""Positions of Thai vowels and tone marks in the print font."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from reports.documents.font_glyphs import TONES, glyph_names

CONSONANTS = "".join(map(chr, range(0x0E01, 0x0E2F)))
UPPER_VOWELS, LOWER_VOWEL = "ัิีึื็", "ุ"
WIDE_SET = "ื็"  # vowels that carry their tone mark further left than the others
# Where marks start, in units per em left of the end of their letter: at least and at most. A reader ends the
# word where a mark starts further left than 25.
UPPER_MARK_OFFSETS, LOWER_VOWEL_OFFSETS = (5, 15), (20, 25)
TONE_MARK_OFFSET = 2  # where a tone mark starts, right of its vowel
_MARK_GLYPH_CLASS = 3  # GDEF glyph class
_COMPONENT = 0x0204  # round to grid; the component's own metrics are not used
ShiftedTones = dict[str, dict[str, str]]
"""By vowel: small tone mark → the same drawn further left."""


def _position_subtables(font: TTFont, kind: type) -> Iterator[Any]:
    for lookup in font["GPOS"].table.LookupList.Lookup:
        yield from (subtable for subtable in lookup.SubTable if isinstance(subtable, kind))


def place_marks_on_letters(font: TTFont) -> None:
    """Wide and narrow marks each hang alike, and start just left of where their consonant ends."""
    letters = _consonant_glyphs(font)
    for subtable in _position_subtables(font, otTables.MarkBasePos):
        bases = dict(zip(subtable.BaseCoverage.glyphs, subtable.BaseArray.BaseRecord, strict=True))
        for number, (rows, (least, most)) in _mark_rows(font, subtable).items():
            for record in subtable.MarkArray.MarkRecord:
                if record.Class == number:
                    record.MarkAnchor.XCoordinate = _nearest(rows, record.MarkAnchor.XCoordinate)
            for letter in letters & bases.keys():
                anchor, width = bases[letter].BaseAnchor[number], font["hmtx"][letter][0]
                row = _nearest(rows, anchor.XCoordinate - width)
                offset = anchor.XCoordinate - width - row
                anchor.XCoordinate = width + row + min(max(offset, -most), -least)


def _consonant_glyphs(font: TTFont) -> set[str]:
    """The consonants and their variants without a tail."""
    glyphs = set(glyph_names(font, CONSONANTS))
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            if isinstance(subtable, otTables.SingleSubst):
                glyphs |= {new for old, new in subtable.mapping.items() if old in glyphs}
    return glyphs


def _mark_rows(font: TTFont, subtable: Any) -> dict[int, tuple[list[int], tuple[int, int]]]:
    """Where marks hang, by class: upper marks wide or narrow, lower vowels in one way."""
    wide, lower = glyph_names(font, TONES[0] + LOWER_VOWEL)
    (narrow,) = glyph_names(font, TONES[0], ".narrow")
    covered, records = subtable.MarkCoverage.glyphs, subtable.MarkArray.MarkRecord
    rows: dict[int, tuple[list[int], tuple[int, int]]] = {}
    for name, limits in ((wide, UPPER_MARK_OFFSETS), (narrow, UPPER_MARK_OFFSETS), (lower, LOWER_VOWEL_OFFSETS)):
        if name in covered:
            record = records[covered.index(name)]
            rows.setdefault(record.Class, ([], limits))[0].append(record.MarkAnchor.XCoordinate)
    return rows


def _nearest(rows: Iterable[int], x: int) -> int:
    return min(rows, key=lambda row: abs(row - x))


def place_tone_marks_on_vowels(font: TTFont) -> ShiftedTones:
    """Small tone marks start just right of their vowel; where their ink is far left, as glyphs of their own."""
    small = glyph_names(font, TONES, ".small")
    subtables = [s for s in _position_subtables(font, otTables.MarkMarkPos) if small[0] in s.Mark1Coverage.glyphs]
    carrying = [s for s in subtables if glyph_names(font, UPPER_VOWELS)[0] in s.Mark2Coverage.glyphs]
    right = max(_mark_anchor(subtables[0], name).XCoordinate for name in small)
    for subtable in subtables:
        for name in small:
            _mark_anchor(subtable, name).XCoordinate = right
    for vowel in glyph_names(font, UPPER_VOWELS):
        for anchor in _carrier_anchors(carrying, vowel):
            if vowel not in glyph_names(font, WIDE_SET):
                anchor.XCoordinate = right + TONE_MARK_OFFSET
    vowels_with_shifted_tones = [*glyph_names(font, WIDE_SET), *glyph_names(font, UPPER_VOWELS, ".narrow")]
    tones: ShiftedTones = {}
    for vowel in vowels_with_shifted_tones:
        shift = _carrier_anchors(carrying, vowel)[0].XCoordinate - right - TONE_MARK_OFFSET
        tones[vowel] = _moved_tones(font, small, vowel, shift)
        for subtable in subtables:
            _copy_anchors(subtable, tones[vowel], shift)
    return tones


def _mark_anchor(subtable: Any, name: str) -> Any:
    """The anchor by which a mark hangs on another."""
    return subtable.Mark1Array.MarkRecord[subtable.Mark1Coverage.glyphs.index(name)].MarkAnchor


def _carrier_anchors(subtables: Iterable[Any], name: str) -> list[Any]:
    """The anchors on which a mark carries others."""
    records = [s.Mark2Array.Mark2Record[s.Mark2Coverage.glyphs.index(name)] for s in subtables]
    return [anchor for record in records for anchor in record.Mark2Anchor if anchor is not None]


def _moved_tones(font: TTFont, small: Iterable[str], vowel: str, shift: int) -> dict[str, str]:
    """New glyphs: the small tone marks with their ink moved by `shift`."""
    moved = {name: f"{name}.{vowel}" for name in small}
    font.setGlyphOrder([*font.getGlyphOrder(), *moved.values()])
    for old, new in moved.items():
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = old, shift, 0, _COMPONENT
        glyph = Glyph()
        glyph.numberOfContours, glyph.components = -1, [part]
        font["glyf"][new] = glyph
        font["hmtx"][new] = (0, font["hmtx"][old][1] + shift)
        font["GDEF"].table.GlyphClassDef.classDefs[new] = _MARK_GLYPH_CLASS
        classes = font["GDEF"].table.MarkAttachClassDef.classDefs
        classes[new] = classes[old]
    return moved


def _copy_anchors(subtable: Any, moved: Mapping[str, str], shift: int) -> None:
    covered, records = subtable.Mark1Coverage.glyphs, subtable.Mark1Array.MarkRecord
    for old, new in moved.items():
        record = records[covered.index(old)]
        copy = otTables.MarkRecord()
        copy.Class = record.Class
        copy.MarkAnchor = builder.buildAnchor(record.MarkAnchor.XCoordinate + shift, record.MarkAnchor.YCoordinate)
        covered.append(new)
        records.append(copy)
    subtable.Mark1Array.MarkCount = len(records)
