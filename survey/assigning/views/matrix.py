"""The matrix of agencies and sub-pillars, with the roles each agency has there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
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
    assignments = _assignments_with_targets(round_)
    opened = request.GET.get("open", "")
    heads = list(_matrix_columns(instrument, assignments, opened if opened in instrument.sub_pillars else ""))
    marks = _matrix_cells(instrument, assignments, heads)
    counts = Counter(row.agency_id for row in assignments)
    agencies = _matrix_agencies(round_, counts)
    used = Counter(column for _agency, column in marks)
    context = {
        **round_context(request, round_),
        "heads": heads,
        "opened": opened,
        "lines": [
            {
                "agency": a,
                "cells": [(h, marks.get((a.pk, h.code))) for h in heads],
                "count": counts[a.pk],
            }
            for a in agencies
        ],
        "feet": [used[h.code] for h in heads],
        "total": len(assignments),
        "idle": [a for a in agencies if a.pk not in counts],
        "unassigned": _unassigned_codes(instrument, assignments),
        "letters": [(letter, Rasci(letter).label) for letter in ROLES],
    }
    return render(request, "survey/assigning/matrix.html", context)


def _assignments_with_targets(round_: Round) -> list[Assignment]:
    """All assignments in the order of the form, each with its target as `what`. One query."""
    rows = sort_assignments(round_.instrument, Assignment.objects.filter(round=round_))
    for row in rows:
        row.what = assignment_target(round_.instrument, row)  # type: ignore[attr-defined]
    return rows


def _matrix_agencies(round_: Round, assigned: Collection[int]) -> list[Agency]:
    """Active agencies and inactive ones that still have assignments; kinds counted as the province first. One query."""
    agencies = Agency.objects.filter(Q(province=round_.province_id, active=True) | Q(pk__in=assigned))
    return sorted(agencies, key=lambda a: (a.kind not in PROVINCE_AGENCY_KINDS, a.sort_key))


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
