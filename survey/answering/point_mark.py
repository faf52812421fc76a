"""The open point that a person came to on the filling page: its place marked in the page, and said in words. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from survey.answering.checker import EVIDENCE_KINDS, OpenPointKind, address_label
from survey.instrument.addresses import ADDRESS_PATTERN, item_id_of
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import LocalizedText

SAID_ID = "point-said"  # id of the words about the point, which describe the marked place
_CONTROLS = ("input", "select", "textarea", "a")


@dataclass(frozen=True, slots=True)
class VisitedPoint:
    """A point that the page's address names: its key, kind, id on the page, label; `settled`: answered since."""

    key: str
    kind: OpenPointKind
    address: str
    anchor: str
    label: LocalizedText
    settled: bool


def visited_point(path: QuestionnairePath, key: str) -> VisitedPoint | None:
    """The point that a key names; None for a key that names no place of this form."""
    name, _, address = key.partition(":")
    kind: OpenPointKind | None = next((kind for kind in get_args(OpenPointKind) if kind == name), None)
    if kind is None or not ADDRESS_PATTERN.match(address):
        return None
    if item_id_of(address) not in path.instrument.items:
        return None
    settled = kind == "missing" and address in path.values
    return VisitedPoint(key, kind, address, point_anchor(kind, address, path), address_label(path, address), settled)


def point_anchor(kind: str, address: str, path: QuestionnairePath) -> str:
    """The id on the filling page that a point is about: a field, an evidence place, a card."""
    item = path.instrument.items[item_id_of(address)]
    if kind in ("unsure", "comment"):
        return f"q:{item.question or item.id}"
    if kind in EVIDENCE_KINDS or (kind == "date" and not _is_month(item.kind, address, path)):
        return f"e:{address}"
    return address


def _is_month(kind: str, address: str, path: QuestionnairePath) -> bool:
    """Whether the field at an address asks for a month, so that the date in question is the answer itself."""
    field = path.fields.get(address)
    return (field.column.kind if field and field.column else kind) == "month_year"


def mark_point(html: str, anchor: str) -> str:
    """The cards with the element of that id marked, described by the words, and ready to take the focus."""
    name = f'id="{anchor}"'
    at = html.find(name)
    if at < 0:
        return html
    begin, end = html.rfind("<", 0, at), html.find(">", at)
    tag, inside = html[begin + 1 : at].split(None, 1)[0], html[begin:end]
    extra = " data-point"
    if "aria-describedby" not in inside:
        extra += f' aria-describedby="{SAID_ID}"'
    if tag not in _CONTROLS:
        extra += ' tabindex="-1"'
    return f"{html[: at + len(name)]}{extra}{html[at + len(name) :]}"
