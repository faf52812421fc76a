"""Glyph substitutions of the print font: shifted tone marks, sara am in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from reports.documents.font_marks import ShiftedTones
from reports.documents.font_sara_am import sara_am_substitutions


def add_substitutions(font: TTFont, tones: ShiftedTones) -> None:
    """After all Thai substitutions of the font: moved tones on their vowels, sara am in one piece."""
    lookups = _LookupAdder(font)
    joined, raised, sara_aa = sara_am_substitutions(font)
    features = [
        lookups.add([builder.buildLigatureSubstSubtable(dict(joined))]),
        lookups.add([lookups.in_context(vowel, moved) for vowel, moved in tones.items()]),
        lookups.add([lookups.in_context(raised, sara_aa)]),
        lookups.add([lookups.in_context((), raised, sara_aa.values())]),
    ]
    for feature in _features(font["GSUB"].table, "thai", "ccmp"):
        feature.LookupListIndex += features
        feature.LookupCount = len(feature.LookupListIndex)


class _LookupAdder:
    """Adds lookups to the font's table of substitutions."""

    def __init__(self, font: TTFont) -> None:
        self.lookups = font["GSUB"].table.LookupList
        self.glyphs = font.getReverseGlyphMap()

    def add(self, subtables: list[Any]) -> int:
        """The number of the lookup that is added."""
        self.lookups.Lookup.append(builder.buildLookup(subtables, table="GSUB"))
        self.lookups.LookupCount = len(self.lookups.Lookup)
        return self.lookups.LookupCount - 1

    def in_context(self, before: str | Iterable[str], swaps: Mapping[str, str], after: Iterable[str] = ()) -> Any:
        """The rule: between these glyphs a glyph is swapped."""
        before, after = [before] if isinstance(before, str) else list(before), list(after)
        rule = otTables.ChainContextSubst()
        rule.Format = 3
        rule.BacktrackCoverage = [builder.buildCoverage(before, self.glyphs)] if before else []
        rule.InputCoverage = [builder.buildCoverage(swaps, self.glyphs)]
        rule.LookAheadCoverage = [builder.buildCoverage(after, self.glyphs)] if after else []
        record = otTables.SubstLookupRecord()
        record.SequenceIndex = 0
        record.LookupListIndex = self.add([builder.buildSingleSubstSubtable(dict(swaps))])
        rule.SubstLookupRecord = [record]
        rule.BacktrackGlyphCount, rule.LookAheadGlyphCount = len(rule.BacktrackCoverage), len(rule.LookAheadCoverage)
        rule.InputGlyphCount, rule.SubstCount = 1, 1
        return rule


def _features(table: Any, script: str, tag: str) -> Iterator[Any]:
    for record in table.ScriptList.ScriptRecord:
        if record.ScriptTag == script:
            for index in record.Script.DefaultLangSys.FeatureIndex:
                feature_record = table.FeatureList.FeatureRecord[index]
                if feature_record.FeatureTag == tag:
                    yield feature_record.Feature
