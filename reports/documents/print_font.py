"""Sarabun for print: the font with Thai clusters that PDF readers take for one word.

Shaping splits sara am into nikhahit and sara aa, and hangs small tone marks far to the left over the narrow
vowels of po pla and its like, or a hair to the right over others; readers then find no sara am, a space in the
middle of a word, or a tone mark behind the next letter. Here the two parts join again, the tone marks get
narrow forms of their own, and all sit a hair to the left. Nothing looks different.
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

FAMILY = "Sarabun"
FACES = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
NIKHAHIT, SARA_AA, SARA_AM = "ํ", "า", "ำ"
TONES = "่้๊๋์"
CONSONANTS = "".join(map(chr, range(0x0E01, 0x0E2F)))
UPPER_VOWELS = "ัิีึื็"
LOWER_VOWEL = "ุ"
HAIR, FAR = 5, 25  # units per em: readers end a word where a mark starts further left
_MARK = 3  # GDEF glyph class


@lru_cache(maxsize=len(FACES))
def face(name: str) -> bytes:
    """The font file of a face ("Regular", …) as it is embedded. Raises KeyError for an unknown face."""
    if name not in FACES:
        raise KeyError(name)
    font = TTFont(io.BytesIO(_source(name)), recalcTimestamp=False)
    marks = _marks(font)
    _align_on_letters(font)
    _align_on_vowels(font, marks)
    narrow = _add_narrow_tones(font, marks)
    _substitute(font, narrow)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _source(name: str) -> bytes:
    path = Path(settings.BASE_DIR) / "static" / "vendor" / "sarabun" / f"{FAMILY}-{name}.ttf"
    if path.exists():
        return path.read_bytes()
    return files("fontpkg_sarabun").joinpath("files", path.name).read_bytes()


def _names(font: TTFont, characters: str, suffix: str = "") -> list[str]:
    cmap = font.getBestCmap()
    return [cmap[ord(c)] + suffix for c in characters]


# -- tone marks over vowels ------------------------------------------------------------------------


def _marks(font: TTFont) -> list[Any]:
    """The mark-to-mark subtables in which Thai tone marks hang on other marks."""
    tone = _names(font, TONES[0], ".small")[0]
    return [s for s in _subtables(font, otTables.MarkMarkPos) if tone in s.Mark1Coverage.glyphs]


def _subtables(font: TTFont, kind: type) -> Iterator[Any]:
    for lookup in font["GPOS"].table.LookupList.Lookup:
        yield from (subtable for subtable in lookup.SubTable if isinstance(subtable, kind))


def _hanging(subtable: Any, name: str) -> Any:
    """The anchor by which a mark hangs on another."""
    return subtable.Mark1Array.MarkRecord[subtable.Mark1Coverage.glyphs.index(name)].MarkAnchor


def _carrying(subtable: Any, names: Iterable[str]) -> list[Any]:
    """The anchors on which the named marks carry others."""
    covered = subtable.Mark2Coverage.glyphs
    records = [subtable.Mark2Array.Mark2Record[covered.index(n)] for n in names if n in covered]
    return [anchor for record in records for anchor in record.Mark2Anchor if anchor is not None]


def _align_on_letters(font: TTFont) -> None:
    """Every mark starts just left of where its consonant ends; wide and narrow marks each hang alike."""
    letters = _letters(font)
    for subtable in _subtables(font, otTables.MarkBasePos):
        bases = dict(zip(subtable.BaseCoverage.glyphs, subtable.BaseArray.BaseRecord, strict=True))
        for number, rows in _rows(font, subtable).items():
            for record in subtable.MarkArray.MarkRecord:
                if record.Class == number:
                    record.MarkAnchor.XCoordinate = _nearest(rows, record.MarkAnchor.XCoordinate)
            for letter in letters & bases.keys():
                anchor, width = bases[letter].BaseAnchor[number], font["hmtx"][letter][0]
                row = _nearest(rows, anchor.XCoordinate - width)
                offset = anchor.XCoordinate - width - row
                anchor.XCoordinate = width + row + min(max(offset, -FAR), -HAIR)


def _rows(font: TTFont, subtable: Any) -> dict[int, list[int]]:
    """Where marks hang, by class: upper marks wide or narrow, lower vowels in one way."""
    covered, records = subtable.MarkCoverage.glyphs, subtable.MarkArray.MarkRecord
    out: dict[int, list[int]] = {}
    for name in (*_names(font, TONES[0] + LOWER_VOWEL), *_names(font, TONES[0], ".narrow")):
        if name in covered:
            record = records[covered.index(name)]
            out.setdefault(record.Class, []).append(record.MarkAnchor.XCoordinate)
    return out


def _nearest(rows: Iterable[int], x: int) -> int:
    return min(rows, key=lambda row: abs(row - x))


def _letters(font: TTFont) -> set[str]:
    """The consonants and their variants without a tail."""
    out = set(_names(font, CONSONANTS))
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            if isinstance(subtable, otTables.SingleSubst):
                out |= {new for old, new in subtable.mapping.items() if old in out}
    return out


def _align_on_vowels(font: TTFont, marks: list[Any]) -> None:
    """No small tone mark starts right of the vowel below it."""
    for subtable in marks:
        tones = [_hanging(subtable, name) for name in _names(font, TONES, ".small")]
        right = max(anchor.XCoordinate for anchor in tones)
        for anchor in tones:
            anchor.XCoordinate = right
        for anchor in _carrying(subtable, _names(font, UPPER_VOWELS)):
            anchor.XCoordinate = min(anchor.XCoordinate, right - HAIR)


def _add_narrow_tones(font: TTFont, marks: list[Any]) -> dict[str, str]:
    """Small tone marks drawn further left, with the anchors that belong to them: small → narrow."""
    small = _names(font, TONES, ".small")
    narrow = {name: f"{name}.narrow" for name in small}
    vowels = [a for s in marks for a in _carrying(s, _names(font, UPPER_VOWELS, ".narrow"))]
    shift = max(a.XCoordinate for a in vowels) + HAIR - _hanging(marks[0], small[0]).XCoordinate
    font.setGlyphOrder([*font.getGlyphOrder(), *narrow.values()])
    for old, new in narrow.items():
        font["glyf"][new] = _moved(old, shift)
        font["hmtx"][new] = (0, font["hmtx"][old][1] + shift)
        font["GDEF"].table.GlyphClassDef.classDefs[new] = _MARK
        classes = font["GDEF"].table.MarkAttachClassDef.classDefs
        classes[new] = classes[old]
    for subtable in marks:
        _copy_anchors(subtable, narrow, shift)
    return narrow


def _moved(name: str, shift: int) -> Glyph:
    part = GlyphComponent()
    part.glyphName, part.x, part.y, part.flags = name, shift, 0, 0x204  # round to grid, use my metrics off
    glyph = Glyph()
    glyph.numberOfContours, glyph.components = -1, [part]
    return glyph


def _copy_anchors(subtable: Any, narrow: Mapping[str, str], shift: int) -> None:
    covered, records = subtable.Mark1Coverage.glyphs, subtable.Mark1Array.MarkRecord
    for old, new in narrow.items():
        record = records[covered.index(old)]
        copy = otTables.MarkRecord()
        copy.Class = record.Class
        copy.MarkAnchor = builder.buildAnchor(record.MarkAnchor.XCoordinate + shift, record.MarkAnchor.YCoordinate)
        covered.append(new)
        records.append(copy)
    subtable.Mark1Array.MarkCount = len(records)


# -- new substitutions -----------------------------------------------------------------------------


def _substitute(font: TTFont, narrow: Mapping[str, str]) -> None:
    """After all Thai substitutions of the font: narrow tones over narrow vowels, sara am in one piece."""
    table = font["GSUB"].table
    nikhahit, sara_aa, sara_am = _names(font, NIKHAHIT + SARA_AA + SARA_AM)
    first = len(table.LookupList.Lookup)
    table.LookupList.Lookup += [
        builder.buildLookup([_after_narrow_vowel(font, narrow, first + 1)], table="GSUB"),
        builder.buildLookup([builder.buildSingleSubstSubtable(dict(narrow))], table="GSUB"),
        builder.buildLookup([builder.buildLigatureSubstSubtable({(nikhahit, sara_aa): sara_am})], table="GSUB"),
    ]
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    for feature in _features(table, "thai", "ccmp"):
        feature.LookupListIndex += [first, first + 2]
        feature.LookupCount = len(feature.LookupListIndex)


def _after_narrow_vowel(font: TTFont, narrow: Mapping[str, str], lookup: int) -> Any:
    glyphs = font.getReverseGlyphMap()
    rule = otTables.ChainContextSubst()
    rule.Format = 3
    rule.BacktrackCoverage = [builder.buildCoverage(_names(font, UPPER_VOWELS, ".narrow"), glyphs)]
    rule.InputCoverage = [builder.buildCoverage(narrow, glyphs)]
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
