"""Positions of items in the tree of an instrument: ancestors, and the items between two. PURE."""

from __future__ import annotations

from collections.abc import Mapping

from survey.instrument.schema import Item


def items_between(items: Mapping[str, Item], source: Item, target: Item) -> list[Item]:
    """The topmost items after `source` (outside it) and before `target`, in document order."""
    opened_by_source = {d.id for o in source.options for i in o.then for d in (i, *i.descendants())}
    hidden: dict[str, Item] = {}
    target_and_ancestors = {target.id, *ancestor_ids(items, target)}
    for item in items.values():
        inside = source.order < item.order < target.order
        if (
            inside
            and item.id not in opened_by_source
            and item.id not in target_and_ancestors
            and item.parent not in hidden
        ) or (inside and item.parent in hidden):
            hidden[item.id] = item
    return [i for i in hidden.values() if i.parent not in hidden]


def ancestor_ids(items: Mapping[str, Item], item: Item) -> list[str]:
    """Ids of the ancestors of an item, nearest first."""
    ids = []
    parent = item.parent
    while parent is not None:
        ids.append(parent)
        parent = items[parent].parent
    return ids
