"""Web addresses that stand as evidence without a copy of what they showed: nobody can tell later what was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from evidence import places
from evidence.attaching.counting import CLEAN
from evidence.models import Attachment, ScanState
from survey.answering.queries import AnswerRow, merge_answer_values
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument
from survey.journal.event_texts import item_title
from survey.models import Answer, Response


@dataclass(frozen=True, slots=True)
class LinkWithoutCopy:
    """A web address: whose answer ("" for the province's), question, place in words, who gave it.

    `respondent`: the kind of whose round it is.
    """

    response: int
    agency: str
    code: str
    question: str
    title: str
    parts: tuple[str, ...]
    address: str
    url: str
    by: str
    respondent: str

    @property
    def page(self) -> str:
        """The page of its evidence place, where a copy is added."""
        return f"{reverse('evidence:slot', args=[self.response, self.question])}?{urlencode({'at': self.address})}"


def links_without_copy(responses: Iterable[Response], language: str) -> list[LinkWithoutCopy]:
    """The web addresses of responses of one round, in the order of the form. Three queries."""
    rows = list(responses)
    if not rows:
        return []
    instrument = compiled_instrument(rows[0].round.instrument)
    answers = _answers_with_links(rows, instrument)
    attached = Attachment.objects.filter(response__in=rows, removed_at=None).select_related("added_by")
    links = attached.filter(url__isnull=False).filter(Q(copy=None) | Q(copy__scan_state=ScanState.INFECTED))
    copied = set(attached.filter(CLEAN, file__isnull=False).order_by().values_list("response_id", "address"))
    by_response: dict[int, list[Attachment]] = {}
    for link in links:
        by_response.setdefault(link.response_id, []).append(link)
    found = []
    for response in rows:
        given = answers.get(response.pk, {})
        values = merge_answer_values(given)
        links_here = [(link.address, link.url or "", str(link.added_by)) for link in by_response.get(response.pk, ())]
        if given:
            links_here += _answered_links(resolve_path(instrument, values), given, response.pk, copied)
        for address, url, who in links_here:
            place = places.find_place(instrument, address)
            if place is not None:
                parts = places.describe_place(instrument, place, values, language)
                item = instrument.items[place.question]
                agency = str(response.agency) if response.agency_id else ""
                told = (
                    agency,
                    item.code or "",
                    item.id,
                    item_title(item, language),
                    parts,
                    address,
                    url,
                    who,
                    instrument.respondents,
                )
                found.append(LinkWithoutCopy(response.pk, *told))
    return sorted(found, key=lambda one: (instrument.items[one.question].order, one.response))


def _answers_with_links(
    responses: Sequence[Response], instrument: CompiledInstrument
) -> Mapping[int, dict[str, AnswerRow]]:
    """The answers of the responses that give a web address instead of a file; the others need no path."""
    wanted = {url for item in instrument.items.values() for url in item.or_url.values()}
    if not wanted:
        return {}
    ids = {q.pk: q.item_id for q in questions_by_item_id(responses[0].round.instrument).values()}
    columns = ("response_id", "question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    by_response: dict[int, dict[str, AnswerRow]] = {}
    with_links: set[int] = set()
    rows = Answer.objects.filter(response__in=responses).order_by().values_list(*columns, *names)
    for pk, question, value, revision, unsure, note, saved_at, first, last, email in rows:
        if question not in ids:  # of an earlier version of the form
            continue
        who = f"{first} {last}".strip() or email
        by_response.setdefault(pk, {})[ids[question]] = AnswerRow(value, revision, unsure, note, saved_at, who)
        if any(item_id_of(address) in wanted for address in value):
            with_links.add(pk)
    return {pk: given for pk, given in by_response.items() if pk in with_links}


def _answered_links(
    path: QuestionnairePath, given: Mapping[str, AnswerRow], response: int, copied: set[tuple[int, str]]
) -> Iterator[tuple[str, str, str]]:
    """The answers on the path that stand for a file, at places without a file that could be their copy."""
    for place in path.places.values():
        url = path.values.get(place.url) if place.url else None
        if isinstance(url, str) and url and (response, place.address) not in copied:
            row = given.get(place.question)
            yield place.address, url, row.saved_by if row else ""
