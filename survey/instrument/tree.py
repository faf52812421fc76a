"""Where items stand in the tree of an instrument: around each other, and between two of them. PURE."""

from __future__ import annotations

from collections.abc import Mapping

from survey.instrument.schema import Item


def items_between(items: Mapping[str, Item], source: Item, target: Item) -> list[Item]:
    """The topmost items that stand after `source` (outside it) and before `target`."""
    opened = {d.id for o in source.options for i in o.then for d in (i, *i.descendants())}
    hidden: dict[str, Item] = {}
    covers = {target.id, *ancestor_ids(items, target)}
    for item in items.values():
        inside = source.order < item.order < target.order
        if (inside and item.id not in opened and item.id not in covers and item.parent not in hidden) or (
            inside and item.parent in hidden
        ):
            hidden[item.id] = item
    return [i for i in hidden.values() if i.parent not in hidden]


def ancestor_ids(items: Mapping[str, Item], item: Item) -> list[str]:
    """Ids of the items around `item`, nearest first."""
    out = []
    parent = item.parent
    while parent is not None:
        out.append(parent)
        parent = items[parent].parent
    return out
