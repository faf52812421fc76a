"""Loading published results from tables; all of a file or nothing, and running it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Province, User
from scoring.engine.levels import table_codes
from scoring.models import OfficialResult
from scoring.results.actions.tables import Cells, Change, Line, Outcome, Rejected, note, put, read, twice
from scoring.scheme import registry

COLUMNS = ("framework", "subject", "kind", "code", "score", "rank", "level", "from", "source")
FIELDS = ("score", "rank", "level", "origin", "source")
TOTAL = "total"
May = Callable[[int | None], bool]


def load(
    *,
    text: str,
    may: May = lambda province: True,
    store: bool = True,
    by: User | None = None,
    name: str = "",
) -> Outcome:
    """Adds or corrects the figures of a table, all or none; without `store` only says what it would do.

    `may`: whether figures of a province (None: of all provinces) may be written; `name`: the file's, for the journal.
    Raises Rejected.
    """
    provinces = {p.code: p for p in Province.objects.all()}
    lines = read(text, COLUMNS)
    faults: list[str] = []
    rows = [(line, _build(Cells(line, faults), provinces)) for line in lines]
    if not faults:
        twice([(line, _key(row)) for line, row in rows], faults)
        _allowed(rows, provinces, may, faults)
    if faults:
        raise Rejected(faults[:200])
    counts, changes = {"added": 0, "changed": 0, "same": 0}, []
    with transaction.atomic():
        years = {row.year for _line, row in rows}
        known = {_key(r): r for r in OfficialResult.objects.filter(year__in=years)}
        for line, new in rows:
            old = known.get(_key(new))
            before = f"{old.score:f}" if old else ""
            counts[done := put(old, new, FIELDS)] += 1
            if done != "same":
                what = f"{new.year} {line.cells['subject']} {new.kind} {new.code}"
                changes.append(Change(what, before, f"{new.score:f}"))
        outcome = Outcome(**counts, changes=tuple(changes))
        if store and changes:
            subjects = {row.province_id for _line, row in rows}
            province = next((p for p in provinces.values() if {p.pk} == subjects), None)
            note(by=by, verb="import_results", name=name, text=text, done=outcome, province=province)
        if not store:
            transaction.set_rollback(True)
    return outcome


def _allowed(
    rows: list[tuple[Line, OfficialResult]], provinces: Mapping[str, Province], may: May, faults: list[str]
) -> None:
    for line, row in rows:
        if not may(row.province_id):
            Cells(line, faults).fault("subject", _("แก้ผลของจังหวัดอื่นหรือของทุกจังหวัดไม่ได้"))


def _key(row: OfficialResult) -> tuple[Any, ...]:
    return row.year, row.province_id, row.label, row.kind, row.code


def _build(cells: Cells, provinces: Mapping[str, Province]) -> OfficialResult:
    subject, year = cells.line.cells["subject"], cells.year("framework")
    if subject not in provinces and subject not in (OfficialResult.Label.AVERAGE, OfficialResult.Label.BEST):
        cells.fault("subject", _("ไม่รู้จัก “%(value)s” ใช้รหัสจังหวัด average หรือ rank-1") % {"value": subject})
    kind = cells.choice("kind", OfficialResult.Kind.values)
    return OfficialResult(
        year=year,
        province=provinces.get(subject),
        label="" if subject in provinces else subject,
        kind=kind,
        code=_code(cells, year, kind),
        score=cells.percent("score") or Decimal(0),
        rank=cells.whole("rank", 1, 1000),
        level=cells.whole("level", 1, 5),
        origin=cells.choice("from", OfficialResult.Origin.values),
        source=cells.text("source", 500),
    )


def _code(cells: Cells, year: int, kind: str) -> str:
    """The code, which the scheme of its year must have where there is one."""
    code = cells.text("code", 20).rstrip("*").strip()
    known = {TOTAL} if kind == OfficialResult.Kind.TOTAL else _codes(year, kind)
    if code and known is not None and code not in known:
        told = {"value": code, "year": year}
        cells.fault("code", _("ไม่มีรหัส “%(value)s” ในกรอบปี %(year)s") % told)
    return code


def _codes(year: int, kind: str) -> set[str] | None:
    try:
        scheme = registry.scheme_of_year(year).scheme
    except registry.MissingScheme:
        return None
    if kind == OfficialResult.Kind.PILLAR:
        return {p.number for p in scheme.pillars}
    return set(table_codes(scheme)) & set(scheme.sub_pillars) if scheme.sub_pillars else None
