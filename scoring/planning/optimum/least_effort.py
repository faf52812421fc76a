"""The least work that makes a count one, two, … more. Exact, also where pieces of work serve several things. PURE.

What is needed for several things is done once: opening a question, say. So for every choice of such shared pieces
what is left is counted alone, and the best of all choices is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from scoring.planning.what_if.changes import Changes
from survey.instrument.schema import Text

MOST_SHARED = 8  # shared pieces of which every choice is tried; of more only none, each, and all
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work: the thing it is done for, its kind and effort in whole units."""

    key: str
    kind: str
    effort: int
    label: Text


@dataclass(frozen=True, slots=True)
class Unit:
    """What makes a measure one more. Of units with the same `field` only one counts."""

    pieces: tuple[Piece, ...]
    changes: tuple[Changes, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """The units of a measure, or (`how`) those of its parts. `rooms`: how many more a part may count.

    `needs`: how many more a part of "all" or "any" needs; 0: it holds.
    """

    units: tuple[Unit, ...] = ()
    how: Literal["units", "sum", "any", "all"] = "units"
    parts: tuple[Node, ...] = ()
    rooms: tuple[int | None, ...] = ()
    needs: tuple[int, ...] = ()

    def walk(self) -> Iterator[Unit]:
        """Every unit below."""
        yield from self.units
        for part in self.parts:
            yield from part.walk()


Curve = list[tuple[int, tuple[Unit, ...]]]  # for 0, 1, 2, … more: effort and units


def effort_of(pieces: Iterable[Piece], free: frozenset[str] = NOTHING) -> int:
    """The effort of pieces; what is needed twice is done once, what is free costs nothing."""
    once: dict[str, int] = {}
    for piece in pieces:
        if piece.key not in free:
            once[piece.key] = max(piece.effort, once.get(piece.key, 0))
    return sum(once.values())


def curve(node: Node, free: frozenset[str] = NOTHING) -> Curve:
    """The least effort for 0, 1, 2, … more, as far as it goes."""
    if node.how == "units":
        return _added([_component(some, free) for some in _components(node.units, free)])
    shared = _shared([list(part.walk()) for part in node.parts], free)
    found: Curve = []
    for chosen in subsets(sorted(shared)):
        base = _effort(chosen, shared)
        _improve(found, [(base + effort, units) for effort, units in _joined(node, free | set(chosen))])
    return found


def subsets(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All choices of some keys; of very many only none, each, and all."""
    sizes = range(len(keys) + 1) if len(keys) <= MOST_SHARED else (0, 1, len(keys))
    for size in sizes:
        yield from combinations(keys, size)


def shared_by(nodes: Sequence[Iterable[Unit]]) -> dict[str, int]:
    """Pieces that units of more than one of these need, with their effort."""
    return _shared([list(node) for node in nodes], NOTHING)


def _joined(node: Node, free: frozenset[str]) -> Curve:
    curves = [curve(part, free) for part in node.parts]
    if node.how == "sum":
        return _added([c if room is None else c[: room + 1] for c, room in zip(curves, node.rooms, strict=True)])
    open_ = [(c, need) for c, need in zip(curves, node.needs, strict=True) if need > 0]
    able = [c[need] for c, need in open_ if need < len(c)]
    if node.how == "any":
        return [(0, ()), min(able, key=lambda pair: pair[0])] if able else [(0, ())]
    if len(able) < len(open_):
        return [(0, ())]
    units = tuple(u for _effort, some in able for u in some)
    return [(0, ()), (effort_of((p for u in units for p in u.pieces), free), units)]


def _component(units: Sequence[Unit], free: frozenset[str]) -> Curve:
    shared = _shared([[u] for u in units], free)
    found: Curve = []
    for chosen in subsets(sorted(shared)):
        paid = free | set(chosen)
        able = [(effort_of(u.pieces, paid), u) for u in units if not (shared.keys() & _keys(u)) - paid]
        curve_: Curve = [(_effort(chosen, shared), ())]
        taken: set[str] = set()
        for effort, unit in sorted(able, key=lambda pair: pair[0]):
            if unit.field and unit.field in taken:
                continue
            taken.add(unit.field)
            curve_.append((curve_[-1][0] + effort, (*curve_[-1][1], unit)))
        _improve(found, curve_)
    return found


def _components(units: Sequence[Unit], free: frozenset[str]) -> list[list[Unit]]:
    """Units that share pieces or exclude each other, together."""
    groups: list[tuple[set[str], list[Unit]]] = []
    for unit in units:
        keys = {k for k in _keys(unit) if k not in free} | ({f"field {unit.field}"} if unit.field else set())
        mine: list[Unit] = []
        apart = []
        for have, some in groups:
            if have & keys:
                keys |= have
                mine += some
            else:
                apart.append((have, some))
        groups = [*apart, (keys, [*mine, unit])]
    return [some for _keys_, some in groups]


def _added(curves: Iterable[Curve]) -> Curve:
    """Curves of things apart, added; of equal choices the one with more of the earlier things."""
    total: Curve = [(0, ())]
    for one in curves:
        grown: dict[int, tuple[int, tuple[Unit, ...]]] = {}
        for at in reversed(range(len(total))):
            effort, units = total[at]
            for more, (extra, new) in enumerate(one):
                known = grown.get(at + more)
                if known is None or effort + extra < known[0]:
                    grown[at + more] = effort + extra, (*units, *new)
        total = [grown[at] for at in sorted(grown)]
    return total


def _improve(found: Curve, other: Curve) -> None:
    """Takes what is less work."""
    for at, pair in enumerate(other):
        if at == len(found):
            found.append(pair)
        elif pair[0] < found[at][0]:
            found[at] = pair


def _shared(groups: Sequence[Sequence[Unit]], free: frozenset[str]) -> dict[str, int]:
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


def _effort(keys: Iterable[str], efforts: dict[str, int]) -> int:
    return sum(efforts[k] for k in keys)


def _keys(unit: Unit) -> set[str]:
    return {p.key for p in unit.pieces}
