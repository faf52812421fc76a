"""What is looked for at a place of a form: words of its option, row and question, and what counts as proof. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from evidence.places import PlaceDefinition, describe_place, find_place
from evidence.reading.suggesting import PlaceTerms
from evidence.reading.words import terms_of
from survey.instrument.schema import CompiledInstrument, Item

# Of options that only say yes: with no more than these the question says what is to be proved.
_YES_WORDS: Final = frozenset("มี มีการ ดำเนินการ แล้วเสร็จ เสร็จ ผ่าน อื่น จัดทำ แต่งตั้ง คณะกรรมการ".split())
_TELLING: Final = 2  # words an option must have besides to speak for itself


def place_terms(
    instrument: CompiledInstrument,
    address: str,
    *,
    proof: str = "",
    keywords: Sequence[str] = (),
    period: tuple[date, date] | None = None,
) -> PlaceTerms | None:
    """The terms of an evidence place, or of an item by its id; None where the form has neither.

    `proof`: more words for what counts as proof, besides what the form says of the place.
    """
    place = find_place(instrument, address)
    item = place.item if place else instrument.items.get(address)
    if item is None:
        return None
    question = instrument.items.get(item.question or item.id, item)
    labels = describe_place(instrument, place, {}) if place else ()
    asked = _asked(item, question)
    option = " ".join(labels)
    if sum(term not in _YES_WORDS for term in dict.fromkeys(terms_of(_own_label(place)))) < _TELLING:
        option, asked = f"{asked} {option}".strip(), ""
    guide = instrument.proof_of(address)
    told = (guide.example.th, *(kind.text.th for kind in guide.accepts), proof)
    return PlaceTerms(option, asked, " ".join(filter(None, told)), tuple(keywords), period)


def _own_label(place: PlaceDefinition | None) -> str:
    """What only this place is called, without what it shares with its neighbours."""
    if place is None:
        return ""
    parts = [part.label.th for part in (place.option, place.row) if part is not None]
    return " ".join(parts)


def _asked(item: Item, question: Item) -> str:
    texts = dict.fromkeys(each.ask.th for each in (question, item))
    return " ".join(text for text in texts if text)
