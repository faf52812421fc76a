"""The least work that makes a count one, two, … more. Exact, also where pieces of work serve several things. PURE.

What is needed for several things is done once: opening a question, say. So for every choice of such shared pieces
what is left is counted alone, and the best of all choices is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from scoring.planning.optimum.work import NO_PIECES, EffortCurve, WorkNode, WorkUnit, sum_effort

MAX_SHARED = 8  # shared pieces of which every choice is tried; of more only none, each, and all


def compute_effort_curve(node: WorkNode, free_pieces: frozenset[str] = NO_PIECES) -> EffortCurve:
    """The least effort for 0, 1, 2, … more, as far as it goes."""
    if node.rule == "units":
        return _add_curves([_component_curve(some, free_pieces) for some in _group_components(node.units, free_pieces)])
    shared = _find_shared([list(part.walk()) for part in node.parts], free_pieces)
    best_curve: EffortCurve = []
    for chosen in list_subsets(sorted(shared)):
        base = _sum_efforts(chosen, shared)
        _merge_cheaper(
            best_curve, [(base + effort, units) for effort, units in _combine_parts(node, free_pieces | set(chosen))]
        )
    return best_curve


def list_subsets(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All choices of some keys; of very many only none, each, and all."""
    sizes = range(len(keys) + 1) if len(keys) <= MAX_SHARED else (0, 1, len(keys))
    for size in sizes:
        yield from combinations(keys, size)


def find_shared_pieces(nodes: Sequence[Iterable[WorkUnit]]) -> dict[str, int]:
    """Pieces that units of more than one of these need, with their effort."""
    return _find_shared([list(node) for node in nodes], NO_PIECES)


def _combine_parts(node: WorkNode, free_pieces: frozenset[str]) -> EffortCurve:
    curves = [compute_effort_curve(part, free_pieces) for part in node.parts]
    if node.rule == "sum":
        return _add_curves(
            [c if room is None else c[: room + 1] for c, room in zip(curves, node.capacities, strict=True)]
        )
    open_parts = [(c, need) for c, need in zip(curves, node.needs, strict=True) if need > 0]
    reachable = [c[need] for c, need in open_parts if need < len(c)]
    if node.rule == "any":
        return [(0, ()), min(reachable, key=lambda pair: pair[0])] if reachable else [(0, ())]
    if len(reachable) < len(open_parts):
        return [(0, ())]
    units = tuple(u for _effort, some in reachable for u in some)
    return [(0, ()), (sum_effort((p for u in units for p in u.pieces), free_pieces), units)]


def _component_curve(units: Sequence[WorkUnit], free_pieces: frozenset[str]) -> EffortCurve:
    shared = _find_shared([[u] for u in units], free_pieces)
    best_curve: EffortCurve = []
    for chosen in list_subsets(sorted(shared)):
        paid = free_pieces | set(chosen)
        affordable = [(sum_effort(u.pieces, paid), u) for u in units if not (shared.keys() & _piece_keys(u)) - paid]
        component_curve: EffortCurve = [(_sum_efforts(chosen, shared), ())]
        taken: set[str] = set()
        for effort, unit in sorted(affordable, key=lambda pair: pair[0]):
            if unit.field and unit.field in taken:
                continue
            taken.add(unit.field)
            component_curve.append((component_curve[-1][0] + effort, (*component_curve[-1][1], unit)))
        _merge_cheaper(best_curve, component_curve)
    return best_curve


def _group_components(units: Sequence[WorkUnit], free_pieces: frozenset[str]) -> list[list[WorkUnit]]:
    """Units that share pieces or exclude each other, together."""
    groups: list[tuple[set[str], list[WorkUnit]]] = []
    for unit in units:
        keys = {k for k in _piece_keys(unit) if k not in free_pieces} | (
            {f"field {unit.field}"} if unit.field else set()
        )
        joined_units: list[WorkUnit] = []
        separate_groups = []
        for group_keys, group_units in groups:
            if group_keys & keys:
                keys |= group_keys
                joined_units += group_units
            else:
                separate_groups.append((group_keys, group_units))
        groups = [*separate_groups, (keys, [*joined_units, unit])]
    return [group_units for _keys_, group_units in groups]


def _add_curves(curves: Iterable[EffortCurve]) -> EffortCurve:
    """Adds the curves of independent components; of equal choices the one with more of the earlier components."""
    total: EffortCurve = [(0, ())]
    for added in curves:
        grown: dict[int, tuple[int, tuple[WorkUnit, ...]]] = {}
        for count in reversed(range(len(total))):
            effort, units = total[count]
            for extra_count, (extra, added_units) in enumerate(added):
                known = grown.get(count + extra_count)
                if known is None or effort + extra < known[0]:
                    grown[count + extra_count] = effort + extra, (*units, *added_units)
        total = [grown[count] for count in sorted(grown)]
    return total


def _merge_cheaper(curve: EffortCurve, other: EffortCurve) -> None:
    """Takes what is less work."""
    for count, pair in enumerate(other):
        if count == len(curve):
            curve.append(pair)
        elif pair[0] < curve[count][0]:
            curve[count] = pair


def _find_shared(groups: Sequence[Sequence[WorkUnit]], free_pieces: frozenset[str]) -> dict[str, int]:
    seen: set[str] = set()
    shared: dict[str, int] = {}
    efforts: dict[str, int] = {}
    for units in groups:
        group_keys: set[str] = set()
        for piece in (p for u in units for p in u.pieces if p.key not in free_pieces):
            group_keys.add(piece.key)
            efforts[piece.key] = max(piece.effort, efforts.get(piece.key, 0))
        shared.update(dict.fromkeys(group_keys & seen, 0))
        seen |= group_keys
    return {key: efforts[key] for key in shared}


def _sum_efforts(piece_keys: Iterable[str], efforts: dict[str, int]) -> int:
    return sum(efforts[k] for k in piece_keys)


def _piece_keys(unit: WorkUnit) -> set[str]:
    return {p.key for p in unit.pieces}
