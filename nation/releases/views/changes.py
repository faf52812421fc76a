"""What a release changed, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dgready.language import reader_language
from nation.national.lines import format_percent, format_value
from nation.releases.changes import FigureChange, ReleaseChanges
from nation.releases.content import ReleasedFigure
from nation.releases.reading import decimal_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A changed figure in one language. `before`, `after`: "" where it was not there."""

    kind: str
    title: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChanges:
    """The first changed figures, and how many more there are."""

    lines: tuple[ChangeLine, ...]
    count: int
    more: int
    in_groups: int
    scores: bool
    method: bool


def show_changes(changes: ReleaseChanges, most: int) -> ShownChanges:
    """The changes in the reader's language, at most so many of them one by one."""
    count = len(changes.national)
    lines = tuple(_line(change) for change in changes.national[:most])
    return ShownChanges(lines, count, max(count - most, 0), changes.in_groups, changes.scores, changes.method)


def _line(change: FigureChange) -> ChangeLine:
    figure, language = change.figure, reader_language()
    label = figure.row["label"][language]
    if figure.part is not None:
        label = f"{label}: {figure.part['label'][language]}"
    return ChangeLine(
        change.kind, figure.block["title"][language], label, _figure(change.before), _figure(change.after)
    )


def _figure(figure: ReleasedFigure | None) -> str:
    """Count, share and value of a figure with its n, as short as they can be told."""
    if figure is None:
        return ""
    told: Mapping[str, Any] = figure.told
    parts = [str(told["count"]) if told.get("count") is not None else ""]
    parts += [f"{format_percent(decimal_of(told['percent']))} %" if told.get("percent") is not None else ""]
    parts += [format_value(decimal_of(told["value"])) if told.get("value") is not None else ""]
    said = " · ".join(part for part in parts if part) or "–"
    return f"{said} (n = {figure.block['n']})"
