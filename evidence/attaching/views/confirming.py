"""Views that confirm evidence of last year: one on its panel, many at once on a page of their own, and undoing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text, reader_language
from dgready.posting import post_only
from dgready.typed.dates import read_date
from dgready.typed.result import Refusal
from evidence import access
from evidence.attaching import actions
from evidence.attaching.carried import CarriedEvidence, carried_evidence
from evidence.attaching.views.place import panel_of_attachment
from evidence.attaching.views.undoing import confirmations, read_confirmed, undo_confirming
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment
from survey.access import get_response
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import provincial_edit_refusal
from survey.models import Response

edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
MAX_LISTED = 200  # at once; the rest follows when these are done


@post_only("evidence:listing", "pk")
@edits
def confirm(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Confirms one piece of evidence of last year, with its date or a reason where its place asks for that."""
    panel, attachment = panel_of_attachment(request, pk, public_id)

    def save() -> None:
        if typed := request.POST.get("date", "").strip():
            result = read_date(typed, near=timezone.localdate())
            if isinstance(result, Refusal):
                raise EvidenceRefused("date", localize_text(result.reason))
            document_date = result.value if result else None
            actions.set_document_date(by=request.user, attachment=attachment, document_date=document_date)
        actions.confirm_evidence(by=request.user, attachment=attachment, reason=request.POST.get("reason", ""))
        event = confirmations(attachment.response).filter(data__attachment=str(public_id)).last()
        panel.undo = undo_confirming(attachment, event) if event else None

    return panel.attempt(save, _("ยืนยันหลักฐานแล้ว"), f"c{public_id}", str(public_id))


@post_only("evidence:listing", "pk")
@edits
def unconfirm(request: SignedInRequest, pk: int, public_id: UUID, number: int) -> HttpResponse:
    """Lets one piece of evidence wait again; `number`: the event of its confirmation."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    event = confirmations(attachment.response).filter(seq=number, data__attachment=str(public_id)).first()
    if event is None:
        raise Http404
    return panel.attempt(
        lambda: actions.undo_confirmations(by=request.user, response=attachment.response, events=[event]),
        _("หลักฐานนี้รอยืนยันอีกครั้ง"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@edits
def waiting(request: SignedInRequest, pk: int) -> HttpResponse:
    """All evidence of last year that waits; `?preview`: what is confirmed at once; POST confirms those named (`id`)."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    may_edit = access.evidence_editor(request.user, response)
    rows = [(one, may_edit(one.question, one.file.address)) for one in carried_evidence(response, reader_language())]
    if request.method == "POST":
        return _confirm_posted(request, response, {one.file.id for one, editable in rows if editable})
    ready = [one for one, editable in rows if editable and not one.hindrance]
    preview = "preview" in request.GET and bool(ready)
    shown = [(one, True) for one in ready] if preview else rows
    context = {
        "response": response,
        "round": response.round,
        "preview": preview,
        "groups": _groups(shown[:MAX_LISTED]),
        "total": len(rows),
        "left_out": max(0, len(shown) - MAX_LISTED),
        "ready": ready[:MAX_LISTED],
        "undo": read_confirmed(response, request.GET.get("confirmed", "")),
    }
    return render(request, "evidence/attaching/waiting.html", context)


def _groups(rows: list[tuple[CarriedEvidence, bool]]) -> list[tuple[str, str, list[tuple[CarriedEvidence, bool]]]]:
    """The rows by what they wait for, each with its heading."""
    headings = {
        "": _("ยืนยันได้เลย"),
        "undated": _("ต้องระบุวันที่ของเอกสารก่อน"),
        "outside": _("ลงวันที่นอกช่วงที่กำหนด"),
    }
    found = [(key, text, [row for row in rows if row[0].hindrance == key]) for key, text in headings.items()]
    return [group for group in found if group[2]]


def _confirm_posted(request: SignedInRequest, response: Response, editable: set[str]) -> HttpResponse:
    page = reverse("evidence:waiting", args=[response.pk])
    wanted = [key for key in request.POST.getlist("id") if key in editable]
    rows = Attachment.objects.filter(response=response, public_id__in=wanted).select_related("question")
    try:
        events = actions.confirm_many(by=request.user, response=response, attachments=rows)
    except NotEditable:
        messages.error(request, provincial_edit_refusal(response))
        return redirect(page)
    except EvidenceRefused as refused:
        messages.error(request, str(refused))
        return redirect(page)
    if not events and not access.may_edit_evidence(request.user, response):
        messages.error(request, provincial_edit_refusal(response))
        return redirect(page)
    if not events:
        messages.warning(request, _("ไม่มีหลักฐานที่ยืนยันได้ อาจมีผู้ยืนยันไปก่อนแล้ว"))
        return redirect(page)
    return redirect(f"{page}?confirmed={events[0].seq}-{events[-1].seq}")


@post_only("evidence:waiting", "pk")
@edits
def unconfirm_many(request: SignedInRequest, pk: int, first: int, last: int) -> HttpResponse:
    """Lets the evidence wait again that the person's own confirmations of these numbers concern."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    events = confirmations(response).filter(seq__range=(first, last), by=request.user).select_related("question")
    may_edit = access.evidence_editor(request.user, response)
    chosen = [e for e in events if e.question and may_edit(e.question.item_id, e.data["address"])]
    try:
        count = actions.undo_confirmations(by=request.user, response=response, events=chosen)
    except NotEditable:
        messages.error(request, provincial_edit_refusal(response))
    else:
        text = ngettext("หลักฐานรอยืนยันอีกครั้ง %(n)d รายการ", "หลักฐานรอยืนยันอีกครั้ง %(n)d รายการ", count)
        messages.success(request, text % {"n": count})
    return redirect("evidence:waiting", pk)
