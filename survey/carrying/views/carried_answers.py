"""Last year's answers in words, as lists and as cards on the filling page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dgready.language import localize_text, reader_language
from dgready.prepared_select import PreparedSelect
from evidence.attaching.place_window import place_window
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.instrument.windows import is_outside
from survey.journal import event_texts as describe
from survey.linking.registry import links_into
from survey.linking.wording import RELATION_NAMES
from survey.models import Carried, Response

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
    instrument = compiled_instrument(response.round.instrument)
    lines = []
    for address, value in carried.value.items():
        label = " › ".join(describe.describe_address(instrument, address, carried.value, reader_language()))
        lines.append((label or _("คำตอบ"), describe.describe_value(instrument, address, value, reader_language())))
    return lines


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
