"""Views for all evidence of a response, and for downloading a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from evidence import access, store
from evidence.attaching import overview
from evidence.attaching.queries import group_by_address, read_attachments
from evidence.models import Attachment, File, ScanState
from evidence.reviewing.rules import may_review
from evidence.scanning.queries import is_withheld
from reports.handover.views.choices import handover_choices
from reports.system.views.stored_file import WantedFile, stored_file_answer
from survey.access import get_response
from survey.answering.queries import response_path
from survey.instrument.queries import compiled_instrument

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)


@require_safe
@reads
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """All evidence by question: what is attached, what is missing, which files have no mark (`?show=`).

    Where there is too much for one page, by pillar (`?pillar=`).
    """
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    path, read = response_path(response), read_attachments(response)
    instrument = compiled_instrument(response.round.instrument)
    show, pillar = request.GET.get("show", ""), request.GET.get("pillar", "")
    show = show if show in overview.FILTERS else ""
    pillar = pillar if pillar in {overview.NO_PILLAR, *(each.number for each in instrument.pillars)} else ""
    handover = handover_choices(request.user, response)
    rights = {
        "may_review": response.is_provincial and may_review(request.user, response),
        "editable": access.may_edit_evidence(request.user, response),
    }
    of_response = (response.pk, response.is_provincial)
    state = (SameObjects(path), read.state, *of_response, show, pillar, *rights.values())

    def make() -> dict[str, Any]:
        language = reader_language()
        whole = overview.make_overview(path, group_by_address(read.rows), language)
        shown = overview.filter_overview(whole, show)
        told = {"response": response, **rights, "show": show, "handover": handover, "overview": whole}
        return {**told, "pillars": overview.fold_by_pillar(instrument, shown, language, pillar)}

    listed = LazyValues((*state, handover.state if handover else None), make)
    context = {"response": response, "round": response.round, "listed": listed}
    return render(request, "evidence/attaching/listing.html", context)


@require_safe
@reads
def download(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    """The file itself, always to be saved, never to be shown as part of this site."""
    attachment = access.get_attachment(request.user, pk, public_id, Capability.RESPONSE_READ)
    file = attachment.file
    if file is None:
        raise Http404
    return hand_out(request, attachment, file, attachment.name)


def hand_out(request: SignedInRequest, attachment: Attachment, file: File, name: str) -> HttpResponseBase:
    """A file of an attachment under a name, or why it is withheld."""
    if is_withheld(file, request.user):
        return withheld_page(request, attachment, file)
    wanted = WantedFile(
        store=store.STORE,
        stored=file.stored,
        sha256=file.sha256,
        name=name,
        media_type=file.media_type,
        back=reverse("evidence:slot", args=[attachment.response_id, attachment.question.item_id]),
        province=attachment.response.round.province,
    )
    return stored_file_answer(request, wanted)


def withheld_page(request: SignedInRequest, attachment: Attachment, file: File) -> HttpResponse:
    """Why the file is not handed out: 403 for a virus, 409 for a scan that is still to be done."""
    status = 403 if file.scan_state == ScanState.INFECTED else 409
    context = {"response": attachment.response, "round": attachment.response.round, "attachment": attachment}
    return render(request, "evidence/attaching/withheld.html", {**context, "notes": file.notes}, status=status)
