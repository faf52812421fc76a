"""Reads for the offline form: what goes into one, whose one that came back is, and what it would change."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from accounts.models import Agency
from dgready.arrival import deadline_now
from dgready.localized_text import LocalizedText
from dgready.sheets.uploaded import read_filled_workbook
from dgready.thai import format_date, format_datetime
from evidence.models import Attachment
from reports.offline_form import texts
from reports.offline_form.changes import FormChanges, StoredAnswer, compare_form
from reports.offline_form.form_content import BULK, FORM, FORMAT, FormContent
from reports.offline_form.layout import lay_out_form
from reports.offline_form.returned import NotThisForm, ReturnedForm, read_form
from survey.answering.earlier_answer import MAX_CHANGES, answer_before
from survey.answering.three_way import with_unsure
from survey.assigning.queries import answer_scope
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.journal.queries import ANSWER_VERBS
from survey.models import Answer, Event, Response, Round

MAX_SHEETS = 30


class NothingToFill(Exception):
    """No part of the form can be answered by the agency now."""


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Whose form it is: an agency's of a round, or without one the secretariat's of all the province's answers."""

    round: Round
    agency: Agency | None

    @property
    def kind(self) -> str:
        """The kind of workbook."""
        return FORM if self.agency else BULK

    def response(self) -> Response:
        """The response whose answers it holds; not saved yet where the agency has none. One query."""
        response = Response.objects.filter(round=self.round, agency=self.agency).first()
        response = response or Response(round=self.round, agency=self.agency)
        response.round = self.round
        return response


def writable_items(response: Response) -> Mapping[str, Collection[str]]:
    """The items that may be changed in the response now, by question. Two queries for a contribution."""
    if not response.is_provincial:
        return answer_scope(response).writable
    if not response.is_editable or response.round.is_closed(deadline_now()):
        return {}
    instrument = compiled_instrument(response.round.instrument)
    return {q.id: frozenset(item.id for item in q.card()) for q in instrument.questions}


def gather_form(place: FormPlace, language: str) -> FormContent:
    """What the form of an agency, or of the province, is made from. Raises NothingToFill."""
    response = place.response()
    asked = writable_items(response)
    if not asked:
        raise NothingToFill
    instrument = compiled_instrument(place.round.instrument)
    answers = _answers(response)
    values: dict[str, AnswerValue] = {}
    for answer in answers.values():
        values.update(answer.value)
    layout = lay_out_form(instrument, asked, values, language)
    return FormContent(
        instrument=instrument,
        layout=layout,
        path=resolve_path(instrument, values),
        values=values,
        revisions={q: answers[q].revision if q in answers else 0 for q in asked},
        files=_file_names(response),
        head={**form_head(place, language), "rows": str(sum(1 for line in layout.lines if line.id))},
        about=_about(place, language),
        language=language,
        beside=() if place.agency else _agency_answers(place.round),
    )


def _agency_answers(round_: Round) -> list[tuple[str, dict[str, AnswerValue]]]:
    """The agencies that answered anything, in Thai order, with what they answered. Two queries."""
    rows = Answer.objects.filter(response__round=round_, response__agency__isnull=False)
    values: dict[int | None, dict[str, AnswerValue]] = {}
    for agency, value in rows.filter(question__instrument=round_.instrument_id).values_list(
        "response__agency", "value"
    ):
        values.setdefault(agency, {}).update(value)
    return [(agency.name, values[agency.pk]) for agency in Agency.objects.filter(pk__in=[pk for pk in values if pk])]


def form_head(place: FormPlace, language: str) -> dict[str, str]:
    """The facts of the hidden sheet."""
    instrument, agency = place.round.instrument, place.agency
    return {
        "form": secrets.token_hex(8),
        "kind": place.kind,
        "format": str(FORMAT),
        "province": place.round.province.code,
        "province_name": place.round.province.name,
        "agency": agency.code if agency else "",
        "agency_name": agency.name if agency else "",
        "year": str(place.round.year),
        "instrument": instrument.key,
        "version": str(instrument.version),
        "language": language,
    }


