"""What applying a list of assignments would change: added, changed, unchanged and removed entries. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from survey.assigning.assignment_list import AssignmentEntry

ChangeKind = Literal["add", "change", "same", "remove"]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """The effect of applying one entry; `before` is the existing entry."""

    kind: ChangeKind
    entry: AssignmentEntry
    before: AssignmentEntry | None = None


def diff_entries(
    entries: Iterable[AssignmentEntry], existing: Iterable[AssignmentEntry], *, replace: bool
) -> list[EntryChange]:
    """The changes a list would make to existing entries. `replace`: entries the list does not name are removed."""
    existing_by_key = {e.key: e for e in existing}
    changes: list[EntryChange] = []
    listed_keys = set()
    for entry in entries:
        listed_keys.add(entry.key)
        before = existing_by_key.get(entry.key)
        changes.append(EntryChange("add" if before is None else "same" if before == entry else "change", entry, before))
    if replace:
        changes += [
            EntryChange("remove", before, before) for key, before in existing_by_key.items() if key not in listed_keys
        ]
    return changes
