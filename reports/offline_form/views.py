"""Views of the offline form: download, sending it back, its preview, applying it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from accounts.second_factor.gate import again_answer
from accounts.security_log.actions import record_file
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.sheets.names import XLSX
from reports.access import get_form_place, get_returned
from reports.models import ReturnedWorkbook
from reports.offline_form import actions
from reports.offline_form import preview as shown
from reports.offline_form.changes import MAX_CONFLICTS
from reports.offline_form.evidence_names import offer_evidence
from reports.offline_form.forms import SendBackForm
from reports.offline_form.queries import (
    FormPlace,
    NothingToFill,
    compare_returned,
    gather_form,
    read_returned,
    require_own_form,
    writable_items,
)
from reports.offline_form.returned import NotThisForm, ReturnedForm
from survey.assigning.views.round_context import round_context
from survey.instrument.queries import compiled_instrument

edits = allow(Capability.CONTRIBUTION_EDIT, Capability.ANSWER_EDIT)
MAX_FAULTS = 200


def page_of(request: SignedInRequest, code: str, year: int, agency: str = "", public_id: UUID | None = None) -> str:
    """The page that a form was posted from: the preview of a file, else where files are sent."""
    return _url(get_form_place(request.user, code, year, agency), public_id)


def _url(place: FormPlace, public_id: UUID | None = None, act: str = "") -> str:
    names: list[Any] = [place.round.province.code, place.round.year]
    names += [place.agency.code] if place.agency else []
    name = f"reports:{place.kind}"
    if public_id is not None:
        return reverse(f"{name}-{act or 'preview'}", args=[*names, public_id])
    return reverse(f"{name}-{act}" if act else name, args=names)


@require_safe
@edits
def download(request: SignedInRequest, code: str, year: int, agency: str = "") -> HttpResponseBase:
    """The workbook to fill, with the answers as they stand."""
    from reports.offline_form.workbook import write_form  # loads the library that writes workbooks

    place = get_form_place(request.user, code, year, agency)
    if not agency and (asking := again_answer(request)):
        return asking  # it holds all answers of the province
    try:
        content = gather_form(place, reader_language())
    except NothingToFill:
        messages.warning(request, _("ขณะนี้ไม่มีส่วนที่แก้ไขได้ จึงไม่มีแบบให้กรอก"))
        return redirect(_url(place))
    file = io.BytesIO()
    write_form(content, file)
    if not agency:
        record_file(
            request=request, by=request.user, verb="download_file", what="workbook", province=place.round.province
        )
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    name = "-".join(filter(None, ("answers", code, str(year), agency)))
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@edits
def send_back(request: SignedInRequest, code: str, year: int, agency: str = "") -> HttpResponse:
    """Takes a filled form and keeps it for its preview; changes no answer."""
    place = get_form_place(request.user, code, year, agency)
    if request.method != "POST":
        return _send_page(request, place, SendBackForm())
    form = SendBackForm(request.POST, request.FILES)
    if not form.is_valid():
        return _send_page(request, place, form, status=422)
    name, content = form.cleaned_data["file"]
    try:
        returned = read_returned(content)
        require_own_form(returned, place)
    except NotThisForm as refused:
        return _send_page(request, place, SendBackForm(), refused=refused.say.to(reader_language()), status=422)
    kept = actions.keep_returned(by=request.user, place=place, name=name, content=content, returned=returned)
    return redirect(_url(place, kept.public_id))


def _send_page(
    request: SignedInRequest, place: FormPlace, form: SendBackForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    waiting = ReturnedWorkbook.objects.filter(
        round=place.round, agency=place.agency, by=request.user, applied_at=None
    ).first()
    context = {
        **_context(request, place),
        "form": form,
        "waiting": waiting,
        "waiting_url": _url(place, waiting.public_id) if waiting else "",
        "file_url": _url(place, act="file"),
        **extra,
    }
    return render(request, "reports/offline_form/send_back.html", context, status=status)


def _context(request: SignedInRequest, place: FormPlace) -> dict[str, Any]:
    up = reverse("survey:desk" if place.agency else "survey:round", args=[place.round.province.code, place.round.year])
    if place.agency:
        up = f"{up}?agency={place.agency.code}"
    return {**round_context(request, place.round), "agency": place.agency, "up_url": up, "send_url": _url(place)}


@require_safe
@edits
def preview(request: SignedInRequest, code: str, year: int, public_id: UUID, agency: str = "") -> HttpResponse:
    """What a form would change as the answers stand now."""
    place = get_form_place(request.user, code, year, agency)
    return _preview_page(request, place, get_returned(request.user, place, public_id))


def _preview_page(
    request: SignedInRequest, place: FormPlace, kept: ReturnedWorkbook, *, status: int = 200, undecided: bool = False
) -> HttpResponse:
    language = reader_language()
    returned = ReturnedForm.from_plain(kept.content)
    response = place.response()
    instrument = compiled_instrument(place.round.instrument)
    writable = writable_items(response)
    changes = compare_returned(response, returned, writable)
    offers = offer_evidence(place, response, instrument, returned, changes, writable)
    lines = shown.change_lines(instrument, changes, language)
    conflicts = shown.conflict_lines(instrument, changes, language)
    context = {
        **_context(request, place),
        "kept": kept,
        "lines": lines[: shown.MAX_SHOWN],
        "line_count": len(lines),
        "conflicts": [(one, request.POST.get(f"pick:{one.address}")) for one in conflicts[:MAX_CONFLICTS]],
        "conflict_count": len(conflicts),
        "faults": changes.faults[:MAX_FAULTS],
        "fault_count": len(changes.faults),
        "refused": changes.refused[:MAX_FAULTS],
        "notes": [note.to(language) for note in changes.notes[:MAX_FAULTS]],
        "offers": list(shown.offer_lines(instrument, offers, language)),
        "more_offers": offers.more,
        "undecided": undecided,
        "may_apply": bool(changes.questions or any(offer.documents for offer in offers)),
        "apply_url": _url(place, kept.public_id, "apply"),
        "discard_url": _url(place, kept.public_id, "discard"),
    }
    return render(request, "reports/offline_form/preview.html", context, status=status)


@post_only(page_of)
@edits
def apply(request: SignedInRequest, code: str, year: int, public_id: UUID, agency: str = "") -> HttpResponse:
    """Applies a form with the choices of its preview."""
    place = get_form_place(request.user, code, year, agency)
    kept = get_returned(request.user, place, public_id)
    picks = {name.removeprefix("pick:"): request.POST[name] for name in request.POST if name.startswith("pick:")}
    try:
        done = actions.apply_kept(
            by=request.user, kept=kept, place=place, picks=picks, files=set(request.POST.getlist("file"))
        )
    except actions.Undecided:
        return _preview_page(request, place, kept, status=409, undecided=True)
    except actions.AlreadyApplied:
        messages.info(request, _("ไฟล์นี้นำเข้าแล้ว จึงไม่ได้เปลี่ยนอะไรอีก"))
        return redirect(_url(place))
    told = {"saved": done.saved, "attached": done.attached}
    messages.success(request, _("นำเข้าแล้ว: บันทึกคำตอบ %(saved)d ข้อ แนบไฟล์ %(attached)d รายการ") % told)
    for reason in dict.fromkeys(done.refused.values()):
        messages.warning(request, reason)
    return redirect(_context(request, place)["up_url"])


@post_only(page_of)
@edits
def discard(request: SignedInRequest, code: str, year: int, public_id: UUID, agency: str = "") -> HttpResponse:
    """Forgets a form without applying it."""
    place = get_form_place(request.user, code, year, agency)
    actions.discard_returned(by=request.user, kept=get_returned(request.user, place, public_id))
    messages.info(request, _("ไม่ใช้ไฟล์นี้แล้ว คำตอบคงเดิม"))
    return redirect(_url(place))
