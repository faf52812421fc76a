"""What imports of published figures share: duplicates, saving a figure, the outcome, its event in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from scoring.results.actions.cells import TableLine
from scoring.results.published_table import PublishedTable

MAX_RECORDED_CHANGES = 500  # changes that one line of the journal tells in full


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that an import adds (`before` empty) or changes: what it is of, its value before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How many figures an import added, changed, and found as they were; `rows`: those added or changed, whole."""

    added: int
    changed: int
    same: int
    changes: tuple[FigureChange, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()


def check_duplicates(lines: Sequence[tuple[TableLine, Any]], faults: list[str]) -> None:
    """Adds a fault for lines that are about the same figure as an earlier one."""
    first_lines: dict[Any, int] = {}
    for line, key in lines:
        if key in first_lines:
            values = {"line": line.number, "first": first_lines[key]}
            faults.append(_("แถว %(line)s เป็นตัวเลขเดียวกับแถว %(first)s") % values)
        first_lines.setdefault(key, line.number)


def save_figure(old: models.Model | None, new: models.Model, fields: Sequence[str]) -> str:
    """Saves `new`, or its fields in `old`; returns whether that "added", "changed" or found the "same"."""
    if old is None:
        new.save()
        return "added"
    if all(getattr(old, f) == getattr(new, f) for f in fields):
        return "same"
    for name in fields:
        setattr(old, name, getattr(new, name))
    old.save(update_fields=fields)
    return "changed"


def record_import(
    *, by: User | None, verb: str, name: str, table: PublishedTable, outcome: ImportOutcome, province: Province | None
) -> None:
    """Records an import that changed something in the journal."""
    figures = [[c.what, c.before, c.after] for c in outcome.changes[:MAX_RECORDED_CHANGES]]
    file = {"file": name, "sha256": table.sha256}
    counts = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    rows = list(outcome.rows)
    log(by=by, verb=verb, province=province, after={**file, **counts, "figures": figures, "rows": rows})


def figure_facts(row: models.Model, fields: Sequence[str]) -> dict[str, Any]:
    """The named fields of a figure as the account log tells them: with the two places that are stored."""
    values = {name: getattr(row, name) for name in fields}
    return {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in values.items()}
