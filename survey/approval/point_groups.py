"""Groups of open points, each explained by one reason: a kind in a pillar. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey.answering.checker import OpenPoint
from survey.instrument.schema import CompiledInstrument

GroupKey = str


def group_key(kind: str, pillar: str) -> GroupKey:
    """The key of a group of open points; `pillar` is empty for what belongs to none."""
    return f"{kind}@{pillar}"


def pillar_of_section(instrument: CompiledInstrument, section: str) -> str:
    """The number of the pillar a section belongs to; empty for none, and for the response as a whole."""
    found = instrument.by_section.get(section)
    return (found.pillar or "") if found else ""


def group_of_point(instrument: CompiledInstrument, point: OpenPoint) -> GroupKey:
    """The key of the group a point belongs to."""
    return group_key(point.kind, pillar_of_section(instrument, point.section))


def points_by_group(instrument: CompiledInstrument, points: Iterable[OpenPoint]) -> Mapping[GroupKey, list[OpenPoint]]:
    """Open points by the key of their group, in the order of first appearance."""
    groups: dict[GroupKey, list[OpenPoint]] = {}
    for point in points:
        groups.setdefault(group_of_point(instrument, point), []).append(point)
    return groups
