"""Reading `uncertainty` of a scheme file: distributions of what is not published, each with its reason. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.scheme.load_evidence import EvidenceReader
from scoring.scheme.load_measures import MeasureReader
from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.types import AlternativeReading, Criterion, SubPillarScheme
from scoring.scheme.uncertainty_types import (
    CombineChance,
    CombineSpread,
    CountedChance,
    PointChances,
    Reason,
    SchemeUncertainty,
    StepSpread,
    WeightSpread,
)

KEYS = "steps weights answers levels combine counted points evidence"
STEP_KEYS = "less more grid kept edges from source"
WEIGHT_KEYS = "by decay from source"
CHANCE_KEYS = "chances from source"
COMBINE_KEYS = "choices from source"
CHOICE_KEYS = "rule shares chance"
POINT_KEYS = "option values from source"
COUNTED_KEYS = "count chance from source"
RULES = frozenset({"mean", "min", "max", "weighted"})


class UncertaintyReader:
    """Reads the section; faults go to the reader of the file."""

    def __init__(self, reader: SchemeFileReader, measures: MeasureReader) -> None:
        self.reader = reader
        self.measures = measures

    def read(self, subs: Sequence[SubPillarScheme], readings: Sequence[AlternativeReading]) -> SchemeUncertainty | None:
        """The section; None where the file has none."""
        if "uncertainty" not in self.reader.data:
            return None
        node = self.reader.read_mapping(self.reader.data, "uncertainty", "scheme", needed=False)
        self.reader.check_keys(node, KEYS, "uncertainty")
        nodes = {code: one for sub in subs for code, one in _walk(sub)}
        criteria = {c.id: c for sub in subs for c in sub.walk()}
        widened = {r.id: r.answers for r in readings if r.answers}
        answers, answers_reason = self._read_chances(node, "answers", frozenset(widened))
        levels, levels_reason = self._read_chances(node, "levels", frozenset(r.id for r in readings if r.levels))
        return SchemeUncertainty(
            steps=self._read_steps(node),
            weights=self._read_weights(node),
            answers={ident: chance for key, chance in answers.items() for ident in widened.get(key, ())},
            level_rules=levels,
            combine=self._read_combine(node, nodes),
            counted=self._read_counted(node, criteria),
            points=self._read_points(node, criteria),
            evidence=EvidenceReader(self.reader).read(node, criteria),
            answers_reason=answers_reason,
            levels_reason=levels_reason,
        )

    def read_reason(self, node: Mapping[str, Any], location: str) -> Reason:
        """{from, source}."""
        return Reason(*self.reader.read_origin(node.get("from"), node.get("source"), node, location))

    def read_chance(self, value: Any, node: Any, location: str) -> float:
        """A probability."""
        chance = float(self.reader.read_number(value, node, location))
        if not 0 <= chance <= 1:
            self.reader.add_fault(node, location, f"a chance is between 0 and 1, found {value!r}")
            return 0.0
        return chance

    def _read_steps(self, node: Mapping[str, Any]) -> StepSpread:
        location, steps = "uncertainty steps", self.reader.read_mapping(node, "steps", "uncertainty", plain=True)
        self.reader.check_keys(steps, STEP_KEYS, location)
        less, more, grid = (
            float(self.reader.read_number(steps.get(k), steps, location)) for k in ("less", "more", "grid")
        )
        if min(less, more) < 0 or grid <= 0:
            self.reader.add_fault(steps, location, "`less` and `more` must not be negative, `grid` is above 0")
            grid = 1.0
        kept, edges = (self.read_chance(steps.get(k, 0), steps, location) for k in ("kept", "edges"))
        return StepSpread(less, more, grid, kept, edges, self.read_reason(steps, location))

    def _read_weights(self, node: Mapping[str, Any]) -> WeightSpread:
        location, weights = "uncertainty weights", self.reader.read_mapping(node, "weights", "uncertainty", plain=True)
        self.reader.check_keys(weights, WEIGHT_KEYS, location)
        by = int(self.reader.read_number(weights.get("by"), weights, location))
        if not 0 <= by <= 3:
            self.reader.add_fault(weights, location, "`by` is 0 to 3")
            by = 0
        decay = self.read_chance(weights.get("decay"), weights, location)
        return WeightSpread(by, decay, self.read_reason(weights, location))

    def _read_chances(
        self, node: Mapping[str, Any], key: str, known: frozenset[str]
    ) -> tuple[dict[str, float], Reason]:
        if key not in node:
            return {}, Reason()
        location, one = f"uncertainty {key}", self.reader.read_mapping(node, key, "uncertainty", plain=True)
        self.reader.check_keys(one, CHANCE_KEYS, location)
        given = self.reader.read_mapping(one, "chances", location, plain=True)
        chances = {str(k): self.read_chance(v, one, location) for k, v in given.items()}
        for unknown in sorted(set(chances) - known):
            self.reader.add_fault(one, location, f"{unknown!r} is no reading of this kind")
        if key == "levels" and sum(chances.values()) > 1:
            self.reader.add_fault(one, location, "the chances add up to more than 1")
        return chances, self.read_reason(one, location)

    def _read_combine(self, node: Mapping[str, Any], nodes: Mapping[str, SubPillarScheme]) -> dict[str, CombineSpread]:
        found = {}
        for code, one in self.reader.read_mapping(node, "combine", "uncertainty", needed=False).items():
            location = f"uncertainty combine {code}"
            self.reader.check_keys(one, COMBINE_KEYS, location)
            if code not in nodes:
                self.reader.add_fault(one, location, "is no sub-pillar or part of the scheme")
                continue
            children = len(nodes[code].criteria) + len(nodes[code].parts)
            choices = [
                self._read_choice(c, children, location) for c in self.reader.read_list(one, "choices", location)
            ]
            if sum(c.chance for c in choices) > 1:
                self.reader.add_fault(one, location, "the chances add up to more than 1")
            found[code] = CombineSpread(tuple(choices), self.read_reason(one, location))
        return found

    def _read_choice(self, node: Mapping[str, Any], children: int, location: str) -> CombineChance:
        self.reader.check_keys(node, CHOICE_KEYS, location)
        rule = str(node.get("rule"))
        if rule not in RULES:
            self.reader.add_fault(node, location, f"`rule` is one of {', '.join(sorted(RULES))}")
            rule = "mean"
        given = node.get("shares") or []
        shares = (
            tuple(float(self.reader.read_number(s, node, location)) for s in given) if isinstance(given, list) else ()
        )
        if (rule == "weighted") != bool(shares) or (shares and len(shares) != children) or any(s < 0 for s in shares):
            self.reader.add_fault(node, location, f"`weighted` has {children} `shares`, the other rules none")
        return CombineChance(rule, self.read_chance(node.get("chance"), node, location), shares)

    def _read_counted(self, node: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> dict[str, CountedChance]:
        found = {}
        for ident, one in self.reader.read_mapping(node, "counted", "uncertainty", needed=False).items():
            location = f"uncertainty counted {ident}"
            self.reader.check_keys(one, COUNTED_KEYS, location)
            if ident not in criteria:
                self.reader.add_fault(one, location, "is no criterion of the scheme")
            measure = self.measures.read(one.get("count"), one, location)
            chance = self.read_chance(one.get("chance"), one, location)
            found[ident] = CountedChance(measure, chance, self.read_reason(one, location))
        return found

    def _read_points(self, node: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> dict[str, PointChances]:
        found = {}
        for ident, one in self.reader.read_mapping(node, "points", "uncertainty", needed=False).items():
            location, option = f"uncertainty points {ident}", str(one.get("option"))
            self.reader.check_keys(one, POINT_KEYS, location)
            if ident not in criteria or option not in criteria[ident].points:
                self.reader.add_fault(one, location, f"no option {option!r} of a choice of the scheme")
            given = self.reader.read_mapping(one, "values", location, plain=True)
            values = tuple(
                (float(self.reader.read_number(points, one, location)), self.read_chance(chance, one, location))
                for points, chance in given.items()
            )
            if sum(chance for _, chance in values) > 1 or any(not 0 <= points <= 100 for points, _ in values):
                self.reader.add_fault(one, location, "points are 0 to 100, their chances add up to 1 at most")
            found[ident] = PointChances(option, values, self.read_reason(one, location))
        return found


def _walk(sub: SubPillarScheme) -> list[tuple[str, SubPillarScheme]]:
    return [(sub.code, sub), *(pair for part in sub.parts for pair in _walk(part))]
