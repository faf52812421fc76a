"""Grouping equal rows of a repeat across contributions, and their row ids in the provincial answer. PURE."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from dgready.thai import fold_text
from survey.instrument.addresses import cell_address, repeat_row_address
from survey.instrument.schema import AnswerValue, AnswerValues, Item, TableColumn

_SHORT = 300  # letters of a text whose folded form is kept: agencies say the same, and each page compares it again
_fold_short = lru_cache(maxsize=8192)(fold_text)
RowFingerprint = tuple[object, ...]
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 11


@dataclass(frozen=True, slots=True)
class ContributedRow:
    """A row of one contribution: the contribution's key and values, and the row's place there ("REPEAT#r1")."""

    key: int
    values: AnswerValues
    place: str


@dataclass(slots=True)
class RowGroup:
    """Equal rows of different contributions. `occurrence`: 0, or how often a contribution had an equal row before."""

    fingerprint: RowFingerprint
    occurrence: int
    members: list[ContributedRow] = field(default_factory=list)
    id: str = ""


def question_fields(item: Item, prefix: str) -> Iterator[tuple[str, Item, TableColumn | None]]:
    """The fields of an item's own question below `prefix`, in document order; repeats are not entered."""
    address = prefix + item.id
    if item.kind == "table":
        for key, _row in item.answer_rows:
            yield from ((cell_address(address, key, c.key), item, c) for c in item.columns)
    elif item.kind != "group":
        yield address, item, None
    if item.kind != "repeat":
        for child in item.children:
            if child.question == item.question:
                yield from question_fields(child, prefix)


def row_ids(values: AnswerValues, address: str) -> Sequence[str]:
    """The row ids of a repeat, in order."""
    rows = values.get(address)
    return rows if isinstance(rows, list) else ()


def comparison_key(owner: Item | TableColumn, value: AnswerValue) -> str:
    """A key equal for values that say the same: spelling, spaces, digits of texts and order of options ignored."""
    if isinstance(value, list):
        return "|".join(sorted(value))
    if owner.kind == "text":
        return _fold_short(value) if len(value) <= _SHORT else fold_text(value)
    if owner.kind == "number":
        try:
            return str(Decimal(value).normalize())
        except InvalidOperation:
            return value
    return value.strip()


def row_fingerprint(repeat: Item, values: AnswerValues, place: str) -> RowFingerprint:
    """The content of a row's own fields; of a row without any, the content of its inner rows."""
    own_values: list[tuple[str, str]] = []
    inner: list[RowFingerprint] = []
    prefix = place + "/"
    for child in repeat.items:
        for address, item, column in question_fields(child, prefix):
            if item.kind == "repeat":
                inner += [
                    row_fingerprint(item, values, repeat_row_address(address, r)) for r in row_ids(values, address)
                ]
            elif (value := values.get(address)) is not None:
                own_values.append((address[len(prefix) :], comparison_key(column or item, value)))
    return tuple(own_values) if own_values else ("", *sorted(inner, key=repr))


def group_equal_rows(repeat: Item, rows: Iterable[ContributedRow]) -> list[RowGroup]:
    """Groups of equal rows of different contributions; equal rows of one contribution stay apart."""
    groups: dict[tuple[RowFingerprint, int], RowGroup] = {}
    for row in rows:
        content = row_fingerprint(repeat, row.values, row.place)
        occurrence = 0
        while (content, occurrence) in groups and any(m.key == row.key for m in groups[content, occurrence].members):
            occurrence += 1
        groups.setdefault((content, occurrence), RowGroup(content, occurrence)).members.append(row)
    return list(groups.values())


def resolve_row_ids(repeat: Item, address: str, groups: Sequence[RowGroup], current: AnswerValues) -> list[str]:
    """Sets each group's row id in the provincial answer; returns the ids of rows only the province has.

    A current row keeps its id, so that evidence attached to it stays: first if it says the same, then
    if it was made from one of the group's rows. A new row's id is derived from its first source, so that
    merging the same again gives the same.
    """
    current_rows = {
        row_id: row_fingerprint(repeat, current, repeat_row_address(address, row_id))
        for row_id in row_ids(current, address)
    }
    unclaimed = dict(current_rows)
    for group in groups:
        equal_ids = [row_id for row_id, content in unclaimed.items() if content == group.fingerprint]
        derived_ids = {derived_row_id(m.key, m.place) for m in group.members}
        group.id = next((row_id for row_id in equal_ids if row_id in derived_ids), equal_ids[0] if equal_ids else "")
        unclaimed.pop(group.id, None)
    for group in groups:
        if not group.id:
            group.id = next(
                (row_id for m in group.members if (row_id := derived_row_id(m.key, m.place)) in unclaimed), ""
            )
            unclaimed.pop(group.id, None)
    used = {group.id for group in groups} | set(current_rows)
    for group in groups:
        if not group.id:
            group.id = _unused_row_id(group.members[0], used)
            used.add(group.id)
    return list(unclaimed)


def _unused_row_id(member: ContributedRow, used: set[str]) -> str:
    salt = 0
    while (row_id := derived_row_id(member.key, member.place, salt)) in used:
        salt += 1
    return row_id


def derived_row_id(key: int, place: str, salt: int = 0) -> str:
    """The id of a contribution's row in the provincial answer; the same each time it is derived."""
    number = int.from_bytes(hashlib.sha256(f"{key}:{place}:{salt}".encode()).digest()[:8])
    digits = ""
    while len(digits) < _ID_LENGTH:
        number, digit = divmod(number, len(_ALPHABET))
        digits += _ALPHABET[digit]
    return "r" + digits


def provincial_address(places: Mapping[tuple[int, str], str], key: int, address: str) -> str | None:
    """The provincial address of an address of a contribution; None when its row is not known."""
    address_so_far, start = "", 0
    while (mark := address.find("#", start)) >= 0:
        stop = address.find("/", mark)
        place = places.get((key, address if stop < 0 else address[:stop]))
        if place is None:
            return None
        if stop < 0:
            return place
        address_so_far, start = place + "/", stop + 1
    return address_so_far + address[start:]
