"""Editions of published results: which years are written over no more, and the edition of a changed figure.

Until a year may be contested an import corrects a figure where it stands, as typing errors are corrected. From then on
nothing is written over: a changed figure becomes a row of the subject's next edition, beside the one before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from scoring.models import OfficialResult

CORRECT_VERB: Final = "correct_results"


def figure_key(row: OfficialResult) -> tuple[Any, ...]:
    """What a figure is of, in whatever edition."""
    return row.year, row.province_id, row.label, row.kind, row.code


def list_kept_years(stored: Iterable[OfficialResult], contested: Collection[int]) -> frozenset[int]:
    """The years that are written over no more: contested, or with a later edition among the rows `stored`."""
    return frozenset(contested) | {row.year for row in stored if row.edition}


def assign_editions(
    new_rows: Iterable[OfficialResult],
    stored: Iterable[OfficialResult],
    fields: Sequence[str],
    kept_years: Collection[int],
) -> dict[tuple[Any, ...], OfficialResult]:
    """Gives each new row its edition; returns the rows that stand beside a later one now, by the new row's key.

    A figure as it was keeps its edition. `stored`: all editions of the years concerned.
    """
    newest: dict[tuple[Any, ...], OfficialResult] = {}
    last: dict[tuple[Any, ...], int] = {}  # by year and subject
    for row in sorted(stored, key=lambda one: one.edition):
        newest[figure_key(row)] = row
        last[_subject_key(row)] = max(row.edition, last.get(_subject_key(row), 0))
    replaced: dict[tuple[Any, ...], OfficialResult] = {}
    for row in new_rows:
        old, subject = newest.get(figure_key(row)), _subject_key(row)
        if row.year not in kept_years or (old is not None and all(getattr(old, f) == getattr(row, f) for f in fields)):
            row.edition = old.edition if old is not None else 0
            continue
        row.edition = last[subject] + 1 if subject in last else 0
        if old is not None:
            replaced[*figure_key(row), row.edition] = old
    return replaced


def is_replaced(rows: Sequence[OfficialResult], contested: Collection[int]) -> bool:
    """Whether any of these rows may not go: contested as first published, or under a later edition. One query."""
    later = list(OfficialResult.objects.filter(year__in={row.year for row in rows}, edition__gt=0))
    kept = list_kept_years(later, contested)
    if any(row.edition == 0 and row.year in kept for row in rows):
        return True
    own = {_subject_key(row): row.edition for row in rows}
    return any(row.edition > own.get(_subject_key(row), row.edition) for row in later)


def _subject_key(row: OfficialResult) -> tuple[Any, ...]:
    return row.year, row.province_id, row.label
