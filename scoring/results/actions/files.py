"""Importing a table of either kind: published results of provinces, or national figures."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from scoring.results.actions import benchmarks, official
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.official import ProvincePermission
from scoring.results.actions.tables import ImportOutcome
from scoring.results.published_table import PublishedTable


def import_table(
    *,
    table: PublishedTable,
    may_write: ProvincePermission = lambda province: True,
    store: bool = True,
    by: User | None = None,
    name: str = "",
    expected: str = "",
    kept_years: Collection[int] = (),
) -> ImportOutcome:
    """As `import_official_results` and `import_benchmarks`; national figures are of all provinces."""
    if not benchmarks.is_benchmark_table(table):
        return official.import_official_results(
            table=table,
            may_write=may_write,
            store=store,
            by=by,
            name=name,
            expected=expected,
            kept_years=kept_years,
        )
    if not may_write(None):
        raise TableRejected([_("ค่าระดับประเทศนำเข้าได้เฉพาะส่วนกลาง")])
    return benchmarks.import_benchmarks(table=table, store=store, by=by, name=name, expected=expected)
