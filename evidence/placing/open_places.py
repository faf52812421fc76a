"""The evidence places that are open in an office's own answer, for placing a document of its library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dgready.arrival import deadline_now
from evidence.attaching.queries import attachment_summaries
from evidence.models import Attachment, Document, FileText
from evidence.places import describe_place, find_place
from evidence.placing.fitting import best_places
from survey.answering.queries import response_path
from survey.assigning.queries import answer_scope
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
from survey.models import Response

SUGGESTED: Final = 5


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An open place: `files` stand there, `counts`: one of them does. `used`: the document itself stands there.

    `reason`: the words of the document that speak for this place, of a suggestion.
    """

    address: str
    question: str
    code: str
    label: str
    parts: tuple[str, ...]
    files: int
    counts: bool
    used: bool
    reason: str = ""

    @property
    def text(self) -> str:
        """Everything it is found by."""
        return " ".join((self.code, self.label, *self.parts)).casefold()


@dataclass(frozen=True, slots=True)
class OfficePlaces:
    """The open places of an office's answer: those that the document fits best, then all, those without proof first."""

    response: Response
    suggested: list[OpenPlace]
    places: list[OpenPlace]

    def matching(self, query: str) -> list[OpenPlace]:
        """The places in which all words of a search stand."""
        words = query.casefold().split()
        return [place for place in self.places if all(word in place.text for word in words)]


def open_response(document: Document) -> Response | None:
    """The answer of the document's office in the newest round that can still change. One query."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    rows = rows.filter(round__province=document.province_id, agency=document.agency_id)
    open_now = rows.filter(round__closes_at__gte=deadline_now()).defer("round__instrument__source")
    return next((row for row in open_now.order_by("-round__year")[:2] if row.is_editable), None)


def office_places(document: Document, language: str) -> OfficePlaces | None:
    """The places where the office may put a document now; None where its answer cannot change. Seven queries.

    In an agency's answer only what is assigned to it and not handed in.
    """
    response = open_response(document)
    if response is None:
        return None
    path = response_path(response)
    summaries = attachment_summaries(response)
    used = set(
        Attachment.objects.filter(response=response, file=document.file_id, removed_at=None).values_list(
            "address", flat=True
        )
    )
    places = []
    for address in editable_addresses(response, path):
        standing = summaries.get(address, [])
        made = _open_place(path, address, language, len(standing), any(s.marked for s in standing), address in used)
        places.append(made)
    places.sort(key=lambda place: (place.used, place.counts, place.files > 0))  # sorting keeps the form's order
    return OfficePlaces(response, _suggested(document, path, places), places)


def editable_addresses(response: Response, path: QuestionnairePath) -> Iterator[str]:
    """The open places of an answer in which its office may change something now. Two queries or none."""
    scope = None if response.is_provincial else answer_scope(response)
    for address, place in path.places.items():
        if scope is None or scope.allows(place.question, item_id_of(address)):
            yield address


def _open_place(
    path: QuestionnairePath, address: str, language: str, files: int, counts: bool, used: bool
) -> OpenPlace:
    place = find_place(path.instrument, address)
    assert place is not None  # the path opened it
    item = path.instrument.items[place.question]
    parts = describe_place(path.instrument, place, path.values, language)
    return OpenPlace(address, place.question, item.code or "", item.ask.to(language), parts, files, counts, used)


def _suggested(document: Document, path: QuestionnairePath, places: Iterable[OpenPlace]) -> list[OpenPlace]:
    """The places whose words the document has most of; where something counts already nothing is suggested."""
    wanting = {place.address: place for place in places if not (place.used or place.counts)}
    words = FileText.objects.filter(file=document.file_id).values_list("words", flat=True).first() or ""
    found = best_places(words, path.instrument, list(wanting), SUGGESTED)
    return [_with_reason(wanting[address], fit.words) for address, fit in found]


def _with_reason(place: OpenPlace, reason: str) -> OpenPlace:
    fields = (place.address, place.question, place.code, place.label, place.parts)
    return OpenPlace(*fields, place.files, place.counts, place.used, reason)
