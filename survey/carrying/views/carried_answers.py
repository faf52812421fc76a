"""Last year's answers in words, as lists and as cards on the filling page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Agency
from dgready.language import localize_text, reader_language
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import digest_of
from evidence.attaching.place_window import place_window
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.instrument.windows import is_outside
from survey.journal import event_texts as describe
from survey.linking.registry import links_into
from survey.linking.wording import RELATION_NAMES
from survey.models import Carried, Response, Round

_CARRIED: Final[PreparedSelect[Carried]] = PreparedSelect(
    lambda response, form: (
        Carried.objects.filter(response=response, question__instrument=form)
        .select_related("question", "from_response__round", "settled_by")
        .defer("from_response__open_points")
    )
)


def read_carried(response: Response) -> dict[str, Carried]:
    """The carried answers of a response by item id of the question. One query, none without an earlier round."""
    if response.round.previous_id is None:
        return {}
    carried_by_item = {}
    for row in _CARRIED.all(response.pk, response.round.instrument_id):
        row.response = response
        carried_by_item[row.question.item_id] = row
    return carried_by_item


def carried_context(response: Response, carried: Carried) -> dict[str, Any]:
    """A carried answer as template context, in words."""
    instrument = compiled_instrument(response.round.instrument)
    item = instrument.items[carried.question.item_id]
    return {
        "row": carried,
        "id": item.id,
        "title": describe.item_title(item, reader_language()),
        "year": carried.from_response.round.year,
        "relation": RELATION_NAMES.get(carried.relation, carried.relation),
        "note": _change_note(instrument, item.id),
        "lines": answer_lines(response, carried),
        "files": [
            {
                **proof,
                "outside": is_outside(_document_day(proof), place_window(response, proof["address"])),
                "day": _document_day(proof),
            }
            for proof in carried.evidence
        ],
        "url": reverse("survey:fill", args=[response.pk, item.section]) + f"#q:{item.id}",
    }


def _change_note(instrument: CompiledInstrument, question: str) -> str:
    """What the links say of how the question changed."""
    links = links_into(instrument)
    notes = [localize_text(link.note) for link in (links.links_to(question) if links else ()) if link.note]
    return " ".join(notes)


def answer_lines(response: Response, carried: Carried) -> list[tuple[str, str]]:
    """The old answer as label and value."""
    return _lines(compiled_instrument(response.round.instrument), carried.value)


def _lines(instrument: CompiledInstrument, value: Mapping[str, Any]) -> list[tuple[str, str]]:
    language = reader_language()
    lines = []
    for address, one in value.items():
        label = " › ".join(describe.describe_address(instrument, address, value, language))
        lines.append((label or _("คำตอบ"), describe.describe_value(instrument, address, one, language)))
    return lines


class LastYearAnswer(NamedTuple):
    """What a question was answered in the earlier round: of which year, and its labels and values."""

    year: int
    lines: list[tuple[str, str]]


def last_year_answers(round_: Round, agency: Agency) -> Mapping[str, LastYearAnswer]:
    """The carried answers of a round by question: an agency's own, else the province's. One query, or none.

    Kept as it is in words by the rows that were read.
    """
    if round_.previous_id is None:
        return {}
    instrument = compiled_instrument(round_.instrument)
    rows = _LAST_YEAR.all(round_.pk, agency.pk, round_.instrument_id)
    key = (SameObjects(instrument), reader_language(), digest_of(rows))

    def make() -> dict[str, LastYearAnswer]:
        own_last = sorted(rows, key=lambda row: row[0] is not None)
        return {item: LastYearAnswer(year, _lines(instrument, value)) for _own, item, value, year in own_last}

    return _kept_answers.get(key, make)


_kept_answers: Final[LruCache[dict[str, LastYearAnswer]]] = LruCache(64)
_LAST_YEAR: Final[PreparedSelect[tuple[int | None, str, dict[str, Any], int]]] = PreparedSelect(
    lambda round_, agency, form: Carried.objects.filter(
        Q(response__agency=None) | Q(response__agency=agency), response__round=round_, question__instrument=form
    ).values_list("response__agency", "question__item_id", "value", "from_response__round__year")
)


def _document_day(proof: Mapping[str, Any]) -> date | None:
    given = proof.get("document_date")
    return date.fromisoformat(given) if given else None


def carried_cards(response: Response, writable: Callable[[str], bool]) -> dict[str, SafeString]:
    """Card HTML of questions with an unsettled carried answer: the answer and two buttons. One query or none."""
    cards: dict[str, SafeString] = {}
    for question, carried in read_carried(response).items():
        if carried.settled_at is None:
            context = {"one": carried_context(response, carried), "response": response, "writable": writable(question)}
            cards[question] = render_to_string("survey/carrying/_card.html", context)
    return cards
