"""Reading a criterion: its measure with steps, its choice with points, or a score entered from outside. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scoring.scheme.load_measures import MeasureReader
from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import (
    Criterion,
    PointStep,
)

CRITERION_KEYS = "id name unit count steps choice points with external share source note work level5 method where links"


class CriterionReader:
    """Reads criteria; faults go to the reader of the file."""

    def __init__(self, reader: SchemeFileReader) -> None:
        self.reader = reader
        self.measures = MeasureReader(reader.add_fault, reader.read_text)

    def read_criterion(self, node: Mapping[str, Any], parent_location: str) -> Criterion:
        ident = str(node.get("id") or "")
        location = f"{parent_location}: {ident or 'criterion'}"
        self.reader.check_keys(node, CRITERION_KEYS, location)
        if not ident:
            self.reader.add_fault(node, location, "a criterion needs an `id`")
        kinds = [k for k in ("count", "choice", "external") if node.get(k)]
        if len(kinds) != 1:
            self.reader.add_fault(node, location, "a criterion is one of `count`, `choice`, `external`")
        source = node.get("source")
        measure = self.measures.read(node["count"], node, location) if node.get("count") else None
        steps = self.read_steps(node, location) if measure else ()
        if "with" in node and not node.get("choice"):
            self.reader.add_fault(node, location, "`with` stands inside `count`, or beside `choice`")
        points: dict[str, SourcedNumber] = {}
        if node.get("choice"):
            point_nodes = self.reader.read_mapping(node, "points", location, plain=True)
            points = {key: self.reader.read_points(value, node, location, source) for key, value in point_nodes.items()}
        external = None
        if node.get("external"):
            external_source = self.reader.read_origin("external", source, node, location)[1]
            external = SourcedNumber(Decimal(100), "external", external_source)
        unit = self.reader.read_text(node, "unit", location) or self.measures.default_unit(measure)
        return Criterion(
            id=ident,
            name=self.reader.read_text(node, "name", location, needed=True),
            unit=unit,
            measure=measure,
            steps=steps,
            choice=str(node["choice"]) if node.get("choice") else None,
            points=points,
            evidence_rule=self.measures.read_evidence_rule(node, location),
            external=external,
            share=self.reader.read_sourced_number(node["share"], node, location) if "share" in node else None,
            note=self.reader.read_text(node, "note", location),
            work_kind=str(node.get("work") or ""),
            line=getattr(node, "line", 0),
            **self.read_words(node, location),
        )

    def read_words(self, node: Mapping[str, Any], location: str) -> dict[str, Any]:
        """What is said of the criterion: level 5 and, of a score from outside, its method and where to get it."""
        statements = {key: self.reader.read_statement(node, key, location) for key in ("level5", "method", "where")}
        return {**statements, "links": self.reader.read_links(node, location)}

    def read_steps(self, node: Mapping[str, Any], location: str) -> tuple[PointStep, ...]:
        raw = node.get("steps")
        if not isinstance(raw, list) or not raw:
            self.reader.add_fault(node, location, "a count needs `steps`: [[from, points, origin], …]")
            return ()
        steps = []
        for step in raw:
            if not isinstance(step, list) or len(step) not in (3, 4):
                self.reader.add_fault(
                    node, location, f"a step is [from, points, origin] or with a source, found {step!r}"
                )
                continue
            points = self.reader.read_points(step[1:], node, location, node.get("source"))
            steps.append(PointStep(self.reader.read_number(step[0], node, location), points))
        pairs = list(pairwise(steps))
        if any(a.threshold >= b.threshold for a, b in pairs):
            self.reader.add_fault(node, location, "the steps must rise")
        if any(a.points.value > b.points.value for a, b in pairs):
            self.reader.add_fault(
                node, location, "more never gives fewer points: the points of the steps must not fall"
            )
        return tuple(steps)
