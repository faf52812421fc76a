"""The least work that makes a count one, two, … more. Exact, also where pieces of work serve several things. PURE.

What is needed for several things is done once: opening a question, say. So for every choice of such shared pieces
what is left is counted alone, and the best of all choices is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from scoring.planning.what_if.changes import ScenarioChanges
from survey.instrument.schema import LocalizedText

MAX_SHARED = 8  # shared pieces of which every choice is tried; of more only none, each, and all
NO_PIECES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WorkPiece:
    """One piece of work: the thing it is done for, its kind and effort in whole units."""

    key: str
    kind: str
    effort: int
    label: LocalizedText


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """What makes a measure one more. Of units with the same `field` only one counts."""

    pieces: tuple[WorkPiece, ...]
    changes: tuple[ScenarioChanges, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class WorkNode:
    """The units of a measure, or (`how`) those of its parts. `rooms`: how many more a part may count.

    `needs`: how many more a part of "all" or "any" needs; 0: it holds.
    """

    units: tuple[WorkUnit, ...] = ()
    how: Literal["units", "sum", "any", "all"] = "units"
    parts: tuple[WorkNode, ...] = ()
    rooms: tuple[int | None, ...] = ()
    needs: tuple[int, ...] = ()

    def walk(self) -> Iterator[WorkUnit]:
        """Every unit below."""
        yield from self.units
        for part in self.parts:
            yield from part.walk()


EffortCurve = list[tuple[int, tuple[WorkUnit, ...]]]  # for 0, 1, 2, … more: effort and units


def sum_effort(pieces: Iterable[WorkPiece], free: frozenset[str] = NO_PIECES) -> int:
    """The effort of pieces; what is needed twice is done once, what is free costs nothing."""
    once: dict[str, int] = {}
    for piece in pieces:
        if piece.key not in free:
            once[piece.key] = max(piece.effort, once.get(piece.key, 0))
    return sum(once.values())


def compute_effort_curve(node: WorkNode, free: frozenset[str] = NO_PIECES) -> EffortCurve:
    """The least effort for 0, 1, 2, … more, as far as it goes."""
    if node.how == "units":
        return _add_curves([_component_curve(some, free) for some in _group_components(node.units, free)])
    shared = _find_shared([list(part.walk()) for part in node.parts], free)
    found: EffortCurve = []
    for chosen in list_subsets(sorted(shared)):
        base = _sum_efforts(chosen, shared)
        _merge_cheaper(found, [(base + effort, units) for effort, units in _combine_parts(node, free | set(chosen))])
    return found


def list_subsets(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All choices of some keys; of very many only none, each, and all."""
    sizes = range(len(keys) + 1) if len(keys) <= MAX_SHARED else (0, 1, len(keys))
    for size in sizes:
        yield from combinations(keys, size)


def find_shared_pieces(nodes: Sequence[Iterable[WorkUnit]]) -> dict[str, int]:
    """Pieces that units of more than one of these need, with their effort."""
    return _find_shared([list(node) for node in nodes], NO_PIECES)


def _combine_parts(node: WorkNode, free: frozenset[str]) -> EffortCurve:
    curves = [compute_effort_curve(part, free) for part in node.parts]
    if node.how == "sum":
        return _add_curves([c if room is None else c[: room + 1] for c, room in zip(curves, node.rooms, strict=True)])
    open_ = [(c, need) for c, need in zip(curves, node.needs, strict=True) if need > 0]
    able = [c[need] for c, need in open_ if need < len(c)]
    if node.how == "any":
        return [(0, ()), min(able, key=lambda pair: pair[0])] if able else [(0, ())]
    if len(able) < len(open_):
        return [(0, ())]
    units = tuple(u for _effort, some in able for u in some)
    return [(0, ()), (sum_effort((p for u in units for p in u.pieces), free), units)]


def _component_curve(units: Sequence[WorkUnit], free: frozenset[str]) -> EffortCurve:
    shared = _find_shared([[u] for u in units], free)
    found: EffortCurve = []
    for chosen in list_subsets(sorted(shared)):
        paid = free | set(chosen)
        able = [(sum_effort(u.pieces, paid), u) for u in units if not (shared.keys() & _piece_keys(u)) - paid]
        curve_: EffortCurve = [(_sum_efforts(chosen, shared), ())]
        taken: set[str] = set()
        for effort, unit in sorted(able, key=lambda pair: pair[0]):
            if unit.field and unit.field in taken:
                continue
            taken.add(unit.field)
            curve_.append((curve_[-1][0] + effort, (*curve_[-1][1], unit)))
        _merge_cheaper(found, curve_)
    return found


def _group_components(units: Sequence[WorkUnit], free: frozenset[str]) -> list[list[WorkUnit]]:
    """Units that share pieces or exclude each other, together."""
    groups: list[tuple[set[str], list[WorkUnit]]] = []
    for unit in units:
        keys = {k for k in _piece_keys(unit) if k not in free} | ({f"field {unit.field}"} if unit.field else set())
        mine: list[WorkUnit] = []
        apart = []
        for have, some in groups:
            if have & keys:
                keys |= have
                mine += some
            else:
                apart.append((have, some))
        groups = [*apart, (keys, [*mine, unit])]
    return [some for _keys_, some in groups]


def _add_curves(curves: Iterable[EffortCurve]) -> EffortCurve:
    """Curves of things apart, added; of equal choices the one with more of the earlier things."""
    total: EffortCurve = [(0, ())]
    for one in curves:
        grown: dict[int, tuple[int, tuple[WorkUnit, ...]]] = {}
        for at in reversed(range(len(total))):
            effort, units = total[at]
            for more, (extra, new) in enumerate(one):
                known = grown.get(at + more)
                if known is None or effort + extra < known[0]:
                    grown[at + more] = effort + extra, (*units, *new)
        total = [grown[at] for at in sorted(grown)]
    return total


def _merge_cheaper(found: EffortCurve, other: EffortCurve) -> None:
    """Takes what is less work."""
    for at, pair in enumerate(other):
        if at == len(found):
            found.append(pair)
        elif pair[0] < found[at][0]:
            found[at] = pair


def _find_shared(groups: Sequence[Sequence[WorkUnit]], free: frozenset[str]) -> dict[str, int]:
    seen: set[str] = set()
    out: dict[str, int] = {}
    efforts: dict[str, int] = {}
    for units in groups:
        mine: set[str] = set()
        for piece in (p for u in units for p in u.pieces if p.key not in free):
            mine.add(piece.key)
            efforts[piece.key] = max(piece.effort, efforts.get(piece.key, 0))
        out.update(dict.fromkeys(mine & seen, 0))
        seen |= mine
    return {key: efforts[key] for key in out}


def _sum_efforts(keys: Iterable[str], efforts: dict[str, int]) -> int:
    return sum(efforts[k] for k in keys)


def _piece_keys(unit: WorkUnit) -> set[str]:
    return {p.key for p in unit.pieces}
