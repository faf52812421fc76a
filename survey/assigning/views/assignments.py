"""Who does what: the matrix of agencies and sub-pillars, single assignments, and the official list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.assigning import actions
from survey.assigning import queries as parts
from survey.assigning.assignment_list import ROLES
from survey.assigning.forms import AddAssignmentsForm, TermsForm, initial_terms
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions, target_sub_pillar
from survey.assigning.views.round_context import round_context
from survey.contributing.views.board import NO_SUB_PILLAR
from survey.contributing.views.part_list import target_name
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Rasci, Round

METHODS = ["GET", "HEAD", "POST"]


@dataclass(slots=True)
class MatrixColumn:
    """A column of the matrix: a sub-pillar, or when that is opened one thing below it."""

    code: str
    name: str
    target: AssignmentTarget | None = None
    group: str = ""


@dataclass(slots=True)
class MatrixCell:
    """What an agency is in one cell: the letters, in how many questions, and whether only if it has some."""

    letters: str = ""
    questions: int = 0
    whole: bool = False
    if_any: bool = True
    notes: list[str] = field(default_factory=list)


@require_safe
@allow(Capability.ASSIGN)
def matrix(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Agencies by sub-pillars with their letters; `?open=` shows one sub-pillar question by question."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    instrument = compiled_instrument(round_.instrument)
    rows = _assignments_with_targets(round_)
    opened = request.GET.get("open", "")
    heads = list(_matrix_columns(instrument, rows, opened if opened in instrument.sub_pillars else ""))
    agencies = _matrix_agencies(round_, rows)
    marks = _matrix_cells(instrument, rows, heads)
    context = {
        **round_context(request, round_),
        "heads": heads,
        "opened": opened,
        "lines": [
            {"agency": a, "cells": [(h, marks.get((a.pk, h.code))) for h in heads], "count": _count_of_agency(rows, a)}
            for a in agencies
        ],
        "feet": [sum(1 for a in agencies if (a.pk, h.code) in marks) for h in heads],
        "total": len(rows),
        "idle": [a for a in agencies if not any(r.agency_id == a.pk for r in rows)],
        "unassigned": _unassigned_codes(instrument, rows),
        "letters": [(letter, Rasci(letter).label) for letter in ROLES],
    }
    return render(request, "survey/assigning/matrix.html", context)


def _assignments_with_targets(round_: Round) -> list[Assignment]:
    """All assignments in the order of the form, each with what it is about as `what`. One query."""
    rows = parts.sort_assignments(round_.instrument, Assignment.objects.filter(round=round_).select_related("agency"))
    for row in rows:
        row.what = parts.assignment_target(round_.instrument, row)  # type: ignore[attr-defined]
    return rows


def _matrix_agencies(round_: Round, rows: Iterable[Assignment]) -> list[Agency]:
    """The agencies in use, and closed ones that still have something; those with most to do first by kind."""
    found = {a.pk: a for a in parts.active_agencies(round_)}
    for row in rows:
        found.setdefault(row.agency_id, row.agency)
    return sorted(found.values(), key=lambda a: (a.kind not in parts.PROVINCE_AGENCY_KINDS, a.sort_key))


def _count_of_agency(rows: Iterable[Assignment], agency: Agency) -> int:
    return sum(r.agency_id == agency.pk for r in rows)


def _matrix_columns(instrument: CompiledInstrument, rows: Sequence[Assignment], opened: str) -> Iterable[MatrixColumn]:
    for code in assignable_sub_pillars(instrument):
        sub = instrument.sub_pillars.get(code)
        if code != opened or sub is None:
            yield MatrixColumn(code or NO_SUB_PILLAR, sub.name.to(reader_language()) if sub else _("ไม่อยู่ในตัวชี้วัดใด"))
            continue
        named = {r.what for r in rows if target_sub_pillar(instrument, r.what) == code}  # type: ignore[attr-defined]
        below = [
            AssignmentTarget(code),
            *(AssignmentTarget(question=q) for q in covered_questions(instrument, AssignmentTarget(code))),
        ]
        for target in sorted({*named, *below}, key=lambda t: _sort_key(instrument, t)):
            yield MatrixColumn(str(target), target_name(instrument, target), target, code)


def _sort_key(instrument: CompiledInstrument, target: AssignmentTarget) -> tuple[int, int, str]:
    asked = covered_questions(instrument, target)
    first = instrument.items[asked[0]].order if asked else 0
    return first, bool(target.question) + bool(target.item), str(target)


def _matrix_cells(
    instrument: CompiledInstrument, rows: Iterable[Assignment], heads: Sequence[MatrixColumn]
) -> dict[tuple[int, str], MatrixCell]:
    exact = {h.target: h.code for h in heads if h.target is not None}
    out: dict[tuple[int, str], MatrixCell] = {}
    for row in rows:
        what: AssignmentTarget = row.what  # type: ignore[attr-defined]
        under = target_sub_pillar(instrument, what)
        place = exact.get(what, under or NO_SUB_PILLAR)
        mark = out.setdefault((row.agency_id, place), MatrixCell())
        mark.letters += row.role if row.role not in mark.letters else ""
        mark.questions += len(covered_questions(instrument, what))
        mark.whole = mark.whole or what in exact or what == AssignmentTarget(under)
        mark.if_any = mark.if_any and row.if_any
        if row.note:
            mark.notes.append(row.note)
    return out


def _unassigned_codes(instrument: CompiledInstrument, rows: Iterable[Assignment]) -> list[str]:
    """Codes of the questions that nobody answers for."""
    given = {q for r in rows if parts.is_answering(r) for q in covered_questions(instrument, r.what)}  # type: ignore[attr-defined]
    return [q.code or q.id for q in instrument.questions if q.id not in given and q.sub_pillar]


# -- one cell, one assignment -----------------------------------------------------------------------


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def cell(request: SignedInRequest, code: str, year: int, agency: str, column: str) -> HttpResponse:
    """What one agency has under one sub-pillar; POST gives it more."""
    round_, found = access.get_round_agency(request.user, code, year, agency, Capability.ASSIGN)
    instrument = compiled_instrument(round_.instrument)
    under = "" if column == NO_SUB_PILLAR else column
    if under not in assignable_sub_pillars(instrument):
        raise Http404
    initial = {"target": f"s:{under}"}
    form = AddAssignmentsForm(
        request.POST or None, round_=round_, agencies=[found], language=reader_language(), only=under, initial=initial
    )
    if request.method == "POST" and form.is_valid() and _save_assignments(request, round_, form):
        return redirect("survey:assignment-cell", code, year, agency, column)
    context = {
        **round_context(request, round_),
        "agency": found,
        "column": column,
        "name": target_name(instrument, AssignmentTarget(under)) if under else _("ไม่อยู่ในตัวชี้วัดใด"),
        "rows": _assignments_of_cell(round_, instrument, found, under),
        "form": form,
    }
    return render(request, "survey/assigning/cell.html", context, status=422 if form.errors else 200)


def _assignments_of_cell(round_: Round, instrument: CompiledInstrument, agency: Agency, under: str) -> list[Assignment]:
    rows = parts.agency_assignments(round_, agency.pk)
    out = []
    for row in rows:
        row.what = parts.assignment_target(round_.instrument, row)  # type: ignore[attr-defined]
        row.name = target_name(instrument, row.what)  # type: ignore[attr-defined]
        row.day = parts.assignment_due(round_, row)  # type: ignore[attr-defined]
        if target_sub_pillar(instrument, row.what) == under:  # type: ignore[attr-defined]
            out.append(row)
    return out


def _save_assignments(request: SignedInRequest, round_: Round, form: AddAssignmentsForm) -> bool:
    try:
        done = actions.add_assignments(
            by=request.user,
            round_=round_,
            agencies=form.chosen(),
            target=form.target_chosen(),
            terms=form.terms(),
        )
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return False
    if not done.made:
        form.add_error("target", _("มอบหมายไว้แล้ว แก้ไขได้ที่รายการเดิม"))
        return False
    text = _("มอบหมายให้ %(count)d หน่วยงาน") % {"count": len(done.made)}
    if done.there:
        text += " " + _("(มีอยู่แล้ว %(count)d หน่วยงาน คงไว้ตามเดิม)") % {"count": len(done.there)}
    messages.success(request, text)
    return True


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def add(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Give one part to several agencies, or to every agency."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    agencies = parts.active_agencies(round_)
    form = AddAssignmentsForm(request.POST or None, round_=round_, agencies=agencies, language=reader_language())
    if request.method == "POST" and form.is_valid() and _save_assignments(request, round_, form):
        return redirect("survey:assignments", code, year)
    context = {"form": form, "title": _("มอบหมายให้หลายหน่วยงาน"), "submit": _("มอบหมาย")}
    return _form_page(request, round_, context, reverse("survey:assignments", args=[code, year]))


def _form_page(request: SignedInRequest, round_: Round, context: dict[str, Any], back: str) -> HttpResponse:
    context |= {**round_context(request, round_), "back": back}
    return render(request, "survey/assigning/form.html", context, status=422 if context["form"].errors else 200)


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def edit(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Change the terms of one assignment."""
    row = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    form = TermsForm(request.POST or None, round_=row.round, initial=initial_terms(row))
    back = _cell_url(row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_assignment(by=request.user, assignment=row, terms=form.terms())
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(back)
    instrument = compiled_instrument(row.round.instrument)
    what = target_name(instrument, parts.assignment_target(row.round.instrument, row))
    context = {"form": form, "title": _("แก้ไขการมอบหมาย"), "what": what, "agency": row.agency, "submit": _("บันทึก")}
    return _form_page(request, row.round, context, back)


def _cell_url(row: Assignment) -> str:
    instrument = compiled_instrument(row.round.instrument)
    under = target_sub_pillar(instrument, parts.assignment_target(row.round.instrument, row)) or NO_SUB_PILLAR
    args = [row.round.province.code, row.round.year, row.agency.code, under]
    return reverse("survey:assignment-cell", args=args)


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def remove(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Take one assignment away, after a question."""
    row = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    refused = ""
    if request.method == "POST":
        try:
            actions.remove_assignment(by=request.user, assignment=row)
        except RefusedError as caught:
            refused = str(caught)
        else:
            messages.success(request, _("นำการมอบหมายออกแล้ว"))
            return redirect(_cell_url(row))
    instrument = compiled_instrument(row.round.instrument)
    context = {
        **round_context(request, row.round),
        "row": row,
        "what": target_name(instrument, parts.assignment_target(row.round.instrument, row)),
        "back": _cell_url(row),
        "refused": refused,
    }
    return render(request, "survey/assigning/remove.html", context, status=409 if refused else 200)


# -- the official list ------------------------------------------------------------------------------


@require_safe
@allow(Capability.RESPONSE_READ)
def printed(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The whole list on paper: each sub-pillar, question and part with its agencies."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    context = {
        **round_context(request, round_),
        "pillars": list(official_list(round_)),
        "letters": [(letter, Rasci(letter).label) for letter in ROLES],
    }
    return render(request, "survey/assigning/print.html", context)


def official_list(round_: Round) -> Iterable[dict[str, Any]]:
    """The list by pillar, for paper: each target with its agencies by letter, the conditional ones apart."""
    instrument = compiled_instrument(round_.instrument)
    rows = _assignments_with_targets(round_)
    everyone = {a.pk for a in parts.active_agencies(round_) if a.kind in parts.PROVINCE_AGENCY_KINDS}
    lines: dict[AssignmentTarget, list[Assignment]] = {}
    for row in rows:
        lines.setdefault(row.what, []).append(row)  # type: ignore[attr-defined]
    names = {p.number: p.name.to(reader_language()) for p in instrument.pillars}
    for number in ["", *names]:
        here = [
            {
                "name": target_name(instrument, target),
                "groups": list(_agency_groups(some, everyone)),
                "notes": _distinct_notes(some),
            }
            for target, some in lines.items()
            if _pillar_of(instrument, target) == number
        ]
        if here:
            yield {"number": number, "name": names.get(number, ""), "lines": here}


def _pillar_of(instrument: CompiledInstrument, target: AssignmentTarget) -> str:
    sub = instrument.sub_pillars.get(target_sub_pillar(instrument, target))
    return sub.pillar if sub else ""


def _agency_groups(rows: Sequence[Assignment], everyone: set[int]) -> Iterable[dict[str, Any]]:
    """Agencies by letter and due date; “every other agency” where all the rest stand alike."""
    named = {r.agency_id for r in rows}
    by_terms: dict[tuple[Any, ...], list[Assignment]] = {}
    for row in rows:
        by_terms.setdefault((row.role, row.if_any, row.due), []).append(row)
    for (role, if_any, due), some in sorted(by_terms.items(), key=lambda pair: (ROLES.index(pair[0][0]), pair[0][1])):
        rest = everyone <= named and len(some) > max(3, len(everyone) // 2)
        agencies = [] if rest else [r.agency.name for r in sorted(some, key=lambda r: r.agency.sort_key)]
        yield {"role": role, "if_any": if_any, "due": due, "rest": len(some) if rest else 0, "agencies": agencies}


def _distinct_notes(rows: Iterable[Assignment]) -> list[str]:
    return list(dict.fromkeys(r.note for r in rows if r.note))
