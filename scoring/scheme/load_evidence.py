"""Reading `evidence` of a scheme's uncertainty: what is published of an earlier year, in that year's codes. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.types import Criterion
from scoring.scheme.uncertainty_types import (
    CriterionFacts,
    Evidence,
    PublishedScores,
    PublishedStanding,
    Reason,
)

KEYS = "year columns kept tolerance from source sub_pillars pillars total standings criteria"
SUB_KEYS = "weight scores levels"
STANDING_KEYS = "level pillars_at_3 strongest weakest"
FACT_KEYS = "options each at_least some"
HUNDRED = 100.0


class EvidenceReader:
    """Reads the section; faults go to the reader of the file. Shares are per cent in the file, 0 to 1 here."""

    def __init__(self, reader: SchemeFileReader) -> None:
        self.reader = reader
        self.columns: frozenset[str] = frozenset()

    def read(self, parent: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> Evidence | None:
        """The section; None where there is none."""
        if "evidence" not in parent:
            return None
        location, reader = "uncertainty evidence", self.reader
        node = reader.read_mapping(parent, "evidence", "uncertainty", plain=True)
        reader.check_keys(node, KEYS, location)
        origin, source = reader.read_origin(node.get("from"), node.get("source"), node, location)
        columns = node.get("columns")
        self.columns = frozenset(map(str, columns)) if isinstance(columns, list) else frozenset()
        kept = float(reader.read_number(node.get("kept"), node, location))
        tolerance = float(reader.read_number(node.get("tolerance"), node, location))
        if not 0 <= kept <= 1 or tolerance <= 0:
            reader.add_fault(node, location, "`kept` is between 0 and 1, `tolerance` above 0")
        return Evidence(
            year=reader.read_whole_number(node, "year"),
            kept=kept,
            tolerance=tolerance,
            sub_pillars={
                c: self._read_sub(n, c) for c, n in reader.read_mapping(node, "sub_pillars", location).items()
            },
            pillars={
                str(n): self._read_scores(one, f"{location} pillar {n}")
                for n, one in reader.read_mapping(node, "pillars", location, needed=False).items()
            },
            total=self._read_scores(reader.read_mapping(node, "total", location, plain=True, needed=False), location),
            standings={
                str(c): self._read_standing(one, location)
                for c, one in reader.read_mapping(node, "standings", location, needed=False).items()
            },
            criteria=self._read_criteria(node, criteria),
            reason=Reason(origin, source),
        )

    def _read_scores(self, node: Mapping[str, Any], location: str) -> dict[str, float]:
        for column in sorted(set(map(str, node)) - self.columns):
            self.reader.add_fault(node, location, f"{column!r} is none of `columns`")
        return {str(column): float(self.reader.read_number(v, node, location)) for column, v in node.items()}

    def _read_sub(self, node: Mapping[str, Any], code: str) -> PublishedScores:
        location = f"uncertainty evidence {code}"
        self.reader.check_keys(node, SUB_KEYS, location)
        scores = self._read_scores(self.reader.read_mapping(node, "scores", location, plain=True), location)
        weight = float(self.reader.read_number(node.get("weight", 0), node, location))
        levels = node.get("levels")
        if levels is None:
            return PublishedScores(scores, weight)
        if not isinstance(levels, list) or len(levels) != 3:
            self.reader.add_fault(node, location, "`levels` is [lowest, highest, per cent]")
            return PublishedScores(scores, weight)
        low, high, share = (float(self.reader.read_number(v, node, location)) for v in levels)
        return PublishedScores(scores, weight, (int(low), int(high), share / HUNDRED))

    def _read_standing(self, node: Mapping[str, Any], location: str) -> PublishedStanding:
        self.reader.check_keys(node, STANDING_KEYS, location)
        level, count = node.get("level"), node.get("pillars_at_3")
        return PublishedStanding(
            level if isinstance(level, int) else None,
            count if isinstance(count, int) else None,
            str(node.get("strongest") or ""),
            str(node.get("weakest") or ""),
        )

    def _read_criteria(self, parent: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> dict[str, CriterionFacts]:
        found = {}
        for ident, node in self.reader.read_mapping(parent, "criteria", "uncertainty evidence", needed=False).items():
            location = f"uncertainty evidence {ident}"
            self.reader.check_keys(node, FACT_KEYS, location)
            if ident not in criteria:
                self.reader.add_fault(node, location, "is no criterion of the scheme")
            given = self.reader.read_mapping(node, "options", location, plain=True, needed=False)
            options = {str(k): self._read_share(v, node, location) for k, v in given.items()}
            for key in sorted(set(options) - set(criteria[ident].points if ident in criteria else options)):
                self.reader.add_fault(node, location, f"{key!r} is no option of the criterion")
            each = node.get("each") or node.get("at_least")
            mean = sum(self._read_share(v, node, location) for v in each) if isinstance(each, list) else None
            some = self._read_share(node["some"], node, location) if "some" in node else None
            found[ident] = CriterionFacts(options, mean, "at_least" in node, some)
        return found

    def _read_share(self, value: Any, node: Any, location: str) -> float:
        return float(self.reader.read_number(value, node, location)) / HUNDRED
