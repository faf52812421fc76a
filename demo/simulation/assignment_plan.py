"""Who answers what in a simulated year: the reviewed assignment list if it fits the form, else spread evenly. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.targets import AssignmentTarget, UnknownTarget, assignable_sub_pillars, find_targets
from survey.instrument.schema import CompiledInstrument

AssignmentRow = Mapping[str, Any]
TargetedRows = list[tuple[AssignmentRow, tuple[AssignmentTarget, ...]]]


def named_agencies(rows: Sequence[AssignmentRow]) -> list[str]:
    """The codes of the agencies that a list names, in order."""
    return list(dict.fromkeys(to["agency"] for row in rows for to in row["to"] if "agency" in to))


def simulated_assignments(
    instrument: CompiledInstrument, codes: Sequence[str], rows: Sequence[AssignmentRow]
) -> list[AssignmentEntry]:
    """The assignments of the agencies `codes`. `rows`: the `assignments` of a sample province's file.

    A row that the form has no place for makes the whole list unfit; then every sub-pillar is given out in turn.
    """
    try:
        lines = [(row, _targets(instrument, row)) for row in rows]
    except UnknownTarget:
        lines = []
    entries = _entries_of_list(lines, codes) if lines else _entries_spread_evenly(instrument, codes)
    return list({entry.key: entry for entry in reversed(list(entries))}.values())[::-1]


def _targets(instrument: CompiledInstrument, row: AssignmentRow) -> tuple[AssignmentTarget, ...]:
    if "part" in row:
        return find_targets(instrument, row["part"])
    names = row.get("questions") or [row.get("sub_pillar") or row["pillar"]]
    return tuple(target for name in names for target in find_targets(instrument, name))


def _entries_of_list(lines: TargetedRows, codes: Sequence[str]) -> Iterator[AssignmentEntry]:
    """The list written out; a group is everybody who is not named for the same thing."""
    substitutes = _substitute_agencies(named_agencies([row for row, _targets in lines]), codes)
    taken: dict[tuple[str, str], set[str]] = {}
    for row, targets in lines:
        for target in targets:
            codes_taken = taken.setdefault((target.sub_pillar, target.question), set())
            codes_taken.update(substitutes[to["agency"]] for to in row["to"] if "agency" in to)
    for row, targets in lines:
        note = row.get("note", {}).get("th", "")
        for target in targets:
            codes_taken = taken[target.sub_pillar, target.question]
            for to in row["to"]:
                for code in (
                    [substitutes[to["agency"]]] if "agency" in to else [c for c in codes if c not in codes_taken]
                ):
                    yield AssignmentEntry(code, target, to["role"], bool(to.get("if_any")), None, note)


def _substitute_agencies(names: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """Which agency does the work of which named one: itself, else one that is not named, else whoever is there."""
    free = [code for code in codes if code not in names]
    substitutes = {}
    for number, name in enumerate(names):
        if name in codes:
            substitutes[name] = name
        else:
            substitutes[name] = free.pop(0) if free else codes[number % len(codes)]
    return substitutes


def _entries_spread_evenly(instrument: CompiledInstrument, codes: Sequence[str]) -> Iterator[AssignmentEntry]:
    """Every other sub-pillar to everybody; the rest to one, whom another reviews and the others help if they can.

    Of five and more one has nothing to do with it, so that a part can be handed on.
    """
    for number, sub in enumerate(code for code in assignable_sub_pillars(instrument) if code):
        target, first = AssignmentTarget(sub), number % len(codes)
        for place, code in enumerate((*codes[first:], *codes[:first])):
            if place == 0 or number % 2 == 0:
                yield AssignmentEntry(code, target, "R")
            elif place == 1 and len(codes) > 2:
                yield AssignmentEntry(code, target, "A")
            elif place < 4 or place < len(codes) - 1:
                yield AssignmentEntry(code, target, "S", if_any=True)
