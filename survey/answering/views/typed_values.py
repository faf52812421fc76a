"""What a person typed into a card that was not saved: shown as text, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string

from accounts.access import SignedInRequest
from survey.answering.card_renderer import CardContext, display_value
from survey.answering.views.card_context import build_card_context
from survey.instrument.schema import AnswerValue, Item
from survey.instrument.values import InvalidField, item_or_column_at
from survey.models import Response


def refusal_html(
    request: SignedInRequest,
    response: Response,
    message: str,
    *,
    values: Mapping[str, AnswerValue],
    invalid: Iterable[InvalidField],
    note: str,
) -> str:
    """Why a card was not saved, and what was typed into it where it differs from what is stored."""
    context = build_card_context(request, response)
    lines = [
        (address_label(context, address), display_value(context, address, value))
        for address, value in values.items()
        if value and value != context.values.get(address) and not _lists_rows(context, address)
    ]
    lines += [(address_label(context, one.address), " ".join(one.raw)) for one in invalid]
    return render_to_string("components/_refused.html", {"message": message, "lines": lines, "note": note})


def _lists_rows(context: CardContext, address: str) -> bool:
    """Whether the value at an address is a list of row ids, which say nothing to a reader."""
    owner = item_or_column_at(context.instrument, address)
    return isinstance(owner, Item) and owner.kind == "repeat"


def address_label(card_context: CardContext, address: str) -> str:
    """The wording of the field at an address; in a table the row and the column."""
    owner = item_or_column_at(card_context.instrument, address)
    if owner is None:
        return address
    if isinstance(owner, Item):
        return owner.ask.to(card_context.language)
    table, row, _column = address.rsplit("/", 2)
    table_row = dict(card_context.instrument.items[table.rsplit("/", 1)[-1]].answer_rows)[row]
    return f"{table_row.label.to(card_context.language)} – {owner.label.to(card_context.language)}"
