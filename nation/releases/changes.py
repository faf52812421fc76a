"""Which figures differ between two releases: computed from both, so that no changelog can forget one. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nation.releases.content import Json, ReleasedFigure, figures_of


class ChangeKind(StrEnum):
    """What became of a figure."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that differs. `before` and `after`: None where it was not there, or is no longer."""

    kind: ChangeKind
    before: ReleasedFigure | None
    after: ReleasedFigure | None

    @property
    def figure(self) -> ReleasedFigure:
        """The newer of the two."""
        figure = self.after or self.before
        assert figure is not None
        return figure


@dataclass(frozen=True, slots=True)
class ReleaseChanges:
    """What differs between two releases: figures of the whole report, of groups (counted only), and what else."""

    national: tuple[FigureChange, ...]
    in_groups: int
    scores: bool
    method: bool

    def __bool__(self) -> bool:
        return bool(self.national or self.in_groups or self.scores or self.method)


def compare_releases(before: Json, after: Json) -> ReleaseChanges:
    """What a later content changes."""
    old, new = ({figure.key: figure for figure in figures_of(content)} for content in (before, after))
    changes = [
        FigureChange(_kind(one, other), one, other)
        for key in dict.fromkeys([*new, *old])
        if _values(one := old.get(key)) != _values(other := new.get(key))
    ]
    national = tuple(change for change in changes if not change.figure.group)
    return ReleaseChanges(
        national,
        len(changes) - len(national),
        before.get("scores") != after.get("scores"),
        before["method"] != after["method"],
    )


def _values(figure: ReleasedFigure | None) -> tuple[Any, ...] | None:
    return None if figure is None else figure.values


def _kind(before: ReleasedFigure | None, after: ReleasedFigure | None) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
