"""Sarabun for print: the same look, with marks placed so that PDF readers find the words.

Shaping splits sara am into nikhahit and sara aa, and sets marks where they look right: far left over narrow
vowels, a hair right of their letter elsewhere. Readers order what they find from left to right and end a word
at a gap; they then see no sara am, a space inside a word, or a tone mark before its vowel or behind the next
letter. Here the two parts join again, and the origin of every mark (not its ink) moves so that the order from
left to right is letter, lower vowel, upper vowel, tone mark, next letter.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

FONT_FAMILY = "Sarabun"
FONT_FACES = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
CONSONANTS = "".join(map(chr, range(0x0E01, 0x0E2F)))
NIKHAHIT, SARA_AA, SARA_AM = "ํ", "า", "ำ"
TONES = "่้๊๋์"
UPPER_VOWELS, LOWER_VOWEL = "ัิีึื็", "ุ"
WIDE_SET = "ื็"  # vowels that carry their tone mark further left than the others
# Where marks start, in units per em left of the end of their letter: at least and at most. A reader ends the
# word where a mark starts further left than 25.
UPPER_MARK_OFFSETS, LOWER_VOWEL_OFFSETS = (5, 15), (20, 25)
TONE_MARK_OFFSET = 2  # where a tone mark starts, right of its vowel
_MARK = 3  # GDEF glyph class
_COMPONENT = 0x0204  # round to grid; the component's own metrics are not used

ShiftedTones = dict[str, dict[str, str]]
"""By vowel: small tone mark → the same drawn further left."""


@lru_cache(maxsize=len(FONT_FACES))
def font_face(name: str) -> bytes:
    """The font file of a face ("Regular", …) as it is embedded. Raises KeyError for an unknown face."""
    if name not in FONT_FACES:
        raise KeyError(name)
    font = TTFont(io.BytesIO(_font_source(name)), recalcTimestamp=False)
    _place_on_letters(font)
    tones = _place_on_vowels(font)
    _add_substitutions(font, tones)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _font_source(name: str) -> bytes:
    path = Path(settings.BASE_DIR) / "static" / "vendor" / "sarabun" / f"{FONT_FAMILY}-{name}.ttf"
    if path.exists():
        return path.read_bytes()
    return files("fontpkg_sarabun").joinpath("files", path.name).read_bytes()


def _glyph_names(font: TTFont, characters: str, suffix: str = "") -> list[str]:
    cmap = font.getBestCmap()
    return [cmap[ord(c)] + suffix for c in characters]


def _position_subtables(font: TTFont, kind: type) -> Iterator[Any]:
    for lookup in font["GPOS"].table.LookupList.Lookup:
        yield from (subtable for subtable in lookup.SubTable if isinstance(subtable, kind))


# -- marks on letters ------------------------------------------------------------------------------


def _place_on_letters(font: TTFont) -> None:
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
    out = set(_glyph_names(font, CONSONANTS))
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            if isinstance(subtable, otTables.SingleSubst):
                out |= {new for old, new in subtable.mapping.items() if old in out}
    return out


def _mark_rows(font: TTFont, subtable: Any) -> dict[int, tuple[list[int], tuple[int, int]]]:
    """Where marks hang, by class: upper marks wide or narrow, lower vowels in one way."""
    wide, lower = _glyph_names(font, TONES[0] + LOWER_VOWEL)
    (narrow,) = _glyph_names(font, TONES[0], ".narrow")
    covered, records = subtable.MarkCoverage.glyphs, subtable.MarkArray.MarkRecord
    out: dict[int, tuple[list[int], tuple[int, int]]] = {}
    for name, limits in ((wide, UPPER_MARK_OFFSETS), (narrow, UPPER_MARK_OFFSETS), (lower, LOWER_VOWEL_OFFSETS)):
        if name in covered:
            record = records[covered.index(name)]
            out.setdefault(record.Class, ([], limits))[0].append(record.MarkAnchor.XCoordinate)
    return out


def _nearest(rows: Iterable[int], x: int) -> int:
    return min(rows, key=lambda row: abs(row - x))


# -- tone marks on vowels --------------------------------------------------------------------------


def _place_on_vowels(font: TTFont) -> ShiftedTones:
    """Small tone marks start just right of their vowel; where their ink is far left, as glyphs of their own."""
    small = _glyph_names(font, TONES, ".small")
    subtables = [s for s in _position_subtables(font, otTables.MarkMarkPos) if small[0] in s.Mark1Coverage.glyphs]
    carrying = [s for s in subtables if _glyph_names(font, UPPER_VOWELS)[0] in s.Mark2Coverage.glyphs]
    right = max(_mark_anchor(subtables[0], name).XCoordinate for name in small)
    for subtable in subtables:
        for name in small:
            _mark_anchor(subtable, name).XCoordinate = right
    for vowel in _glyph_names(font, UPPER_VOWELS):
        for anchor in _carrier_anchors(carrying, vowel):
            if vowel not in _glyph_names(font, WIDE_SET):
                anchor.XCoordinate = right + TONE_MARK_OFFSET
    own = [*_glyph_names(font, WIDE_SET), *_glyph_names(font, UPPER_VOWELS, ".narrow")]
    tones: ShiftedTones = {}
    for vowel in own:
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
    found = [s.Mark2Array.Mark2Record[s.Mark2Coverage.glyphs.index(name)] for s in subtables]
    return [anchor for record in found for anchor in record.Mark2Anchor if anchor is not None]


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
        font["GDEF"].table.GlyphClassDef.classDefs[new] = _MARK
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


# -- substitutions ---------------------------------------------------------------------------------


def _add_substitutions(font: TTFont, tones: ShiftedTones) -> None:
    """After all Thai substitutions of the font: moved tones on their vowels, sara am in one piece."""
    table = font["GSUB"].table
    nikhahit, sara_aa, sara_am = _glyph_names(font, NIKHAHIT + SARA_AA + SARA_AM)
    first = len(table.LookupList.Lookup)
    rules = [_substitution_rule(font, vowel, moved, first + 2 + n) for n, (vowel, moved) in enumerate(tones.items())]
    join = builder.buildLigatureSubstSubtable({(nikhahit, sara_aa): sara_am})
    swaps = [[builder.buildSingleSubstSubtable(dict(moved))] for moved in tones.values()]
    table.LookupList.Lookup += [builder.buildLookup(subtables, table="GSUB") for subtables in ([join], rules, *swaps)]
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    for feature in _features(table, "thai", "ccmp"):
        feature.LookupListIndex += [first, first + 1]
        feature.LookupCount = len(feature.LookupListIndex)


def _substitution_rule(font: TTFont, vowel: str, moved: Mapping[str, str], lookup: int) -> Any:
    """The rule: a small tone mark after this vowel is replaced by `lookup`."""
    glyphs = font.getReverseGlyphMap()
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackCoverage = [builder.buildCoverage([vowel], glyphs)]
    rule.InputCoverage = [builder.buildCoverage(moved, glyphs)]
    rule.LookAheadCoverage = []
    record = otTables.SubstLookupRecord()
    record.SequenceIndex, record.LookupListIndex = 0, lookup
    rule.SubstLookupRecord = [record]
    rule.BacktrackGlyphCount, rule.InputGlyphCount, rule.LookAheadGlyphCount, rule.SubstCount = 1, 1, 0, 1
    return rule


def _features(table: Any, script: str, tag: str) -> Iterator[Any]:
    for record in table.ScriptList.ScriptRecord:
        if record.ScriptTag == script:
            for index in record.Script.DefaultLangSys.FeatureIndex:
                found = table.FeatureList.FeatureRecord[index]
                if found.FeatureTag == tag:
                    yield found.Feature
