"""Reads of imports: the newest of a reader, one by its number, and whose figures a person may write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import AccountEvent, User
from accounts.models.log import VERB_LABELS
from accounts.roles import Capability
from dgready.prepared_select import PreparedSelect
from scoring.models import SchemeVersion
from scoring.results.actions.official import ProvincePermission
from scoring.results.actions.undoing import UNDO_VERBS, tells_enough
from scoring.scheme import registry

LATEST_IMPORTS = 10
_YEAR_IN_NAME: Final = re.compile(r"-(\d{4})(?:-scheme)?(?:\.v\d+)?\.yaml$")


@dataclass(frozen=True, slots=True)
class LatestImport:
    """An import, or the undoing of the import `of`; `may_undo`: whether it can be undone from the list."""

    pk: int
    at: datetime
    verb: str
    file: str | None
    of: int | None
    added: int | None
    changed: int | None
    removed: int | None
    by: str
    may_undo: bool

    @property
    def label(self) -> str:
        """The verb in the language of the page."""
        return str(VERB_LABELS[self.verb])


def is_central(user: User) -> bool:
    """Whether a person may write figures of all provinces."""
    return list_own_provinces(user) is None


def list_own_provinces(user: User) -> set[int] | None:
    """The provinces whose figures a person may write; None: all."""
    granted = [g.province_id for g in user.grants if Capability.OFFICIAL_RESULT_EDIT in g.capabilities]
    return None if None in granted else {pk for pk in granted if pk is not None}


def may_write_figures(user: User) -> ProvincePermission:
    """Whether a person may write the figures of a province; those of all (average, best) only where all are theirs."""
    own = list_own_provinces(user)
    return lambda province: own is None or province in own


def list_latest_imports(user: User) -> list[LatestImport]:
    """The newest imports: all for the centre, else those of the reader's provinces. One query.

    Of each its counts alone: an event tells every figure, half a megabyte for a year of all provinces.
    """
    own = list_own_provinces(user)
    rows = _LATEST.all(is_central=True) if own is None else _LATEST.all(sorted(own), is_central=False)
    # Who undoes an import does so later and for the same province: of a row in this list it is in the list too.
    undone = {of for _pk, _at, _verb, _file, of, *_more in rows}
    return [
        LatestImport(
            *(pk, at, verb, file, of, added, changed, removed),
            by=" ".join(filter(None, (first, last))) or email or "",
            may_undo=tells_enough(verb, told or 0, changed or 0, told_before or 0) and pk not in undone,
        )
        for pk, at, verb, file, of, added, changed, removed, told, told_before, first, last, email in rows
    ]


class _Length(Func):
    """The length of a list within JSON."""

    function = "jsonb_array_length"
    output_field = IntegerField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, Any]:
        """As SQLite calls it."""
        return self.as_sql(compiler, connection, function="json_array_length")


def _latest(own: Sequence[int] = (), *, is_central: bool) -> QuerySet[AccountEvent, Any]:
    rows = AccountEvent.objects.filter(verb__in=[*UNDO_VERBS, *UNDO_VERBS.values()])
    if not is_central:
        rows = rows.filter(province__in=own)
    after = [f"data__after__{name}" for name in ("file", "of", "added", "changed")]
    lengths = [_Length(F(f"data__{name}")) for name in ("after__removed", "after__rows", "before__rows")]
    by = [f"by__{name}" for name in ("first_name", "last_name", "email")]
    # mypy's plugin knows no expressions here.
    return rows.values_list("pk", "at", "verb", *after, *lengths, *by)[:LATEST_IMPORTS]


_LATEST: Final = PreparedSelect[tuple[Any, ...]](_latest)


def find_import(user: User, number: int) -> AccountEvent | None:
    """An import that a person may see, by its number. One query."""
    return _visible_imports(user).filter(pk=number, verb__in=UNDO_VERBS).select_related("province").first()


def _visible_imports(user: User) -> QuerySet[AccountEvent]:
    rows = AccountEvent.objects.filter(verb__in=[*UNDO_VERBS, *UNDO_VERBS.values()])
    own = list_own_provinces(user)
    return rows if own is None else rows.filter(province__in=own)


def list_template_years() -> list[int]:
    """The years that have a scheme, newest first. One query."""
    names = [_YEAR_IN_NAME.search(path.name) for path in registry.list_scheme_files()]
    stored = {year for (year,) in _STORED_YEARS.all()}
    return sorted({int(found.group(1)) for found in names if found} | stored, reverse=True)


_STORED_YEARS: Final = PreparedSelect[tuple[int]](
    lambda: SchemeVersion.objects.order_by().values_list("year").distinct()
)