def _about(place: FormPlace, language: str) -> Sequence[tuple[str, str]]:
    round_ = place.round
    facts = [
        (texts.DEPARTMENT if round_.province.is_department else texts.PROVINCE, round_.province.name),
        (texts.AGENCY, place.agency.name if place.agency else ""),
        (texts.YEAR, str(round_.year)),
        (texts.FORM_NAME, compiled_instrument(round_.instrument).title.to(language)),
        (texts.DUE, format_date(round_.agency_due, language)),
        (texts.MADE, format_datetime(timezone.localtime(), language)),
    ]
    return [(label.to(language), text) for label, text in facts if text]


def _answers(response: Response) -> dict[str, Answer]:
    """The stored answers by question. One query, none where nothing is stored."""
    if response.pk is None:
        return {}
    item_ids = {question.pk: item_id for item_id, question in questions_by_item_id(response.round.instrument).items()}
    rows = Answer.objects.filter(response=response, question__in=list(item_ids))
    return {item_ids[answer.question_id]: answer for answer in rows}


def _file_names(response: Response) -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = {}
    if response.pk is not None:
        rows = Attachment.objects.filter(response=response, removed_at=None, file__isnull=False).order_by("pk")
        for address, name in rows.values_list("address", "name"):
            names.setdefault(address, []).append(name)
    return names


# -- what comes back --------------------------------------------------------------------------------


def read_returned(content: bytes) -> ReturnedForm:
    """The form in a file, read by the guard. Raises NotThisForm."""
    sheets = read_filled_workbook(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, MAX_SHEETS)
    if isinstance(sheets, LocalizedText):
        raise NotThisForm(sheets)
    return read_form(sheets)


def require_own_form(returned: ReturnedForm, place: FormPlace) -> None:
    """Raises NotThisForm for the form of another province, agency, year or survey."""
    head, own = returned.head, form_head(place, "th")
    if head.get("province") != own["province"]:
        raise NotThisForm(texts.OTHER_PROVINCE.filled(name=head.get("province_name", "")))
    if head.get("year") != own["year"]:
        raise NotThisForm(texts.OTHER_YEAR.filled(name=head.get("year", "")))
    if head.get("kind") != own["kind"] or head.get("agency") != own["agency"]:
        raise NotThisForm(texts.OTHER_AGENCY.filled(name=head.get("agency_name", "") or head.get("kind", "")))
    if head.get("instrument") != own["instrument"]:
        raise NotThisForm(texts.OTHER_INSTRUMENT.filled(name=head.get("instrument", "")))


def compare_returned(
    response: Response, returned: ReturnedForm, writable: Mapping[str, Collection[str]]
) -> FormChanges:
    """What a form would change in the response as it stands now (`writable_items`). Two queries."""
    instrument = compiled_instrument(response.round.instrument)
    return compare_form(instrument, returned, stored_answers(response, returned), writable)


def stored_answers(response: Response, returned: ReturnedForm) -> dict[str, StoredAnswer]:
    """The answers as they are and as they were when the form was made. Two queries, one where nothing changed."""
    answers = _answers(response)
    behind = {
        question: answer.revision - revision
        for question, answer in answers.items()
        if (revision := returned.revisions.get(question)) is not None and 0 < answer.revision - revision <= MAX_CHANGES
    }
    since = _changes_since(response, behind) if behind else {}
    stored: dict[str, StoredAnswer] = {}
    for question, answer in answers.items():
        revision = returned.revisions.get(question)
        base = None if revision is None else answer_before(answer, since.get(question, ()), revision)
        theirs = with_unsure(answer.value, answer.unsure, answer.note)
        stored[question] = StoredAnswer(answer.revision, theirs, base)
    return stored


def _changes_since(response: Response, counts: Mapping[str, int]) -> Mapping[str, Sequence[Event]]:
    """The newest changes of each answer, so many as `counts` says, newest first."""
    rows = Event.objects.filter(response=response, verb__startswith=ANSWER_VERBS, question__item_id__in=counts)
    found: dict[str, list[Event]] = {}
    events: Iterable[Event] = rows.select_related("question").order_by("-seq")[
        : sum(counts.values()) + MAX_CHANGES * 10
    ]
    for event in events:
        if event.question is not None:
            some = found.setdefault(event.question.item_id, [])
            if len(some) < counts[event.question.item_id]:
                some.append(event)
    return found
