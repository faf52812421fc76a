"""Reading the rule of levels: bands, index and rounding. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.sourced import Origin, SourcedRule
from scoring.scheme.types import (
    LevelBand,
    LevelRule,
)
from survey.instrument.schema import LocalizedText

INDEX_RULES = frozenset({"mean", "min"})
ROUNDING_RULES = frozenset({"floor", "nearest", "ceiling"})
LEVEL_KEYS = "bands index rounding from source"
BAND_KEYS = "level below to"


class LevelRuleReader:
    """Reads rules of levels; faults go to the reader of the file."""

    def __init__(self, reader: SchemeFileReader) -> None:
        self.reader = reader

    def read_level_rule(self, node: Any) -> LevelRule | None:
        """A rule of levels: the scheme's own, or that of a reading."""
        if not isinstance(node, dict):
            self.reader.add_fault(self.reader.data, "levels", "`levels` is a mapping")
            return None
        self.reader.check_keys(node, LEVEL_KEYS, "levels")
        origin, source = self.reader.read_origin(node.get("from"), node.get("source"), node, "levels")
        bands = tuple(self.read_band(b, node) for b in self.reader.read_list(node, "bands", "levels"))
        self.check_bands(bands, node)
        return LevelRule(
            bands,
            self.read_level_choice(node, "index", INDEX_RULES, origin, source),
            self.read_level_choice(node, "rounding", ROUNDING_RULES, origin, source),
            origin,
            source,
        )

    def read_level_choice(
        self, node: Mapping[str, Any], key: str, allowed: frozenset[str], origin: Origin, source: LocalizedText
    ) -> SourcedRule:
        value = node.get(key)
        if value not in allowed:
            self.reader.add_fault(node, "levels", f"`{key}` is one of {', '.join(sorted(allowed))}")
        return SourcedRule(str(value), origin, source)

    def read_band(self, node: Mapping[str, Any], parent: Mapping[str, Any]) -> LevelBand:
        self.reader.check_keys(node, BAND_KEYS, "levels")
        level = node.get("level")
        if not isinstance(level, int) or isinstance(level, bool):
            self.reader.add_fault(node, "levels", "a band needs a whole `level`")
            level = 0
        if "below" in node and "to" in node:
            self.reader.add_fault(
                node, "levels", "a band has `below` (edge left out) or `to` (edge included), not both"
            )
        edge = node.get("below", node.get("to"))
        return LevelBand(level, None if edge is None else self.reader.read_number(edge, node, "levels"), "to" in node)

    def check_bands(self, bands: Sequence[LevelBand], node: Any) -> None:
        levels = [b.level for b in bands]
        if levels != list(range(1, len(levels) + 1)) or not levels:
            self.reader.add_fault(node, "levels", "bands go from level 1 upwards, one by one")
        edges = [b.edge for b in bands[:-1]]
        if any(e is None for e in edges) or (bands and bands[-1].edge is not None):
            self.reader.add_fault(node, "levels", "every band but the last has an edge")
        elif any(a >= b for a, b in pairwise(edges) if a is not None and b is not None):
            self.reader.add_fault(node, "levels", "the edges of the bands must rise")
