"""Views that import a list of assignments from a workbook: template, dry run, applying."""

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
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.previews import sign_preview, unsign_preview
from dgready.sheets.names import XLSX
from dgready.sheets.uploaded import read_uploaded_sheet
from survey import access
from survey.assigning import actions
from survey.assigning.assignment_list import AssignmentEntry, parse_assignment_list
from survey.assigning.forms import ImportListForm, parse_target_key, target_key
from survey.assigning.list_actions import apply_assignment_list
from survey.assigning.list_changes import EntryChange, diff_entries
from survey.assigning.list_texts import WANTED_HEADINGS
from survey.assigning.queries import list_context, sort_assignments
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_names import target_name
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Rasci, Round

METHODS = ["GET", "HEAD", "POST"]
SALT = "survey.assigning.import"
MAX_SHOWN = 200  # faults or changes listed


@require_safe
@allow(Capability.ASSIGN)
def download(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The workbook to fill: the list as it stands, with every code that may be used."""
    from survey.assigning.template_workbook import write_template  # loads the library that writes workbooks

    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    known = list_context(round_)
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    entries = [actions.assignment_entry(a, round_) for a in sort_assignments(round_.instrument, rows)]
    content = write_template(
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
    """The dry run of an import: entries, faults and changes of an uploaded workbook. Writes nothing."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportListForm(*given)
    if request.method != "POST" or not form.is_valid():
        return _upload_page(request, round_, form, status=422 if form.errors else 200)
    sheet, faults = read_uploaded_sheet(
        form.cleaned_data["file"], settings.WORKBOOK_LIMITS, settings.READER_LIMITS, WANTED_HEADINGS
    )
    entries: list[AssignmentEntry] = []
    if sheet is not None:
        result = parse_assignment_list(sheet, list_context(round_))
        entries, faults = result.entries, [*faults, *result.faults]
    if sheet is None or faults:
        return _upload_page(request, round_, form, faults=faults, status=422)
    replace = form.cleaned_data["replace"]
    extra: dict[str, Any] = {"signed": _sign_list(request, round_, entries, replace), "read_as": sheet.read_as}
    return _upload_page(request, round_, form, changes=_list_changes(round_, entries, replace), **extra)


def _list_changes(round_: Round, entries: Sequence[AssignmentEntry], replace: bool) -> list[EntryChange]:
    rows = Assignment.objects.filter(round=round_).select_related("agency")
    return diff_entries(entries, [actions.assignment_entry(a, round_) for a in rows], replace=replace)


def _upload_page(
    request: SignedInRequest, round_: Round, form: ImportListForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    changes: list[EntryChange] = extra.pop("changes", [])
    faults = extra.pop("faults", [])
    kinds = {
        kind: [change for change in changes if change.kind == kind] for kind in ("add", "change", "remove", "same")
    }
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
                "change": change,
                "agency": names.get(change.entry.agency, change.entry.agency),
                "name": target_name(instrument, change.entry.target),
                "role": Rasci(change.entry.role).label,
            }
            for change in [*kinds["add"], *kinds["change"], *kinds["remove"]][:MAX_SHOWN]
        ],
        **extra,
    }
    return render(request, "survey/assigning/import.html", context, status=status)


@post_only("survey:assignment-import", "code", "year")
@allow(Capability.ASSIGN)
def apply(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Applies a dry run as it was shown to this person."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    try:
        entries, replace = _unsign_list(request, round_)
        done = apply_assignment_list(by=request.user, round_=round_, entries=entries, replace=replace)
    except (signing.BadSignature, ValueError, KeyError):
        form = ImportListForm()
        return _upload_page(request, round_, form, refused=_("ผลการตรวจหมดอายุแล้ว โปรดส่งไฟล์อีกครั้ง"), status=409)
    except RefusedError as refused:
        return _upload_page(request, round_, ImportListForm(), refused=str(refused), status=409)
    counts = {kind: sum(c.kind == kind for c in done) for kind in ("add", "change", "remove")}
    messages.success(request, _("นำเข้าแล้ว: เพิ่ม %(add)d แก้ไข %(change)d นำออก %(remove)d รายการ") % counts)
    return redirect("survey:assignments", code, year)


def _sign_list(request: SignedInRequest, round_: Round, entries: Sequence[AssignmentEntry], replace: bool) -> str:
    """The dry run signed for the page."""
    return sign_preview(SALT, request.user.pk, round_.pk, [replace, [list(_packed_entry(e)) for e in entries]])


def _packed_entry(entry: AssignmentEntry) -> Iterator[Any]:
    yield from (entry.agency, target_key(entry.target), entry.role, int(entry.if_any))
    yield entry.due.isoformat() if entry.due else ""
    yield entry.note


def _unsign_list(request: SignedInRequest, round_: Round) -> tuple[list[AssignmentEntry], bool]:
    """The entries and the replace flag that `_sign_list` signed. Raises signing.BadSignature."""
    signed = request.POST.get("signed", "")
    replace, rows = unsign_preview(SALT, request.user.pk, round_.pk, signed)
    entries = [
        AssignmentEntry(
            agency, parse_target_key(target), role, bool(if_any), date.fromisoformat(due) if due else None, note
        )
        for agency, target, role, if_any, due, note in rows
    ]
    return entries, replace
