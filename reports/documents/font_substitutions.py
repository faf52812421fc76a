"""Glyph substitutions of the print font: shifted tone marks, sara am in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from reports.documents.font_glyphs import NIKHAHIT, SARA_AA, SARA_AM, glyph_names
from reports.documents.font_marks import ShiftedTones


def add_substitutions(font: TTFont, tones: ShiftedTones) -> None:
    """After all Thai substitutions of the font: moved tones on their vowels, sara am in one piece."""
    table = font["GSUB"].table
    nikhahit, sara_aa, sara_am = glyph_names(font, NIKHAHIT + SARA_AA + SARA_AM)
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
                feature_record = table.FeatureList.FeatureRecord[index]
                if feature_record.FeatureTag == tag:
                    yield feature_record.Feature
