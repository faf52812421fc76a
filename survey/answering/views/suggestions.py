"""What the system knows of fields that are still empty, offered at the head of their card until they are answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import User
from dgready.language import reader_language
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.models import Response


def suggested_cards(
    user: User, response: Response, values: Mapping[str, AnswerValue], writable: Callable[[str], bool]
) -> dict[str, SafeString]:
    """Card HTML by question: values known to the system for its empty fields, and the button that takes them over.

    No query. A person's own name and address are offered to that person only: who takes them over is the contact.
    """
    cards: dict[str, SafeString] = {}
    for question, items in compiled_instrument(response.round.instrument).suggesting.items():
        empty = [item for item in items if item.id not in values]
        if not empty or not writable(question):
            continue
        known = known_values(user, response)
        rows = [
            (item.id, item.ask.to(reader_language()), known[item.suggest])
            for item in empty
            if item.suggest and known[item.suggest]
        ]
        if rows:
            context = {"rows": rows, "response": response, "question": question}
            cards[question] = render_to_string("survey/answering/_suggested.html", context)
    return cards


def known_values(user: User, response: Response) -> dict[str, str]:
    """What the system knows, by the names of `suggest` in the instrument file; empty where it knows nothing."""
    return {
        "province.name": response.round.province.name,
        "user.first_name": user.first_name,
        "user.last_name": user.last_name,
        "user.email": user.email,
    }
