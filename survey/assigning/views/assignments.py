"""Views of single assignments: those of one cell of the matrix, adding, changing, removing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.assigning import actions
from survey.assigning.forms import AddAssignmentsForm, TermsForm, initial_terms
from survey.assigning.queries import (
    active_agencies,
    agency_assignments,
    assignment_due,
    assignment_target,
)
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, target_sub_pillar
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_names import target_name
from survey.contributing.views.progress_board import NO_SUB_PILLAR
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Round

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def cell(request: SignedInRequest, code: str, year: int, agency: str, column: str) -> HttpResponse:
    """What one agency has under one sub-pillar; POST gives it more."""
    round_, agency_row = access.get_round_agency(request.user, code, year, agency, Capability.ASSIGN)
    instrument = compiled_instrument(round_.instrument)
    sub_pillar = "" if column == NO_SUB_PILLAR else column
    if sub_pillar not in assignable_sub_pillars(instrument):
        raise Http404
    initial = {"target": f"s:{sub_pillar}"}
    form = AddAssignmentsForm(
        request.POST or None,
        round_=round_,
        agencies=[agency_row],
        language=reader_language(),
        only=sub_pillar,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and _save_assignments(request, round_, form):
        return redirect("survey:assignment-cell", code, year, agency, column)
    context = {
        **round_context(request, round_),
        "agency": agency_row,
        "column": column,
        "name": target_name(instrument, AssignmentTarget(sub_pillar)) if sub_pillar else _("ไม่อยู่ในตัวชี้วัดใด"),
        "rows": _assignments_of_cell(round_, instrument, agency_row, sub_pillar),
        "form": form,
    }
    return render(request, "survey/assigning/cell.html", context, status=422 if form.errors else 200)


def _assignments_of_cell(round_: Round, instrument: CompiledInstrument, agency: Agency, under: str) -> list[Assignment]:
    assignments = agency_assignments(round_, agency.pk)
    matching = []
    for assignment in assignments:
        assignment.what = assignment_target(round_.instrument, assignment)  # type: ignore[attr-defined]
        assignment.name = target_name(instrument, assignment.what)  # type: ignore[attr-defined]
        assignment.day = assignment_due(round_, assignment)  # type: ignore[attr-defined]
        if target_sub_pillar(instrument, assignment.what) == under:  # type: ignore[attr-defined]
            matching.append(assignment)
    return matching


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
    if not done.created:
        form.add_error("target", _("มอบหมายไว้แล้ว แก้ไขได้ที่รายการเดิม"))
        return False
    text = _("มอบหมายให้ %(count)d หน่วยงาน") % {"count": len(done.created)}
    if done.existing:
        text += " " + _("(มีอยู่แล้ว %(count)d หน่วยงาน คงไว้ตามเดิม)") % {"count": len(done.existing)}
    messages.success(request, text)
    return True


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def add(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Give one part to several agencies, or to every agency."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    agencies = active_agencies(round_)
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
    assignment = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    form = TermsForm(request.POST or None, round_=assignment.round, initial=initial_terms(assignment))
    back = _cell_url(assignment)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_assignment(by=request.user, assignment=assignment, terms=form.terms())
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(back)
    instrument = compiled_instrument(assignment.round.instrument)
    what = target_name(instrument, assignment_target(assignment.round.instrument, assignment))
    context = {
        "form": form,
        "title": _("แก้ไขการมอบหมาย"),
        "what": what,
        "agency": assignment.agency,
        "submit": _("บันทึก"),
    }
    return _form_page(request, assignment.round, context, back)


def _cell_url(assignment: Assignment) -> str:
    instrument = compiled_instrument(assignment.round.instrument)
    under = target_sub_pillar(instrument, assignment_target(assignment.round.instrument, assignment)) or NO_SUB_PILLAR
    args = [assignment.round.province.code, assignment.round.year, assignment.agency.code, under]
    return reverse("survey:assignment-cell", args=args)


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def remove(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Take one assignment away, after a question."""
    assignment = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    refused = ""
    if request.method == "POST":
        try:
            actions.remove_assignment(by=request.user, assignment=assignment)
        except RefusedError as caught:
            refused = str(caught)
        else:
            messages.success(request, _("นำการมอบหมายออกแล้ว"))
            return redirect(_cell_url(assignment))
    instrument = compiled_instrument(assignment.round.instrument)
    context = {
        **round_context(request, assignment.round),
        "row": assignment,
        "what": target_name(instrument, assignment_target(assignment.round.instrument, assignment)),
        "back": _cell_url(assignment),
        "refused": refused,
    }
    return render(request, "survey/assigning/remove.html", context, status=409 if refused else 200)
