"""The page on which a document is placed as evidence: suggested places first, then all that are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.typed.characters import clean_line
from evidence import access
from evidence.files.refusal import EvidenceRefused
from evidence.models import Document
from evidence.placing import actions
from evidence.placing.open_places import OfficePlaces, office_places
from survey.access import get_question

MOST_SHOWN: Final = 80  # places of one page; a search finds the others
MOST_QUERY: Final = 100


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
def place(request: SignedInRequest, code: str, public_id: UUID) -> HttpResponse:
    """The open places of the office's answer; POST attaches the document at each `at`."""
    document = access.get_document(request.user, code, public_id, to_edit=True)
    office = office_places(document, reader_language())
    if request.method != "POST":
        return _show(request, document, office)
    chosen = request.POST.getlist("at")
    if office is None:
        return _show(request, document, office, 409)
    open_now = {one.address: one for one in office.places}
    if not chosen:
        return _show(request, document, office, 422, problem=_("ยังไม่ได้เลือกตำแหน่ง"))
    targets = [
        actions.PlaceTarget(office.response, get_question(office.response, open_now[address].question), address)
        for address in dict.fromkeys(chosen)
        if address in open_now
    ]
    closed = [address for address in chosen if address not in open_now]
    return _place(request, document, office, targets, closed)


def _place(
    request: SignedInRequest,
    document: Document,
    office: OfficePlaces,
    targets: Sequence[actions.PlaceTarget],
    closed: Sequence[str],
) -> HttpResponse:
    """Attaches; what is refused is said by place, with 422."""
    try:
        placed = actions.place_document(by=request.user, document=document, targets=targets)
    except EvidenceRefused as refused:
        return _show(request, document, office, 422, problem=str(refused))
    refusals = [(one.target.question.code, one.refusal) for one in placed if one.refusal]
    refusals += [(address, _("ตำแหน่งนี้ไม่ได้เปิดอยู่ หรือไม่ได้มอบหมายให้ท่าน")) for address in closed]
    n = sum(one.created for one in placed)
    done = ngettext("ใช้เป็นหลักฐานแล้ว %(n)d แห่ง", "ใช้เป็นหลักฐานแล้ว %(n)d แห่ง", n) % {"n": n}
    if refusals:
        again = office_places(document, reader_language())
        return _show(request, document, again, 422, refusals=refusals, notice=done if n else "")
    messages.success(request, done if n else _("เอกสารนี้ใช้อยู่ที่นั่นแล้ว"))
    return redirect("evidence:document", code=document.province.code, public_id=document.public_id)


def _show(
    request: SignedInRequest, document: Document, office: OfficePlaces | None, status: int = 200, **more: Any
) -> HttpResponse:
    query = clean_line(request.GET.get("q", ""))[:MOST_QUERY]
    matching = office.matching(query) if office else []
    suggested = office.suggested if office and not query else []
    first = {one.address for one in suggested}
    rest = [one for one in matching if one.address not in first]
    context = {
        "document": document,
        "province": document.province,
        "office": office,
        "query": query,
        "suggested": suggested,
        "places": rest[:MOST_SHOWN],
        "hidden": max(len(rest) - MOST_SHOWN, 0),
        "chosen": set(request.POST.getlist("at")),
        **more,
    }
    return render(request, "evidence/placing/place.html", context, status=status)
