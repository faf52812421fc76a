"""Correcting a published sub-pillar by a decision: the next edition of a province's result, nothing written over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.log import RefusedError
from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from scoring.models import OfficialResult
from scoring.results.actions.editions import CORRECT_VERB
from scoring.results.actions.official import official_facts
from scoring.results.corrected import CorrectedResult, correct_result, rank_totals
from scoring.results.queries import PROVINCE, PublishedResults, read_results, read_year_totals
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_year

TOTAL = OfficialResult.Kind.TOTAL


@dataclass(frozen=True, slots=True)
class PublishedCorrection:
    """The rows of a correction: those of the province, and totals of others whose rank moved with it."""

    edition: int
    own: tuple[OfficialResult, ...]
    others: tuple[OfficialResult, ...]


@transaction.atomic
def correct_sub_pillar(
    *, by: User, province: Province, year: int, code: str, score: Decimal, source: str
) -> PublishedCorrection | None:
    """Publishes the next edition of a province's result with this sub-pillar; None where the score is as it was.

    Pillar and total follow by the scheme's weights; ranks where the totals of all provinces are known. Raises
    RefusedError where the sub-pillar is not published or not weighed. Eight queries.
    """
    # Two decisions of one year wait for each other: ranks and the number of the edition follow from what stands.
    list(OfficialResult.objects.select_for_update().filter(year=year, kind=TOTAL).order_by("pk").values_list("pk"))
    results = read_results(province, year)[0]
    old = results.figures.get((PROVINCE, "sub_pillar", code)) if results else None
    if results is None or old is None:
        raise RefusedError(_("ไม่มีผลที่ประกาศของตัวชี้วัดย่อยนี้"))
    if score == old.score:
        return None
    corrected = _correct(year, results, code, score)
    edition = results.edition + 1
    own = _own_rows(results, corrected, old, score)
    others = []
    total = next((row for row in own if row.kind == TOTAL), None)
    if total is not None:
        others = _move_ranks(year, total)
    for row in own:
        row.edition, row.source = edition, source[:500]
    for row in others:
        row.source = _("อันดับเปลี่ยนตามผลฉบับใหม่ของจังหวัดอื่น")
    rows = OfficialResult.objects.bulk_create([*own, *others])
    facts = {"added": len(rows), "changed": 0, "rows": [official_facts(row) for row in rows]}
    log(by=by, verb=CORRECT_VERB, province=province, after={"year": year, "code": code, "edition": edition, **facts})
    return PublishedCorrection(edition, tuple(own), tuple(others))


def _correct(year: int, results: PublishedResults, code: str, score: Decimal) -> CorrectedResult:
    try:
        scheme = get_scheme_of_year(year).scheme
    except registry.MissingScheme as error:
        raise RefusedError(_("ยังไม่มีเกณฑ์ของปีนี้ จึงคิดคะแนนรวมใหม่ไม่ได้")) from error
    scores = {(kind, key): row.score for (who, kind, key), row in results.figures.items() if who == PROVINCE}
    corrected = correct_result(scheme, scores, code, score)
    if corrected is None:
        raise RefusedError(_("เกณฑ์ของปีนี้ไม่มีน้ำหนักของตัวชี้วัดย่อยนี้ จึงคิดคะแนนรวมใหม่ไม่ได้"))
    return corrected


def _own_rows(
    results: PublishedResults, corrected: CorrectedResult, old: OfficialResult, score: Decimal
) -> list[OfficialResult]:
    """The sub-pillar, its pillar and the total, as far as they were published and change."""
    origin = OfficialResult.Origin.OFFICIAL if corrected.is_exact else OfficialResult.Origin.RECOVERED
    rows = [_next_row(old, score, OfficialResult.Origin.OFFICIAL)]
    for key, value in ((("pillar", corrected.pillar), corrected.pillar_score), (("total", "total"), corrected.total)):
        before = results.figures.get((PROVINCE, *key))
        if before is not None and value is not None and value != before.score:
            row = _next_row(before, value, origin)
            row.level = None if corrected.level_moves else before.level  # else told from the figures, marked so
            rows.append(row)
    return rows


def _next_row(old: OfficialResult, score: Decimal, origin: str) -> OfficialResult:
    """The figure in its next edition; rank and level are not those of another score."""
    identity = {
        "year": old.year,
        "province_id": old.province_id,
        "label": old.label,
        "kind": old.kind,
        "code": old.code,
    }
    return OfficialResult(**identity, score=score, origin=origin)


def _move_ranks(year: int, total: OfficialResult) -> list[OfficialResult]:
    """Ranks the new total; returns new rows of the totals of others whose known rank moves. Three queries.

    Without the total of every province nobody can tell a rank: then the new total has none.
    """
    known: Mapping[int, OfficialResult] = read_year_totals(year)
    own = total.province_id or 0
    if len(known) != Province.objects.provinces().count() or own not in known:
        return []
    ranks = rank_totals({pk: row.score for pk, row in known.items()} | {own: total.score})
    total.rank = ranks[own]
    moved = [row for pk, row in known.items() if pk != own and row.rank is not None and row.rank != ranks[pk]]
    editions = _last_editions(year)
    rows = []
    for old in moved:
        row = _next_row(old, old.score, old.origin)
        row.rank, row.level, row.edition = ranks[old.province_id or 0], old.level, editions[old.province_id or 0] + 1
        rows.append(row)
    return rows


def _last_editions(year: int) -> dict[int, int]:
    """The newest edition of each province's result. One query."""
    rows = OfficialResult.objects.filter(year=year, province__isnull=False).order_by("edition")
    return dict(rows.values_list("province_id", "edition"))
