"""Importing published results from tables: all of a file or nothing; importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Province, User
from dgready.localized_text import LocalizedText
from dgready.typed.codes import fold_code
from scoring.engine.score_tables import list_table_codes
from scoring.models import OfficialResult
from scoring.results.actions.cells import MAX_FAULTS, CellReader, TableLine, TableRejected, read_lines
from scoring.results.actions.editions import assign_editions, figure_key, is_replaced, list_kept_years
from scoring.results.actions.province_table import is_province_table, read_province_lines
from scoring.results.actions.subjects import Subjects
from scoring.results.actions.tables import (
    FigureKind,
    ImportOutcome,
    PreviewOutdated,
    check_duplicates,
    figure_facts,
    record_import,
    save_figures,
)
from scoring.results.consistency import PublishedFigure, PublishedFigures, list_inconsistencies
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
    expected: str = "",
    kept_years: Collection[int] = (),
) -> ImportOutcome:
    """Imports (adds or corrects) the figures of a table, all or none; without `store` only says what it would do.

    `may_write`: whether figures of a province (None: of all) may be written. `name`: of the file. `expected`: the
    digest of what was looked at. `kept_years`: whose results may be contested, so that a changed figure becomes a later
    edition (scoring.results.actions.editions). Raises TableRejected, PreviewOutdated.
    """
    subjects = Subjects()
    lines = read_province_lines(table, subjects) if is_province_table(table) else read_lines(table, COLUMNS)
    faults: list[str] = []
    rows = [(line, _build_result(CellReader(line, faults), subjects)) for line in lines]
    _refuse(faults)
    with transaction.atomic():
        stored = list(
            OfficialResult.objects.filter(year__in={row.year for _line, row in rows}).select_related("province")
        )
        kept_years = list_kept_years(stored, kept_years)
        check_duplicates([(line, figure_key(row)) for line, row in rows], faults)
        _check_permissions(rows, may_write, faults, kept_years)
        _refuse(faults)
        new_rows = [row for _line, row in rows]
        replaced = assign_editions(new_rows, stored, STORED_FIELDS, kept_years)
        known = {_result_key(r): r for r in stored}
        outcome = save_figures(OFFICIAL_RESULTS, new_rows, known, store=store, replaced=replaced)
        if outcome.changes and expected not in ("", outcome.digest):
            raise PreviewOutdated
        if store and outcome.changes:
            province = _only_province(new_rows, subjects)
            record_import(by=by, verb="import_results", name=name, table=table, outcome=outcome, province=province)
    together = {figure_key(row): row for row in (*sorted(known.values(), key=lambda r: r.edition), *new_rows)}
    return replace(outcome, warnings=_list_warnings(new_rows, together.values(), len(subjects.provinces)))


def _refuse(faults: Sequence[str]) -> None:
    """Raises TableRejected where there are faults, each once."""
    if faults:
        raise TableRejected(list(dict.fromkeys(faults))[:MAX_FAULTS])


def _list_warnings(
    new_rows: Sequence[OfficialResult], together: Collection[OfficialResult], province_count: int
) -> tuple[LocalizedText, ...]:
    """What the figures of a file and those stored before do not agree on, year by year."""
    warnings: list[LocalizedText] = []
    for year in sorted({row.year for row in new_rows}):
        touched = {_subject_of(row) for row in new_rows if row.year == year}
        tables: dict[str, PublishedFigures] = {}
        for row in together:
            if row.year == year:
                figure = PublishedFigure(row.score, row.rank)
                tables.setdefault(_subject_of(row), {})[row.kind, row.code] = figure
        try:
            scheme = get_scheme_of_year(year).scheme
        except registry.MissingScheme:
            scheme = None
        warnings += list_inconsistencies(year, tables, touched, scheme, province_count)
    return tuple(warnings)


def _subject_of(row: OfficialResult) -> str:
    return row.province.code if row.province else row.label


def _describe(row: OfficialResult, other: OfficialResult | None) -> str:
    """A figure with its rank and level; where these are the same as the other's, what else differs."""
    words = [f"{row.score:f}"]
    words += [_("อันดับ %(n)s") % {"n": row.rank}] if row.rank else []
    words += [_("ระดับ %(n)s") % {"n": row.level}] if row.level else []
    if other and (row.score, row.rank, row.level) == (other.score, other.rank, other.level):
        words += [row.get_origin_display(), row.source]
    return " · ".join(words)


def official_facts(row: OfficialResult) -> dict[str, Any]:
    """What the account log tells of a published figure; `province`: its key."""
    fields = ("year", "province_id", "label", "kind", "code", *STORED_FIELDS)
    edition = {"edition": row.edition} if row.edition else {}  # events older than editions tell none
    return {"id": row.pk, **figure_facts(row, fields), **edition}


def _only_province(rows: Sequence[OfficialResult], subjects: Subjects) -> Province | None:
    """The province that all figures are of, or None."""
    found = {row.province_id for row in rows}
    return next((p for p in subjects.provinces.values() if {p.pk} == found), None)


def _check_permissions(
    rows: list[tuple[TableLine, OfficialResult]],
    may_write: ProvincePermission,
    faults: list[str],
    kept_years: Collection[int],
) -> None:
    for line, row in rows:
        if row.year in kept_years and not may_write(None):
            words = _("ผลปี %(year)s เปิดให้จังหวัดโต้แย้งแล้ว แก้ได้เฉพาะส่วนกลาง")
            CellReader(line, faults).fault("subject", words % {"year": row.year})
        if not may_write(row.province_id):
            CellReader(line, faults).fault("subject", _("แก้ผลของจังหวัดอื่นหรือของทุกจังหวัดไม่ได้"))


def _result_key(row: OfficialResult) -> tuple[Any, ...]:
    return *figure_key(row), row.edition


def _name_figure(row: OfficialResult) -> str:
    words = f"{row.year} {_subject_of(row)} {row.kind} {row.code}"
    return f"{words} {_('ฉบับ %(n)s') % {'n': row.edition_name}}" if row.edition else words


OFFICIAL_RESULTS = FigureKind(
    OfficialResult,
    STORED_FIELDS,
    _result_key,
    _name_figure,
    _describe,
    official_facts,
    is_replaced,
)


def _build_result(cells: CellReader, subjects: Subjects) -> OfficialResult:
    typed = cells.line.cells["subject"]
    subject = subjects.find(typed) or ""
    year = cells.year("framework")
    if not subject:
        words = _("ไม่รู้จัก “%(value)s” ใช้รหัสหรือชื่อจังหวัด average หรือ rank-1") % {"value": typed}
        cells.unknown("subject", subjects.known, words)
    kind = cells.choice("kind", OfficialResult.Kind.values)
    return OfficialResult(
        year=year,
        province=subjects.provinces.get(subject),
        label="" if subject in subjects.provinces else subject,
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
