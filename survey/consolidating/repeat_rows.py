"""Which rows of a repeat say the same, and which id such a row has in the provincial answer. PURE."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from dgready.thai import fold_text
from survey.instrument.addresses import cell_address, repeat_row_address
from survey.instrument.schema import AnswerValue, AnswerValues, Item, TableColumn

RowFingerprint = tuple[object, ...]
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 11


@dataclass(frozen=True, slots=True)
class ContributedRow:
    """A row as one contribution has it: whose, all its values, and its place there ("REPEAT#r1")."""

    key: int
    values: AnswerValues
    place: str


@dataclass(slots=True)
class RowGroup:
    """Rows of different contributions that say the same. `again`: the same row was there before in one of them."""

    print: RowFingerprint
    again: int
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
    """The row ids a repeat has, in order."""
    rows = values.get(address)
    return rows if isinstance(rows, list) else ()


def comparison_key(owner: Item | TableColumn, value: AnswerValue) -> str:
    """Equal for values that say the same: spelling, spaces and digits of texts, the order of options aside."""
    if isinstance(value, list):
        return "|".join(sorted(value))
    if owner.kind == "text":
        return fold_text(value)
    if owner.kind == "number":
        try:
            return str(Decimal(value).normalize())
        except InvalidOperation:
            return value
    return value.strip()


def row_fingerprint(repeat: Item, values: AnswerValues, place: str) -> RowFingerprint:
    """What a row says in its own fields; of a row that has none filled, what its inner rows say."""
    own: list[tuple[str, str]] = []
    inner: list[RowFingerprint] = []
    prefix = place + "/"
    for child in repeat.items:
        for address, item, column in question_fields(child, prefix):
            if item.kind == "repeat":
                inner += [
                    row_fingerprint(item, values, repeat_row_address(address, r)) for r in row_ids(values, address)
                ]
            elif (value := values.get(address)) is not None:
                own.append((address[len(prefix) :], comparison_key(column or item, value)))
    return tuple(own) if own else ("", *sorted(inner, key=repr))


def group_equal_rows(repeat: Item, rows: Iterable[ContributedRow]) -> list[RowGroup]:
    """The rows folded: equal ones of different contributions are one, those of the same stay apart."""
    out: dict[tuple[RowFingerprint, int], RowGroup] = {}
    for row in rows:
        says = row_fingerprint(repeat, row.values, row.place)
        again = 0
        while (says, again) in out and any(m.key == row.key for m in out[says, again].members):
            again += 1
        out.setdefault((says, again), RowGroup(says, again)).members.append(row)
    return list(out.values())


def resolve_row_ids(repeat: Item, address: str, groups: Sequence[RowGroup], current: AnswerValues) -> list[str]:
    """Gives every group the id it has in the provincial answer; returns the province's rows nobody else has.

    A row that stands there keeps its id, so that evidence attached to it stays: first if it says the same, then
    if it was made from one of the group's rows. A new row's id is derived from its first source, so that
    merging the same again gives the same.
    """
    standing = {r: row_fingerprint(repeat, current, repeat_row_address(address, r)) for r in row_ids(current, address)}
    free = dict(standing)
    for one in groups:
        same = [r for r, says in free.items() if says == one.print]
        made = {derived_row_id(m.key, m.place) for m in one.members}
        one.id = next((r for r in same if r in made), same[0] if same else "")
        free.pop(one.id, None)
    for one in groups:
        if not one.id:
            one.id = next((r for m in one.members if (r := derived_row_id(m.key, m.place)) in free), "")
            free.pop(one.id, None)
    used = {one.id for one in groups} | set(standing)
    for one in groups:
        if not one.id:
            one.id = _unused_row_id(one.members[0], used)
            used.add(one.id)
    return list(free)


def _unused_row_id(member: ContributedRow, used: set[str]) -> str:
    salt = 0
    while (row_id := derived_row_id(member.key, member.place, salt)) in used:
        salt += 1
    return row_id


def derived_row_id(key: int, place: str, salt: int = 0) -> str:
    """The row id a contribution's row gets in the provincial answer."""
    number = int.from_bytes(hashlib.sha256(f"{key}:{place}:{salt}".encode()).digest()[:8])
    digits = ""
    while len(digits) < _ID_LENGTH:
        number, digit = divmod(number, len(_ALPHABET))
        digits += _ALPHABET[digit]
    return "r" + digits


def provincial_address(places: Mapping[tuple[int, str], str], key: int, address: str) -> str | None:
    """Where an address of a contribution lies in the provincial answer; None when its row is not known."""
    out, start = "", 0
    while (mark := address.find("#", start)) >= 0:
        stop = address.find("/", mark)
        place = places.get((key, address if stop < 0 else address[:stop]))
        if place is None:
            return None
        if stop < 0:
            return place
        out, start = place + "/", stop + 1
    return out + address[start:]
