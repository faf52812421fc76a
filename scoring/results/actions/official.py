"""Importing published results from tables: all of a file or nothing; importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Province, User
from dgready.typed.codes import fold_code
from scoring.engine.score_tables import list_table_codes
from scoring.models import OfficialResult
from scoring.results.actions.cells import CellReader, TableLine, TableRejected, read_lines
from scoring.results.actions.tables import (
    FigureChange,
    ImportOutcome,
    check_duplicates,
    figure_facts,
    record_import,
    save_figure,
)
from scoring.results.published_table import PublishedTable
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_year

COLUMNS = ("framework", "subject", "kind", "code", "score", "rank", "level", "from", "source")
STORED_FIELDS = ("score", "rank", "level", "origin", "source")
TOTAL_CODE = "total"
ProvincePermission = Callable[[int | None], bool]


def import_official_results(
    *,
    table: PublishedTable,
    may_write: ProvincePermission = lambda province: True,
    store: bool = True,
    by: User | None = None,
    name: str = "",
) -> ImportOutcome:
    """Imports (adds or corrects) the figures of a table, all or none; without `store` only says what it would do.

    `may_write`: whether figures of a province (None: of all) may be written. `name`: of the file. Raises TableRejected.
    """
    provinces = {p.code: p for p in Province.objects.all()}
    lines = read_lines(table, COLUMNS)
    faults: list[str] = []
    rows = [(line, _build_result(CellReader(line, faults), provinces)) for line in lines]
    if not faults:
        check_duplicates([(line, _result_key(row)) for line, row in rows], faults)
        _check_permissions(rows, provinces, may_write, faults)
    if faults:
        raise TableRejected(faults[:200])
    counts, changes, stored = {"added": 0, "changed": 0, "same": 0}, [], []
    with transaction.atomic():
        years = {row.year for _line, row in rows}
        known = {_result_key(r): r for r in OfficialResult.objects.filter(year__in=years)}
        for line, new in rows:
            old = known.get(_result_key(new))
            before = f"{old.score:f}" if old else ""
            counts[outcome_name := save_figure(old, new, STORED_FIELDS)] += 1
            if outcome_name != "same":
                figure_name = f"{new.year} {line.cells['subject']} {new.kind} {new.code}"
                changes.append(FigureChange(figure_name, before, f"{new.score:f}"))
                stored.append(official_facts(old or new))
        outcome = ImportOutcome(**counts, changes=tuple(changes), rows=tuple(stored))
        if store and changes:
            province = _only_province(rows, provinces)
            record_import(by=by, verb="import_results", name=name, table=table, outcome=outcome, province=province)
        if not store:
            transaction.set_rollback(True)
    return outcome


def official_facts(row: OfficialResult) -> dict[str, Any]:
    """What the account log tells of a published figure; `province`: its key."""
    fields = ("year", "province_id", "label", "kind", "code", *STORED_FIELDS)
    return {"id": row.pk, **figure_facts(row, fields)}


def _only_province(rows: list[tuple[TableLine, OfficialResult]], provinces: Mapping[str, Province]) -> Province | None:
    """The province that all figures are of, or None."""
    subjects = {row.province_id for _line, row in rows}
    return next((p for p in provinces.values() if {p.pk} == subjects), None)


def _check_permissions(
    rows: list[tuple[TableLine, OfficialResult]],
    provinces: Mapping[str, Province],
    may_write: ProvincePermission,
    faults: list[str],
) -> None:
    for line, row in rows:
        if not may_write(row.province_id):
            CellReader(line, faults).fault("subject", _("แก้ผลของจังหวัดอื่นหรือของทุกจังหวัดไม่ได้"))


def _result_key(row: OfficialResult) -> tuple[Any, ...]:
    return row.year, row.province_id, row.label, row.kind, row.code


def _build_result(cells: CellReader, provinces: Mapping[str, Province]) -> OfficialResult:
    subjects = [*provinces, OfficialResult.Label.AVERAGE, OfficialResult.Label.BEST]
    subject = cells.code("subject", subjects)
    year = cells.year("framework")
    if subject not in provinces and subject not in (OfficialResult.Label.AVERAGE, OfficialResult.Label.BEST):
        words = _("ไม่รู้จัก “%(value)s” ใช้รหัสจังหวัด average หรือ rank-1") % {"value": subject}
        cells.unknown("subject", subjects, words)
    kind = cells.choice("kind", OfficialResult.Kind.values)
    return OfficialResult(
        year=year,
        province=provinces.get(subject),
        label="" if subject in provinces else subject,
        kind=kind,
        code=_read_code(cells, year, kind),
        score=cells.percent("score") or Decimal(0),
        rank=cells.whole("rank", 1, 1000),
        level=cells.whole("level", 1, 5),
        origin=cells.choice("from", OfficialResult.Origin.values),
        source=cells.text("source", 500),
    )


def _read_code(cells: CellReader, year: int, kind: str) -> str:
    """The code, which the scheme of its year must have where there is one."""
    code = fold_code(cells.text("code", 20))
    known_codes = {TOTAL_CODE} if kind == OfficialResult.Kind.TOTAL else _list_known_codes(year, kind)
    if code and known_codes is not None and code not in known_codes:
        names = {"value": code, "year": year}
        cells.unknown("code", known_codes, _("ไม่มีรหัส “%(value)s” ในกรอบปี %(year)s") % names)
    return code


def _list_known_codes(year: int, kind: str) -> set[str] | None:
    try:
        scheme = get_scheme_of_year(year).scheme
    except registry.MissingScheme:
        return None
    if kind == OfficialResult.Kind.PILLAR:
        return {p.number for p in scheme.pillars}
    return set(list_table_codes(scheme)) & set(scheme.sub_pillars) if scheme.sub_pillars else None
