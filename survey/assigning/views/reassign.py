"""Views that move an agency's parts to another agency: choose, preview, apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency, Membership
from accounts.roles import Capability, Role
from dgready.language import reader_language
from evidence.models import Attachment
from survey import access
from survey.assigning.forms import ReassignForm
from survey.assigning.queries import agency_assignments, assignment_target
from survey.assigning.reassigning import reassign_parts
from survey.assigning.targets import covered_questions, target_sub_pillar
from survey.assigning.views.bulk import METHODS
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_names import target_name
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Round


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def reassign(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Moves an agency's parts: the first POST previews the move, the second (with `part`s and `apply`) makes it."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    form = _reassign_form(request, round_)
    if request.method != "POST" or not form.is_valid():
        return _reassign_page(request, round_, form, status=422 if form.errors else 200)
    source, to = form.agencies()
    moving = _parts_to_move(round_, source, form.cleaned_data["column"])
    if "apply" not in request.POST:
        return _reassign_page(request, round_, form, preview=_preview(round_, moving, source, to))
    if sorted(request.POST.getlist("part")) != sorted(str(a.pk) for a in moving):
        form.add_error(None, _("การมอบหมายเปลี่ยนไปหลังจากดูตัวอย่าง โปรดดูอีกครั้ง"))
        preview = _preview(round_, moving, source, to)
        return _reassign_page(request, round_, form, preview=preview, status=409)
    staying = _evidence_staying(round_, moving, source)
    try:
        moved_count = reassign_parts(by=request.user, round_=round_, moving=moving, to=to)
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return _reassign_page(request, round_, form, status=409)
    text = _("ย้าย %(count)d รายการจาก%(source)sไปให้%(to)sแล้ว") % {
        "count": moved_count,
        "source": source.name,
        "to": to.name,
    }
    if staying:
        text += " " + _("หลักฐาน %(n)d รายการอยู่กับหน่วยงานเดิมพร้อมคำตอบ") % {"n": staying}
    messages.success(request, text)
    return redirect("survey:assignments", code, year)


def _reassign_form(request: SignedInRequest, round_: Round) -> ReassignForm:
    agencies = list(Agency.objects.filter(province=round_.province_id))
    posts = Membership.objects.filter(role=Role.COORDINATOR, active=True, agency__in=agencies)
    posts = posts.select_related("user", "agency").order_by("user__sort_key")
    people = [(p.user.get_full_name(), p.agency.code) for p in posts if p.agency]
    given = request.POST if request.method == "POST" else None
    initial = {"source": request.GET.get("from", "")}
    return ReassignForm(
        given, round_=round_, agencies=agencies, people=people, language=reader_language(), initial=initial
    )


def _parts_to_move(round_: Round, source: Agency, under: str) -> list[Assignment]:
    instrument = compiled_instrument(round_.instrument)
    rows = agency_assignments(round_, source.pk)
    return [
        r for r in rows if not under or target_sub_pillar(instrument, assignment_target(round_.instrument, r)) == under
    ]


def _preview(round_: Round, moving: Sequence[Assignment], source: Agency, to: Agency) -> dict[str, Any]:
    instrument = compiled_instrument(round_.instrument)
    existing_by_target = {assignment_target(round_.instrument, a): a for a in agency_assignments(round_, to.pk)}
    rows = []
    for row in moving:
        target = assignment_target(round_.instrument, row)
        rows.append({"row": row, "name": target_name(instrument, target), "has": existing_by_target.get(target)})
    return {"source": source, "to": to, "rows": rows, "evidence": _evidence_staying(round_, moving, source)}


def _evidence_staying(round_: Round, moving: Sequence[Assignment], source: Agency) -> int:
    """How much evidence stays with the agency: its answers stay, and evidence goes only where they go. One query."""
    instrument = compiled_instrument(round_.instrument)
    targets = [assignment_target(round_.instrument, row) for row in moving]
    questions = {question for target in targets for question in covered_questions(instrument, target)}
    attached = Attachment.objects.filter(response__round=round_, response__agency=source, removed_at=None)
    return attached.filter(question__item_id__in=questions).count()


def _reassign_page(
    request: SignedInRequest,
    round_: Round,
    form: ReassignForm,
    *,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**round_context(request, round_), "form": form, "preview": preview}
    return render(request, "survey/assigning/reassign.html", context, status=status)
