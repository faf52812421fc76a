"""Who answers what in a played year: the reviewed assignment list where it fits the form, else spread evenly. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.assigning.assignment_list import Entry
from survey.assigning.targets import Target, UnknownTarget, columns, find
from survey.instrument.schema import Instrument

Row = Mapping[str, Any]
Lines = list[tuple[Row, tuple[Target, ...]]]


def named(rows: Sequence[Row]) -> list[str]:
    """The codes of the agencies that a list names, in order."""
    return list(dict.fromkeys(to["agency"] for row in rows for to in row["to"] if "agency" in to))


def entries(instrument: Instrument, codes: Sequence[str], rows: Sequence[Row]) -> list[Entry]:
    """The assignments of the agencies `codes`. `rows`: the `assignments` of a sample province's file.

    A row that the form has no place for makes the whole list unfit; then every sub-pillar is given out in turn.
    """
    try:
        lines = [(row, _targets(instrument, row)) for row in rows]
    except UnknownTarget:
        lines = []
    found = _listed(lines, codes) if lines else _spread(instrument, codes)
    return list({entry.key: entry for entry in reversed(list(found))}.values())[::-1]


def _targets(instrument: Instrument, row: Row) -> tuple[Target, ...]:
    if "part" in row:
        return find(instrument, row["part"])
    names = row.get("questions") or [row.get("sub_pillar") or row["pillar"]]
    return tuple(target for name in names for target in find(instrument, name))


def _listed(lines: Lines, codes: Sequence[str]) -> Iterator[Entry]:
    """The list written out; a group is everybody who is not named for the same thing."""
    office = _offices(named([row for row, _targets in lines]), codes)
    taken: dict[tuple[str, str], set[str]] = {}
    for row, targets in lines:
        for target in targets:
            some = taken.setdefault((target.sub_pillar, target.question), set())
            some.update(office[to["agency"]] for to in row["to"] if "agency" in to)
    for row, targets in lines:
        note = row.get("note", {}).get("th", "")
        for target in targets:
            there = taken[target.sub_pillar, target.question]
            for to in row["to"]:
                for code in [office[to["agency"]]] if "agency" in to else [c for c in codes if c not in there]:
                    yield Entry(code, target, to["role"], bool(to.get("if_any")), None, note)


def _offices(names: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """Which agency does the work of which named one: itself, else one that is not named, else whoever is there."""
    free = [code for code in codes if code not in names]
    out = {}
    for number, name in enumerate(names):
        if name in codes:
            out[name] = name
        else:
            out[name] = free.pop(0) if free else codes[number % len(codes)]
    return out


def _spread(instrument: Instrument, codes: Sequence[str]) -> Iterator[Entry]:
    """Every other sub-pillar to everybody; the rest to one, whom another reviews and the others help if they can.

    Of five and more one has nothing to do with it, so that a part can be handed on.
    """
    for number, sub in enumerate(code for code in columns(instrument) if code):
        target, first = Target(sub), number % len(codes)
        for place, code in enumerate((*codes[first:], *codes[:first])):
            if place == 0 or number % 2 == 0:
                yield Entry(code, target, "R")
            elif place == 1 and len(codes) > 2:
                yield Entry(code, target, "A")
            elif place < 4 or place < len(codes) - 1:
                yield Entry(code, target, "S", if_any=True)
