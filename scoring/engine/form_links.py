"""Addresses of places on the form: where an answer, or its evidence, is given."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse

from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument


def link_to_form(instrument: CompiledInstrument, response_id: int, address: str, *, proof: bool) -> str:
    """Where an answer, or with `proof` the evidence of one, is on the form of a response."""
    item = instrument.items[item_id_of(address)]
    question = item.question or item.id
    fragment = f"e:{address}" if proof else f"q:{question}"
    page = reverse("survey:fill", args=[response_id, item.section])
    return f"{page}#{quote(fragment, safe=':/=._-')}"
