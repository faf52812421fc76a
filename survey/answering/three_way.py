"""Three-way merge of an answer: what each side changed since their common base, by address. PURE.

A field changed by one side only merges by itself; lists merge element by element; what both changed is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from survey.instrument.addresses import ROW_ID_PATTERN, repeat_row_address
from survey.instrument.schema import AnswerValue, AnswerValues

UNSURE = "_unsure"  # beside the addresses: the note of an answer that is marked as unsure
CheckList = Callable[[str, list[str]], list[str] | None]


@dataclass(frozen=True, slots=True)
class ThreeWayMerge:
    """Merged values, the conflicts to ask about, and the addresses taken over from the other side.

    In `values` a conflict has my value. `removed_rows`: those of the conflicts that are repeat rows which one side
    removed and the other changed, with who removed it ("mine" or "theirs"); `values` keeps the changed row.
    """

    values: dict[str, AnswerValue]
    conflicts: list[str] = field(default_factory=list)
    removed_rows: dict[str, str] = field(default_factory=dict)
    taken_over: list[str] = field(default_factory=list)


def with_unsure(value: AnswerValues, unsure: bool, note: str) -> dict[str, AnswerValue]:
    """The values of an answer with its unsure mark, so that both merge alike."""
    return {**value, UNSURE: note} if unsure else dict(value)


def note_of_mark(unsure: bool, note: str, before: str | None) -> str | None:
    """The note of the unsure mark that a post asks for; None for no mark.

    A note typed without ticking the box sets the mark, so that it is read by somebody. `before`: the note of the mark
    as it stood (None: no mark); where it comes back without the tick, the mark was taken away, and its note with it.
    """
    return note if unsure or (note and note != before) else None


def merge(
    base: AnswerValues, theirs: AnswerValues, mine: AnswerValues, check_list: CheckList = lambda _, merged: merged
) -> ThreeWayMerge:
    """Merge two changes of one answer. `check_list` puts a merged list in order, or returns None to refuse it."""
    result = ThreeWayMerge({})
    settled = _merge_removed_rows(base, theirs, mine, result)
    for address in dict.fromkeys([*theirs, *mine]):
        if any(address.startswith(prefix) for prefix in settled):
            continue
        value, agreed = _merge_value(address, (base.get(address), theirs.get(address), mine.get(address)), check_list)
        if not agreed:
            result.conflicts.append(address)
        elif value != mine.get(address):
            result.taken_over.append(address)
        if value is not None:
            result.values[address] = value
    _list_kept_rows(result)
    return result


def merge_without_base(theirs: AnswerValues, mine: AnswerValues) -> ThreeWayMerge:
    """Where the common base is unknown: every difference is a conflict."""
    addresses = dict.fromkeys([*theirs, *mine])
    return ThreeWayMerge(dict(mine), [a for a in addresses if theirs.get(a) != mine.get(a)])


def advance_base(base: AnswerValues, theirs: AnswerValues, sent: AnswerValues) -> dict[str, AnswerValue]:
    """The base after an own earlier save without a reply: where `theirs` is what was sent, the change was mine."""
    advanced: dict[str, AnswerValue] = {}
    for address in dict.fromkeys([*base, *theirs, *sent]):
        old, stored, own = base.get(address), theirs.get(address), sent.get(address)
        value = stored if stored == own else old
        if stored != own and (lists := _as_lists((old, stored, own))):
            before, now, tried = lists
            elements = dict.fromkeys([*now, *before])
            value = [e for e in elements if (e in now if (e in now) == (e in tried) else e in before)] or None
        if value is not None:
            advanced[address] = value
    return advanced


def _merge_value(
    address: str, sides: tuple[AnswerValue | None, AnswerValue | None, AnswerValue | None], check_list: CheckList
) -> tuple[AnswerValue | None, bool]:
    """The merged value of one address and whether both sides agree with it."""
    base, theirs, mine = sides
    if mine in (base, theirs):
        return theirs, True
    if theirs == base:
        return mine, True
    lists = _as_lists(sides)
    if lists is None:
        return mine, False
    merged = _merge_elements(*lists)
    checked = check_list(address, merged) if merged else []
    return (mine, False) if checked is None else (checked or None, True)


def _as_lists(sides: Sequence[AnswerValue | None]) -> tuple[list[str], list[str], list[str]] | None:
    """The three values as lists, an absent one as an empty list; None when any is not a list."""
    lists = [value for value in sides if isinstance(value, list)]
    if not lists or any(isinstance(value, str) for value in sides):
        return None
    base, theirs, mine = ([] if value is None else list(value) for value in sides)
    return base, theirs, mine


def _merge_elements(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    """Their elements without those I removed, and behind them those I added."""
    kept = [element for element in theirs if element in mine or element not in base]
    return kept + [element for element in mine if element not in base and element not in theirs]


def _merge_removed_rows(
    base: AnswerValues, theirs: AnswerValues, mine: AnswerValues, result: ThreeWayMerge
) -> list[str]:
    """Settle the rows that one side removed, outer rows first; returns the prefixes of their addresses.

    Unchanged by the other side a row goes with all it holds; changed it stays, and is a conflict.
    """
    settled: list[str] = []
    for address, row in _rows(base):
        prefix = repeat_row_address(address, row) + "/"
        listed = {name: row in side.get(address, ()) for name, side in (("theirs", theirs), ("mine", mine))}
        if all(listed.values()) or any(prefix.startswith(outer) for outer in settled):
            continue
        settled.append(prefix)
        if not any(listed.values()):
            continue
        remover, other = ("mine", theirs) if listed["theirs"] else ("theirs", mine)
        changed = _within(other, prefix)
        if changed != _within(base, prefix):
            result.removed_rows[repeat_row_address(address, row)] = remover
            result.conflicts.append(repeat_row_address(address, row))
            result.values.update(changed)
    return settled


def _rows(values: AnswerValues) -> list[tuple[str, str]]:
    """The repeat rows of an answer, outer ones first: address of the repeat and row id."""
    repeats = sorted((a for a, v in values.items() if isinstance(v, list)), key=len)
    return [(address, row) for address in repeats for row in values[address] if ROW_ID_PATTERN.match(row)]


def _within(values: AnswerValues, prefix: str) -> Mapping[str, AnswerValue]:
    return {address: value for address, value in values.items() if address.startswith(prefix)}


def _list_kept_rows(result: ThreeWayMerge) -> None:
    """List the rows that stay until somebody decides, although one side removed them."""
    for row_address in result.removed_rows:
        repeat, _hash, row = row_address.rpartition("#")
        rows = result.values.get(repeat, [])
        if isinstance(rows, list) and row not in rows:
            result.values[repeat] = [*rows, row]
