"""Beginning to type answers from a paper: who may, the scan beside it, the channel of the contribution."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready import thai
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.store_away import StoreAwayError, ask_to_retry, store_away_text
from dgready.typed.characters import clean_line
from dgready.undo import Undo
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.files.uploads import form_file_limit
from evidence.models import Document
from evidence.placing.actions.adding import AddedDocument, add_document
from evidence.placing.actions.photographing import MOST_PHOTOS, photographed_pdf
from evidence.placing.views.addresses import library_url
from survey import access
from survey.answering.channel import begin_paper, take_back_paper
from survey.answering.opening import ensure_response
from survey.answering.views.card_context import may_edit_now
from survey.entry.views.page import first_page
from survey.entry.views.scan import find_paper, offered_papers, read_scan
from survey.models import Channel, Response

edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
ACCEPT = ".pdf,.jpg,.jpeg,.png,.heic,.heif"
MAX_NAME = 100  # characters of a name looked for


@require_safe
@edits
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where typing from a paper begins: the scan, the channel, the way to the questions; `?q=` of a document's name."""
    return _show(request, access.get_response(request.user, pk, Capability.ANSWER_EDIT))


def _desk(request: SignedInRequest, code: str, year: int, agency: str) -> str:
    return f"{reverse('survey:desk', args=[code, year])}?{urlencode({'agency': agency})}"


@post_only(_desk)
@allow(Capability.CONTRIBUTION_EDIT)
def open_contribution(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Leads to the beginning for an agency's contribution, which is made when first opened."""
    round_, agencies = access.get_round_with_own_agencies(request.user, code, year, Capability.CONTRIBUTION_EDIT)
    own = next((one for one in agencies if one.code == agency), None)
    if own is None:
        raise Http404
    return redirect("survey:entry", ensure_response(by=request.user, round_=round_, agency=own).pk)


def _show(request: SignedInRequest, response: Response, status: int = 200, problem: str = "") -> HttpResponse:
    name = clean_line(request.GET.get("q", ""))[:MAX_NAME]
    office = response.agency.code if response.agency else "own"
    context = {
        "response": response,
        "editable": may_edit_now(request, response),
        "begun": response.channel == Channel.PAPER,
        "scan": read_scan(request.user, response, with_pages=False),
        "papers": offered_papers(response, name),
        "name": name,
        "accept": ACCEPT,
        "limit": format_size(form_file_limit()),
        "most_photos": MOST_PHOTOS,
        "library": library_url(response.round.province.code, office),
        "questions": first_page(request, response),
        "problem": problem,
        "undo": _undo(request, response),
    }
    return render(request, "survey/entry/start.html", context, status=status)


def _undo(request: SignedInRequest, response: Response) -> Undo | None:
    """Undoing that the paper was taken back, where it just was."""
    if "taken-back" not in request.GET or response.channel == Channel.PAPER:
        return None
    return Undo(text=_("ไม่นับว่ามาจากกระดาษแล้ว"), url=reverse("survey:entry-begin", args=[response.pk]), about="")


@post_only("survey:entry", "pk")
@edits
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Notes that answers are typed from a paper, with the scan that was sent or chosen, and goes to the questions."""
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT)
    if not may_edit_now(request, response):
        return _show(request, response, 403, _("แก้ไขคำตอบชุดนี้ไม่ได้แล้ว"))
    try:
        _begin(request, response)
    except EvidenceRefused as refused:
        return _show(request, response, 422, str(refused))
    except StoreAwayError:
        return ask_to_retry(_show(request, response, 503, str(store_away_text())))
    return redirect(first_page(request, response) or reverse("survey:entry", args=[pk]))


def _begin(request: SignedInRequest, response: Response) -> None:
    """Raises EvidenceRefused, StoreAwayError; Http404 for a document that is not of this office's library."""
    files = [file for file in request.FILES.getlist("scan") if file]
    if files:
        return _add_scan(request, response, files)
    chosen = _chosen(request, response)
    begin_paper(
        by=request.user,
        response=response,
        paper=chosen.public_id if chosen else None,
        name=chosen.name if chosen else "",
    )


def _chosen(request: SignedInRequest, response: Response) -> Document | None:
    if not (text := request.POST.get("document", "")):
        return None
    try:
        found = find_paper(response, UUID(text))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def _add_scan(request: SignedInRequest, response: Response, files: list[UploadedFile]) -> None:
    """Keeps what was sent as a document of the office's library; several photos as one PDF."""

    def then(added: AddedDocument) -> None:
        if find_paper(response, added.document.public_id) is None:
            raise EvidenceRefused("kind", _("แสดงข้างคำถามได้เฉพาะ PDF, JPEG, PNG หรือ HEIC"))
        document = added.document
        begin_paper(by=request.user, response=response, paper=document.public_id, name=document.name)

    day = thai.format_date(timezone.localdate(), reader_language(), "short")
    with ExitStack() as stack:
        name = _("แบบที่กรอกบนกระดาษ %(day)s") % {"day": day}
        upload: Any = files[0] if len(files) == 1 else stack.enter_context(photographed_pdf(files, name))
        add_document(
            by=request.user,
            province=response.round.province_id,
            agency=response.agency_id,
            upload=upload,
            then=then,
        )


@post_only("survey:entry", "pk")
@edits
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Notes that the answers do not come from a paper; those saved stay."""
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT)
    if not may_edit_now(request, response):
        return _show(request, response, 403, _("แก้ไขคำตอบชุดนี้ไม่ได้แล้ว"))
    take_back_paper(by=request.user, response=response)
    return redirect(reverse("survey:entry", args=[pk]) + "?taken-back=1")
