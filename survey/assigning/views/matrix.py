"""The matrix of agencies and sub-pillars, with the roles each agency has there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.prepared_queries import PreparedValues
from dgready.templatetags.keep import MadeOf, digest_of
from survey import access
from survey.assigning.list_texts import ROLES
from survey.assigning.queries import (
    PROVINCE_AGENCY_KINDS,
    assignment_target,
    is_answering,
    sort_assignments,
)
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions, target_sub_pillar
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_names import target_name
from survey.contributing.views.progress_board import NO_SUB_PILLAR
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Rasci, Round

_COLUMNS: Final = ("agency_id", "sub_pillar_id", "question_id", "item_id", "role", "if_any", "note")
_ASSIGNMENTS = PreparedValues(lambda: Assignment.objects.order_by("pk").values_list(*_COLUMNS), "round")
_AGENCY_COLUMNS: Final = ("pk", "active", "code", "name_th", "name_en", "kind", "sort_key")
_ACTIVE: Final = _AGENCY_COLUMNS.index("active")
_AGENCIES = PreparedValues(lambda: Agency.objects.values_list(*_AGENCY_COLUMNS), "province")


@dataclass(slots=True)
class MatrixColumn:
    """A column of the matrix: a sub-pillar, or one of its targets when the sub-pillar is opened."""

    code: str
    name: str
    target: AssignmentTarget | None = None
    group: str = ""


@dataclass(slots=True)
class MatrixCell:
    """A cell of the matrix: the agency's role letters, how many questions, and whether only "if any"."""

    letters: str = ""
    questions: int = 0
    covers_all: bool = False
    if_any: bool = True
    notes: list[str] = field(default_factory=list)


