"""What imports of published figures share: duplicates, saving figures, the outcome, its event in the journal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from dgready.canonical import canonical_json, sha256_hex
from dgready.localized_text import LocalizedText
from scoring.results.actions.cells import TableLine
from scoring.results.published_table import PublishedTable

MAX_RECORDED_CHANGES = 500  # changes that one line of the journal tells in words; their rows are told all
BATCH_ROWS = 200

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that an import adds (`before` empty) or changes: what it is of, its value before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How many figures an import added, changed, and found as they were.

    `rows`: those added or changed, whole; `before`: those changed, as they were. `warnings`: what does not agree with
    other figures and may be right all the same.
    """

    added: int
    changed: int
    same: int
    changes: tuple[FigureChange, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    before: tuple[Mapping[str, Any], ...] = ()
    warnings: tuple[LocalizedText, ...] = field(default=(), compare=False)

    @property
    def digest(self) -> str:
        """What it does, as a hash: the same as long as nobody changes these figures in between."""
        told = [{name: value for name, value in row.items() if name != "id"} for row in (*self.before, *self.rows)]
        return sha256_hex(canonical_json(told))


class PreviewOutdated(RuntimeError):
    """Figures were changed since the file was looked at: what was shown is not what would be done now."""


@dataclass(frozen=True, slots=True)
class FigureKind(Generic[Row]):
    """A kind of published figure: its model, the fields an import may correct, and how it is keyed, named and told."""

    model: type[Row]
    fields: tuple[str, ...]
    key: Callable[[Row], Any]
    name: Callable[[Row], str]
    describe: Callable[[Row, Row | None], str]
    facts: Callable[[Row], Mapping[str, Any]]
    is_replaced: Callable[[Sequence[Row], Collection[int]], bool] = lambda rows, kept_years: False  # by later ones


def save_figures(
    kind: FigureKind[Row],
    rows: Sequence[Row],
    known: Mapping[Any, Row],
    *,
    store: bool,
    replaced: Mapping[Any, Row] | None = None,
) -> ImportOutcome:
    """Adds `rows`, or corrects those `known` under the same key; without `store` only says what it would do.

    `replaced`: by the key of a row that is added, the row of an earlier edition that it stands beside.
    """
    added: list[Row] = []
    corrected: list[Row] = []
    touched: list[Row] = []
    before: list[Mapping[str, Any]] = []
    changes: list[FigureChange] = []
    for new in rows:
        old = known.get(kind.key(new))
        if old is None:
            prior = (replaced or {}).get(kind.key(new))
            before_words = kind.describe(prior, new) if prior is not None else ""
            changes.append(FigureChange(kind.name(new), before_words, kind.describe(new, prior)))
            added.append(new)
        elif any(getattr(old, f) != getattr(new, f) for f in kind.fields):
            changes.append(FigureChange(kind.name(new), kind.describe(old, new), kind.describe(new, old)))
            before.append(kind.facts(old))
            for name in kind.fields:
                setattr(old, name, getattr(new, name))
            corrected.append(old)
        else:
            continue
        touched.append(old or new)
    if store:
        kind.model._default_manager.bulk_create(added, batch_size=BATCH_ROWS)
        kind.model._default_manager.bulk_update(corrected, kind.fields, batch_size=BATCH_ROWS)
    same = len(rows) - len(touched)
    facts = tuple(map(kind.facts, touched))
    return ImportOutcome(len(added), len(corrected), same, tuple(changes), facts, tuple(before))


def check_duplicates(lines: Sequence[tuple[TableLine, Any]], faults: list[str]) -> None:
    """Adds a fault for lines that are about the same figure as an earlier one."""
    first_lines: dict[Any, int] = {}
    for line, key in lines:
        if key in first_lines:
            values = {"line": line.number, "first": first_lines[key]}
            faults.append(_("แถว %(line)s เป็นตัวเลขเดียวกับแถว %(first)s") % values)
        first_lines.setdefault(key, line.number)


def record_import(
    *, by: User | None, verb: str, name: str, table: PublishedTable, outcome: ImportOutcome, province: Province | None
) -> None:
    """Records an import that changed something in the journal, with what was there before."""
    figures = [[c.what, c.before, c.after] for c in outcome.changes[:MAX_RECORDED_CHANGES]]
    file = {"file": name, "sha256": table.sha256}
    counts = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    before = {"rows": list(outcome.before)} if outcome.before else None
    after = {**file, **counts, "figures": figures, "rows": list(outcome.rows)}
    log(by=by, verb=verb, province=province, before=before, after=after)


def figure_facts(row: models.Model, fields: Sequence[str]) -> dict[str, Any]:
    """The named fields of a figure as the account log tells them: with the two places that are stored."""
    values = {name: getattr(row, name) for name in fields}
    return {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in values.items()}
