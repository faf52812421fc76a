"""Choosing from the library on the evidence panel of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from dgready.typed.characters import clean_line
from evidence import access
from evidence.attaching.status import EvidenceStatus
from evidence.files.refusal import EvidenceRefused
from evidence.models import Document
from evidence.placing import actions
from evidence.placing.choosing import choices_for
from evidence.placing.views.addresses import library_url
from survey.instrument.schema import CompiledInstrument

if TYPE_CHECKING:
    from evidence.attaching.views.panel import EvidencePanel

MOST_QUERY = 200  # letters of a search


def panel_choices(panel: EvidencePanel, instrument: CompiledInstrument, status: EvidenceStatus) -> dict[str, Any]:
    """What the panel's templates need: the documents that fit a place without proof, or those searched for."""
    query = clean_line(panel.request.GET.get("find", ""))[:MOST_QUERY]
    response, agency = panel.response, panel.response.agency
    wanting = query or status in ("missing", "infected")
    return {
        "find": query,
        "choices": choices_for(response, instrument, panel.place.address, query) if wanting else [],
        "library_url": library_url(response.round.province.code, agency.code if agency else access.OWN),
    }


def place_chosen(panel: EvidencePanel, public_id: str) -> HttpResponse:
    """Attaches a document of the response's office at the panel's place."""
    document = _get_chosen(panel, public_id)

    def attach() -> None:
        target = actions.PlaceTarget(panel.response, panel.question, panel.place.address)
        [placed] = actions.place_document(by=panel.request.user, document=document, targets=[target])
        if placed.refusal:
            raise EvidenceRefused("place", placed.refusal)

    return panel.attempt(attach, _("แนบ “%(name)s” จากคลังแล้ว") % {"name": document.name})


def _get_chosen(panel: EvidencePanel, public_id: str) -> Document:
    """The document, if it is in the library of the response's own office; else Http404."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        raise Http404 from None
    office = {"province": panel.response.round.province_id, "agency": panel.response.agency_id}
    found = Document.objects.filter(public_id=wanted, **office).first()
    if found is None:
        raise Http404
    return found
