"""Fetching evidence places and attachments, or 404: fetching is the permission check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.access import agency_ids_with_capability, province_of_code
from accounts.models import Agency, Province, User
from accounts.roles import Capability
from dgready.arrival import deadline_now
from dgready.prepared_select import PreparedSelect
from evidence import places
from evidence.models import Attachment, Document
from survey import access
from survey.assigning.queries import answer_scope
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.models import Question, Response


def get_place(response: Response, item_id: str, address: str) -> tuple[Question, places.PlaceDefinition]:
    """The question and its evidence place at `address`; Http404 if there is none."""
    question = access.get_question(response, item_id)
    place = places.find_place(compiled_instrument(response.round.instrument), address)
    if place is None or place.question != item_id:
        raise Http404
    return question, place


def get_attachment(user: User, pk: int, public_id: UUID, cap: Capability) -> Attachment:
    """The attachment of response `pk`, removed or not; Http404 unless the person holds `cap` for that response."""
    response = access.get_response(user, pk, cap)
    rows = Attachment.objects.select_related("file", "copy", "question")
    attachment = rows.filter(response=response, public_id=public_id).first()
    if attachment is None:
        raise Http404
    attachment.response = response
    return attachment


def may_edit_evidence(user: User, response: Response, question: Question | None = None, address: str = "") -> bool:
    """Whether the person may attach and mark now: anywhere in the response, or at a place of one question."""
    if not response.is_editable or response.round.is_closed(deadline_now()):
        return False
    if question is None:
        return access.has_response_capability(user, response, Capability.ANSWER_EDIT)
    return access.may_edit_answer(user, response, question, item_id_of(address) if address else "")


def evidence_editor(user: User, response: Response) -> Callable[[str, str], bool]:
    """Whether the person may attach and mark now, at any number of places: by question id and address.

    Two queries for a contribution, none for the provincial answer.
    """
    if not may_edit_evidence(user, response):
        return lambda question, address: False
    if response.is_provincial:
        return lambda question, address: True
    scope = answer_scope(response)
    return lambda question, address: scope.allows(question, item_id_of(address))


OWN, EVERY = "own", "all"  # offices of a library page that are no agency: the secretariat's own, all of the province


@dataclass(frozen=True, slots=True)
class Library:
    """The library that a page shows: of an agency, of the secretariat (without one), or of `every` office."""

    province: Province
    agency: Agency | None
    every: bool
    is_editable: bool
    sees_province: bool
    """Whether the person reads the province's own answer, and so the libraries of all its offices."""

    @property
    def office(self) -> str:
        """Its office as the page's address names it."""
        return EVERY if self.every else self.agency.code if self.agency else OWN

    def documents(self) -> QuerySet[Document]:
        """Its documents, removed ones too."""
        documents = Document.objects.filter(province=self.province)
        return documents if self.every else documents.filter(agency=self.agency)


def get_library(user: User, code: str, office: str = "") -> Library:
    """A library of a province by its office, without one the person's own; Http404 unless they may read it."""
    province = province_of_code(code)
    if province is None:
        raise Http404
    sees_province = user.has(Capability.RESPONSE_READ, province_id=province.pk)
    if office in (OWN, EVERY) or (not office and sees_province):
        if not sees_province:
            raise Http404
        edits = office != EVERY and user.has(Capability.ANSWER_EDIT, province_id=province.pk)
        return Library(province, None, office == EVERY, edits, sees_province)
    if office:
        agency = _AGENCY_OF_CODE.first(province.pk, office)
    else:
        own = agency_ids_with_capability(user, Capability.CONTRIBUTION_READ)
        agency = _OWN_AGENCY.first(province.pk, sorted(own)) if own else None
    if agency is None or not _has_of_office(user, Capability.CONTRIBUTION_READ, province.pk, agency.pk):
        raise Http404
    edits = _has_of_office(user, Capability.CONTRIBUTION_EDIT, province.pk, agency.pk)
    return Library(province, agency, False, edits, sees_province)


_AGENCY_OF_CODE: Final[PreparedSelect[Agency]] = PreparedSelect(
    lambda province, code: Agency.objects.filter(province=province, code=code).order_by("pk")[:1]
)
_OWN_AGENCY: Final[PreparedSelect[Agency]] = PreparedSelect(
    lambda province, keys: Agency.objects.filter(province=province, pk__in=keys).order_by("pk")[:1]
)


def get_document(user: User, code: str, public_id: UUID, *, to_edit: bool = False) -> Document:
    """A document of a library, removed or not; Http404 unless the person may read, or edit, that library."""
    rows = Document.objects.select_related("province", "agency", "file", "added_by")
    document = rows.filter(province__code=code, public_id=public_id).first()
    if document is None or not may_open_document(user, document, to_edit=to_edit):
        raise Http404
    return document


def may_open_document(user: User, document: Document, *, to_edit: bool = False) -> bool:
    """Whether the person may read, or edit, the library of this document."""
    if document.agency_id is None:
        cap = Capability.ANSWER_EDIT if to_edit else Capability.RESPONSE_READ
        return user.has(cap, province_id=document.province_id)
    cap = Capability.CONTRIBUTION_EDIT if to_edit else Capability.CONTRIBUTION_READ
    return _has_of_office(user, cap, document.province_id, document.agency_id)


def readable_attachments(user: User, province: int) -> Q:
    """Of attachments of a province: those in responses that the person may read."""
    readable = Q(response__agency__in=agency_ids_with_capability(user, Capability.CONTRIBUTION_READ))
    if user.has(Capability.CONTRIBUTION_READ, province_id=province):
        readable |= Q(response__agency__isnull=False)
    if user.has(Capability.RESPONSE_READ, province_id=province):
        readable |= Q(response__agency__isnull=True)
    return readable


def _has_of_office(user: User, cap: Capability, province: int, agency: int) -> bool:
    return user.has(cap, province_id=province, agency_id=agency)