@require_safe
@allow(Capability.ASSIGN)
def matrix(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Agencies by sub-pillars with their letters; `?open=` shows one sub-pillar question by question."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    instrument = compiled_instrument(round_.instrument)
    opened = request.GET.get("open", "")
    opened = opened if opened in instrument.sub_pillars else ""
    context = {
        **round_context(request, round_),
        "matrix": _read_matrix(round_, instrument, opened),
        "opened": opened,
        "letters": [(letter, Rasci(letter).label) for letter in ROLES],
    }
    return render(request, "survey/assigning/matrix.html", context)


@dataclass(slots=True)
class _Matrix(MadeOf):
    """The matrix as the page shows it."""

    digest: bytes
    heads: list[MatrixColumn]
    lines: list[dict[str, Any]]
    feet: list[int]
    total: int
    unassigned: list[str]


_kept: Final[LruCache[_Matrix]] = LruCache(16)


def _read_matrix(round_: Round, instrument: CompiledInstrument, opened: str) -> _Matrix:
    """The matrix, kept by the rows it shows. Two queries; one more where an agency of elsewhere is assigned."""
    form, rows = round_.instrument, tuple(_ASSIGNMENTS.all(round_.pk))
    assigned = {row[0] for row in rows}
    agencies = [a for a in _AGENCIES.all(round_.province_id) if a[_ACTIVE] or a[0] in assigned]
    if others := assigned - {a[0] for a in agencies}:
        agencies += Agency.objects.filter(pk__in=others).values_list(*_AGENCY_COLUMNS)
    key = (form.pk, form.checksum, reader_language(), opened, rows, tuple(agencies))
    return _kept.get(key, lambda: _make_matrix(round_, instrument, opened, rows, agencies, digest_of(key)))


def _make_matrix(
    round_: Round,
    instrument: CompiledInstrument,
    opened: str,
    rows: Iterable[tuple[Any, ...]],
    agency_rows: Iterable[tuple[Any, ...]],
    digest: bytes,
) -> _Matrix:
    assignments = _with_targets(round_, [Assignment(**dict(zip(_COLUMNS, row, strict=True))) for row in rows])
    heads = list(_matrix_columns(instrument, assignments, opened))
    marks = _matrix_cells(instrument, assignments, heads)
    counts = Counter(row.agency_id for row in assignments)
    agencies = [Agency(**dict(zip(_AGENCY_COLUMNS, row, strict=True))) for row in agency_rows]
    # The kinds that count as the province come first.
    agencies.sort(key=lambda a: (a.kind not in PROVINCE_AGENCY_KINDS, a.sort_key))
    used = Counter(column for _agency, column in marks)
    return _Matrix(
        digest=digest,
        heads=heads,
        lines=[
            {"agency": a, "cells": [(h, marks.get((a.pk, h.code))) for h in heads], "count": counts[a.pk]}
            for a in agencies
        ],
        feet=[used[h.code] for h in heads],
        total=len(assignments),
        unassigned=_unassigned_codes(instrument, assignments),
    )


def _assignments_with_targets(round_: Round) -> list[Assignment]:
    """All assignments in the order of the form, each with its target as `what`. One query."""
    return _with_targets(round_, Assignment.objects.filter(round=round_))


def _with_targets(round_: Round, assignments: Iterable[Assignment]) -> list[Assignment]:
    rows = sort_assignments(round_.instrument, assignments)
    for row in rows:
        row.what = assignment_target(round_.instrument, row)  # type: ignore[attr-defined]
    return rows


def _matrix_columns(
    instrument: CompiledInstrument, assignments: Sequence[Assignment], opened: str
) -> Iterable[MatrixColumn]:
    for code in assignable_sub_pillars(instrument):
        sub = instrument.sub_pillars.get(code)
        if code != opened or sub is None:
            yield MatrixColumn(code or NO_SUB_PILLAR, sub.name.to(reader_language()) if sub else _("ไม่อยู่ในตัวชี้วัดใด"))
            continue
        assigned_targets = {r.what for r in assignments if target_sub_pillar(instrument, r.what) == code}  # type: ignore[attr-defined]
        below = [
            AssignmentTarget(code),
            *(AssignmentTarget(question=q) for q in covered_questions(instrument, AssignmentTarget(code))),
        ]
        for target in sorted({*assigned_targets, *below}, key=lambda t: _sort_key(instrument, t)):
            yield MatrixColumn(str(target), target_name(instrument, target), target, code)


def _sort_key(instrument: CompiledInstrument, target: AssignmentTarget) -> tuple[int, int, str]:
    asked = covered_questions(instrument, target)
    first = instrument.items[asked[0]].order if asked else 0
    return first, bool(target.question) + bool(target.item), str(target)


def _matrix_cells(
    instrument: CompiledInstrument, assignments: Iterable[Assignment], heads: Sequence[MatrixColumn]
) -> dict[tuple[int, str], MatrixCell]:
    code_by_target = {h.target: h.code for h in heads if h.target is not None}
    cells: dict[tuple[int, str], MatrixCell] = {}
    for assignment in assignments:
        target: AssignmentTarget = assignment.what  # type: ignore[attr-defined]
        sub_pillar = target_sub_pillar(instrument, target)
        column_code = code_by_target.get(target, sub_pillar or NO_SUB_PILLAR)
        cell = cells.setdefault((assignment.agency_id, column_code), MatrixCell())
        cell.letters += assignment.role if assignment.role not in cell.letters else ""
        cell.questions += len(covered_questions(instrument, target))
        cell.covers_all = cell.covers_all or target in code_by_target or target == AssignmentTarget(sub_pillar)
        cell.if_any = cell.if_any and assignment.if_any
        if assignment.note:
            cell.notes.append(assignment.note)
    return cells


def _unassigned_codes(instrument: CompiledInstrument, rows: Iterable[Assignment]) -> list[str]:
    """Codes of the questions that nobody answers for."""
    given = {q for r in rows if is_answering(r) for q in covered_questions(instrument, r.what)}  # type: ignore[attr-defined]
    return [q.code or q.id for q in instrument.questions if q.id not in given and q.sub_pillar]
