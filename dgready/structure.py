"""Comparing two frozen structures of dataclasses part by part: what was added, removed, changed, and where. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from dgready.localized_text import LocalizedText

ChangeKind = Literal["added", "removed", "changed"]
# What a part of a list is known by, the first that it has.
_NAMES: Final = ("id", "key", "code", "number", "kind", "threshold", "question", "level", "old")
NOTHING: Final = ""


@dataclass(frozen=True, slots=True)
class StructureChange:
    """One difference. `path`: names of fields and parts from the top down; of a changed value both sides as text."""

    kind: ChangeKind
    path: tuple[str, ...]
    before: str = NOTHING
    after: str = NOTHING


def structure_changes(
    old: Any, new: Any, *, leave_out: Collection[str] = (), path: tuple[str, ...] = ()
) -> Iterator[StructureChange]:
    """Every difference between two values of the same type. `leave_out`: names of fields that are not compared."""
    if isinstance(old, LocalizedText) or isinstance(new, LocalizedText):
        yield from _text_changes(old, new, path)
    elif _is_record(old) and _is_record(new) and type(old) is type(new):
        for one in fields(old):
            if one.name not in leave_out:
                sides = getattr(old, one.name), getattr(new, one.name)
                yield from structure_changes(*sides, leave_out=leave_out, path=(*path, one.name))
    elif (before := _parts(old)) is not None and (after := _parts(new)) is not None:
        yield from _part_changes(before, after, leave_out, path)
    elif old != new:
        yield StructureChange("changed", path, as_text(old), as_text(new))


def _text_changes(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[StructureChange]:
    for language in ("th", "en"):
        sides = [getattr(side, language, NOTHING) or NOTHING for side in (old, new)]
        if sides[0] != sides[1]:
            yield StructureChange("changed", (*path, language), *sides)


def _part_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], leave_out: Collection[str], path: tuple[str, ...]
) -> Iterator[StructureChange]:
    for name, part in before.items():
        if name not in after:
            yield StructureChange("removed", (*path, name), before=as_text(part))
        else:
            yield from structure_changes(part, after[name], leave_out=leave_out, path=(*path, name))
    for name, part in after.items():
        if name not in before:
            yield StructureChange("added", (*path, name), after=as_text(part))


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _parts(value: Any) -> dict[str, Any] | None:
    """The parts of a mapping, or of a list of records, by name; None of anything else."""
    if isinstance(value, Mapping):
        return {str(key): part for key, part in value.items()}
    if isinstance(value, tuple | list) and (not value or all(_is_record(part) for part in value)):
        named: dict[str, Any] = {}
        for part in value:
            name = name_of(part)
            named[name if name not in named else f"{name} ({len(named) + 1})"] = part
        return named
    return None


def name_of(part: Any) -> str:
    """What a part of a list is known by."""
    for name in _NAMES:
        if (value := getattr(part, name, None)) not in (None, ()):
            return as_text(value)
    return "?"


def as_text(value: Any) -> str:
    """A value as a person reads it; of a record what it is called."""
    if value is None or isinstance(value, bool):
        return {None: NOTHING, True: "true", False: "false"}[value]
    if isinstance(value, LocalizedText):
        return value.th
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if _is_record(value):
        return _record_text(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {as_text(part)}" for key, part in value.items())
    if isinstance(value, tuple | list | frozenset):
        parts = sorted(value) if isinstance(value, frozenset) else value
        return ", ".join(as_text(part) for part in parts)
    return str(value)


def _record_text(value: Any) -> str:
    """A record's wording if it has one, else its value, else its name and plain values."""
    for name in ("ask", "label", "title", "name", "message"):
        text = getattr(value, name, None)
        if isinstance(text, LocalizedText) and text.th:
            return text.th
    plain = [(one.name, getattr(value, one.name)) for one in fields(value)]
    shown = [f"{name} {as_text(part)}" for name, part in plain if part not in (None, (), "", {}) and name != "line"]
    return ", ".join(shown)
