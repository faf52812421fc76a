"""Open points in the order of the form, field by field, and the one that follows a place. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from survey.answering.checker import OpenPoint, OpenPointKind
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath

Position = tuple[int, int]
_KIND_ORDER: Final[dict[str, int]] = {kind: order for order, kind in enumerate(get_args(OpenPointKind))}
_WHOLE_RESPONSE: Final = -1


class PointOrder:
    """Positions in a form as it is open now: of fields, evidence places, rows, items, questions and sections."""

    __slots__ = ("_items", "_places")

    def __init__(self, path: QuestionnairePath) -> None:
        self._items = path.instrument.items
        self._places: dict[str, int] = {}
        for number, (address, field) in enumerate(path.fields.items()):
            for name in (address, *_rows_around(address), field.item.id, field.question, field.item.section):
                self._places.setdefault(name, number)

    def position(self, address: str) -> int:
        """The place of an address; of one that is not open now, that of the next open item below it."""
        if not address:
            return _WHOLE_RESPONSE
        for name in (address, address.partition("=")[0], item_id_of(address)):
            if name in self._places:
                return self._places[name]
        closed = self._items.get(item_id_of(address))
        if closed is None:
            return _WHOLE_RESPONSE
        later = [self._places[i.id] for i in self._items.values() if i.order > closed.order and i.id in self._places]
        return min(later, default=len(self._places))

    def of_point(self, point: OpenPoint) -> Position:
        """The position of an open point: its place, and its kind among those of one place."""
        return self.position(point.address), _KIND_ORDER[point.kind]

    def sort(self, points: Iterable[OpenPoint]) -> list[OpenPoint]:
        """The points in the order in which a person walks through the form."""
        return sorted(points, key=self.of_point)


def point_after(points: Sequence[OpenPoint], path: QuestionnairePath, after: str) -> OpenPoint | None:
    """The open point that follows; None when there is none further on.

    `after` is the key of a point (open still or not): the one behind it; or the address of a field, question or
    section: the first one from there on; empty: the first of all.
    """
    order = PointOrder(path)
    ordered = order.sort(points)
    keys = [point.key for point in ordered]
    if after in keys:
        return next(iter(ordered[keys.index(after) + 1 :]), None)
    kind, colon, address = after.partition(":")
    if colon and kind in _KIND_ORDER:
        begin: Position = (order.position(address), _KIND_ORDER[kind] + 1)
    else:
        begin = (order.position(after), 0)
    return next((point for point in ordered if order.of_point(point) >= begin), None)


def _rows_around(address: str) -> list[str]:
    """The repeat rows that hold an address, from the outside in."""
    rows: list[str] = []
    slash = address.find("/")
    while slash >= 0:
        if "#" in address[:slash].rpartition("/")[2]:
            rows.append(address[:slash])
        slash = address.find("/", slash + 1)
    return rows
