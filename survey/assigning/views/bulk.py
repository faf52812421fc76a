"""Assignments in bulk: from one agency to another, and from a workbook: template, dry run, applying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency, Membership
from accounts.roles import Capability, Role
from dgready.language import reader_language
from survey import access
from survey.assigning import actions
from survey.assigning import assignment_list as plan
from survey.assigning import guarded_spreadsheet as guarded
from survey.assigning import queries as parts
from survey.assigning import template_workbook as template
from survey.assigning.assignment_list import AssignmentEntry, EntryChange
from survey.assigning.forms import ImportListForm, ReassignForm, parse_target_key, target_key
from survey.assigning.targets import target_sub_pillar
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_list import target_name
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Rasci, Round

METHODS = ["GET", "HEAD", "POST"]
SALT = "survey.assigning.import"
SIGNED_SECONDS = 3600  # seconds between the dry run and applying it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SHOWN = 200  # faults or changes listed


# -- from one agency to another ---------------------------------------------------------------------


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def reassign(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Choose, look, apply: the first POST shows what would move, the second (with `part`s) moves it."""
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
    try:
        moved = actions.reassign_parts(by=request.user, round_=round_, moving=moving, to=to)
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return _reassign_page(request, round_, form, status=409)
    text = _("ย้าย %(count)d รายการจาก%(source)sไปให้%(to)sแล้ว")
    messages.success(request, text % {"count": moved, "source": source.name, "to": to.name})
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
    rows = parts.agency_assignments(round_, source.pk)
    return [
        r
        for r in rows
        if not under or target_sub_pillar(instrument, parts.assignment_target(round_.instrument, r)) == under
    ]


def _preview(round_: Round, moving: Sequence[Assignment], source: Agency, to: Agency) -> dict[str, Any]:
    instrument = compiled_instrument(round_.instrument)
    there = {parts.assignment_target(round_.instrument, a): a for a in parts.agency_assignments(round_, to.pk)}
    rows = []
    for row in moving:
        target = parts.assignment_target(round_.instrument, row)
        rows.append({"row": row, "name": target_name(instrument, target), "has": there.get(target)})
    return {"source": source, "to": to, "rows": rows}


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


# -- from a workbook --------------------------------------------------------------------------------


@require_safe
@allow(Capability.ASSIGN)
def download(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The workbook to fill: the list as it stands, with every code that may be used."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    known = parts.list_context(round_)
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    entries = [actions.assignment_entry(a, round_) for a in parts.sort_assignments(round_.instrument, rows)]
    content = template.write_template(
        instrument=known.instrument,
        agencies=known.agencies,
        entries=entries,
        language=reader_language(),
        rows=settings.WORKBOOK_LIMITS.rows,
    )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="assignments-{code}-{year}.xlsx"'
    return response


@require_http_methods(METHODS)
@allow(Capability.ASSIGN)
def upload(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The dry run: what the workbook says, what is wrong with it, what it would change. Writes nothing."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportListForm(*given)
    if request.method != "POST" or not form.is_valid():
        return _upload_page(request, round_, form, status=422 if form.errors else 200)
    limits = settings.WORKBOOK_LIMITS, settings.READER_LIMITS
    found, faults = guarded.read(form.cleaned_data["file"], *limits, plan.WANTED)
    entries: list[AssignmentEntry] = []
    if found is not None:
        result = plan.parse_assignment_list(found, parts.list_context(round_))
        entries, faults = result.entries, [*faults, *result.faults]
    if faults:
        return _upload_page(request, round_, form, faults=faults, status=422)
    replace = form.cleaned_data["replace"]
    signed = _sign_list(request, round_, entries, replace)
    return _upload_page(request, round_, form, changes=_list_changes(round_, entries, replace), signed=signed)


def _list_changes(round_: Round, entries: Sequence[AssignmentEntry], replace: bool) -> list[EntryChange]:
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    return plan.diff_entries(entries, [actions.assignment_entry(a, round_) for a in rows], replace=replace)


def _upload_page(
    request: SignedInRequest, round_: Round, form: ImportListForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    changes: list[EntryChange] = more.pop("changes", [])
    faults = more.pop("faults", [])
    kinds = {kind: [c for c in changes if c.kind == kind] for kind in ("add", "change", "remove", "same")}
    instrument = compiled_instrument(round_.instrument)
    names = {a.code: a.name for a in Agency.objects.filter(province=round_.province_id)} if changes else {}
    context = {
        **round_context(request, round_),
        "form": form,
        "faults": faults[:MAX_SHOWN],
        "fault_count": len(faults),
        "counts": {kind: len(some) for kind, some in kinds.items()},
        "moved": len(changes) - len(kinds["same"]),
        "lines": [
            {
                "change": c,
                "agency": names.get(c.entry.agency, c.entry.agency),
                "name": target_name(instrument, c.entry.target),
                "role": Rasci(c.entry.role).label,
            }
            for c in [*kinds["add"], *kinds["change"], *kinds["remove"]][:MAX_SHOWN]
        ],
        **more,
    }
    return render(request, "survey/assigning/import.html", context, status=status)


@require_POST
@allow(Capability.ASSIGN)
def apply(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Applies a dry run as it was shown to this person."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    try:
        entries, replace = _unsign_list(request, round_)
        done = actions.apply_assignment_list(by=request.user, round_=round_, entries=entries, replace=replace)
    except (signing.BadSignature, ValueError, KeyError):
        form = ImportListForm()
        return _upload_page(request, round_, form, refused=_("ผลการตรวจหมดอายุแล้ว โปรดส่งไฟล์อีกครั้ง"), status=409)
    except RefusedError as refused:
        return _upload_page(request, round_, ImportListForm(), refused=str(refused), status=409)
    counts = {kind: sum(c.kind == kind for c in done) for kind in ("add", "change", "remove")}
    messages.success(request, _("นำเข้าแล้ว: เพิ่ม %(add)d แก้ไข %(change)d นำออก %(remove)d รายการ") % counts)
    return redirect("survey:assignments", code, year)


def _sign_list(request: SignedInRequest, round_: Round, entries: Sequence[AssignmentEntry], replace: bool) -> str:
    """The dry run as the page carries it: nobody else's, of no other round, and not for long."""
    rows = [list(_packed_entry(e)) for e in entries]
    return signing.dumps([request.user.pk, round_.pk, replace, rows], salt=SALT, compress=True)


def _packed_entry(entry: AssignmentEntry) -> Iterator[Any]:
    yield from (entry.agency, target_key(entry.target), entry.role, int(entry.if_any))
    yield entry.due.isoformat() if entry.due else ""
    yield entry.note


def _unsign_list(request: SignedInRequest, round_: Round) -> tuple[list[AssignmentEntry], bool]:
    """What `_sign` signed. Raises signing.BadSignature."""
    user, of_round, replace, rows = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=SIGNED_SECONDS)
    if (user, of_round) != (request.user.pk, round_.pk):
        raise signing.BadSignature
    entries = [
        AssignmentEntry(
            agency, parse_target_key(target), role, bool(if_any), date.fromisoformat(due) if due else None, note
        )
        for agency, target, role, if_any, due, note in rows
    ]
    return entries, replace
