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
from survey.assigning.assignment_list import Change, Entry
from survey.assigning.forms import ImportForm, ReassignForm, key_of, target_of
from survey.assigning.targets import column
from survey.assigning.views.round_context import around
from survey.contributing.views.part_list import name_of
from survey.instrument.queries import instrument_of
from survey.models import Assignment, Rasci, Round

METHODS = ["GET", "HEAD", "POST"]
SALT = "survey.assigning.import"
GOOD_FOR = 3600  # seconds between the dry run and applying it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # faults or changes listed


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
    moving = _moving(round_, source, form.cleaned_data["column"])
    if "apply" not in request.POST:
        return _reassign_page(request, round_, form, preview=_preview(round_, moving, source, to))
    if sorted(request.POST.getlist("part")) != sorted(str(a.pk) for a in moving):
        form.add_error(None, _("การมอบหมายเปลี่ยนไปหลังจากดูตัวอย่าง โปรดดูอีกครั้ง"))
        preview = _preview(round_, moving, source, to)
        return _reassign_page(request, round_, form, preview=preview, status=409)
    try:
        moved = actions.reassign(by=request.user, round_=round_, moving=moving, to=to)
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


def _moving(round_: Round, source: Agency, under: str) -> list[Assignment]:
    instrument = instrument_of(round_.instrument)
    rows = parts.of_agency(round_, source.pk)
    return [r for r in rows if not under or column(instrument, parts.target_of(round_.instrument, r)) == under]


def _preview(round_: Round, moving: Sequence[Assignment], source: Agency, to: Agency) -> dict[str, Any]:
    instrument = instrument_of(round_.instrument)
    there = {parts.target_of(round_.instrument, a): a for a in parts.of_agency(round_, to.pk)}
    rows = []
    for row in moving:
        target = parts.target_of(round_.instrument, row)
        rows.append({"row": row, "name": name_of(instrument, target), "has": there.get(target)})
    return {"source": source, "to": to, "rows": rows}


def _reassign_page(
    request: SignedInRequest,
    round_: Round,
    form: ReassignForm,
    *,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**around(request, round_), "form": form, "preview": preview}
    return render(request, "survey/assigning/reassign.html", context, status=status)


# -- from a workbook --------------------------------------------------------------------------------


@require_safe
@allow(Capability.ASSIGN)
def download(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The workbook to fill: the list as it stands, with every code that may be used."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    known = parts.known_of(round_)
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    entries = [actions.entry_of(a, round_) for a in parts.in_order(round_.instrument, rows)]
    content = template.write(
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
    form = ImportForm(*given)
    if request.method != "POST" or not form.is_valid():
        return _upload_page(request, round_, form, status=422 if form.errors else 200)
    found, faults = guarded.read(form.cleaned_data["file"], settings.WORKBOOK_LIMITS, settings.READER_LIMITS)
    entries: list[Entry] = []
    if found is not None:
        result = plan.read(found, parts.known_of(round_))
        entries, faults = result.entries, [*faults, *result.faults]
    if faults:
        return _upload_page(request, round_, form, faults=faults, status=422)
    replace = form.cleaned_data["replace"]
    signed = _sign(request, round_, entries, replace)
    return _upload_page(request, round_, form, changes=_changes(round_, entries, replace), signed=signed)


def _changes(round_: Round, entries: Sequence[Entry], replace: bool) -> list[Change]:
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    return plan.changes(entries, [actions.entry_of(a, round_) for a in rows], replace=replace)


def _upload_page(
    request: SignedInRequest, round_: Round, form: ImportForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    changes: list[Change] = more.pop("changes", [])
    faults = more.pop("faults", [])
    kinds = {kind: [c for c in changes if c.kind == kind] for kind in ("add", "change", "remove", "same")}
    instrument = instrument_of(round_.instrument)
    names = {a.code: a.name for a in Agency.objects.filter(province=round_.province_id)} if changes else {}
    context = {
        **around(request, round_),
        "form": form,
        "faults": faults[:SHOWN],
        "fault_count": len(faults),
        "counts": {kind: len(some) for kind, some in kinds.items()},
        "moved": len(changes) - len(kinds["same"]),
        "lines": [
            {
                "change": c,
                "agency": names.get(c.entry.agency, c.entry.agency),
                "name": name_of(instrument, c.entry.target),
                "role": Rasci(c.entry.role).label,
            }
            for c in [*kinds["add"], *kinds["change"], *kinds["remove"]][:SHOWN]
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
        entries, replace = _unsign(request, round_)
        done = actions.apply(by=request.user, round_=round_, entries=entries, replace=replace)
    except (signing.BadSignature, ValueError, KeyError):
        form = ImportForm()
        return _upload_page(request, round_, form, refused=_("ผลการตรวจหมดอายุแล้ว โปรดส่งไฟล์อีกครั้ง"), status=409)
    except RefusedError as refused:
        return _upload_page(request, round_, ImportForm(), refused=str(refused), status=409)
    counts = {kind: sum(c.kind == kind for c in done) for kind in ("add", "change", "remove")}
    messages.success(request, _("นำเข้าแล้ว: เพิ่ม %(add)d แก้ไข %(change)d นำออก %(remove)d รายการ") % counts)
    return redirect("survey:assignments", code, year)


def _sign(request: SignedInRequest, round_: Round, entries: Sequence[Entry], replace: bool) -> str:
    """The dry run as the page carries it: nobody else's, of no other round, and not for long."""
    rows = [list(_packed(e)) for e in entries]
    return signing.dumps([request.user.pk, round_.pk, replace, rows], salt=SALT, compress=True)


def _packed(entry: Entry) -> Iterator[Any]:
    yield from (entry.agency, key_of(entry.target), entry.role, int(entry.if_any))
    yield entry.due.isoformat() if entry.due else ""
    yield entry.note


def _unsign(request: SignedInRequest, round_: Round) -> tuple[list[Entry], bool]:
    """What `_sign` signed. Raises signing.BadSignature."""
    user, of_round, replace, rows = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=GOOD_FOR)
    if (user, of_round) != (request.user.pk, round_.pk):
        raise signing.BadSignature
    entries = [
        Entry(agency, target_of(target), role, bool(if_any), date.fromisoformat(due) if due else None, note)
        for agency, target, role, if_any, due, note in rows
    ]
    return entries, replace
