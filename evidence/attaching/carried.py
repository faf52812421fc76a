"""Evidence of a response that was carried over and waits to be confirmed, with what stands against that."""

from __future__ import annotations

from dataclasses import dataclass

from evidence import places
from evidence.attaching import queries
from evidence.attaching.attachment_view import AttachmentView
from evidence.attaching.confirming import Hindrance, confirm_hindrance
from evidence.attaching.place_window import place_window
from survey.answering.queries import response_path
from survey.instrument.windows import Period
from survey.journal.event_texts import item_title
from survey.models import Response


@dataclass(frozen=True, slots=True)
class CarriedEvidence:
    """An attachment to be confirmed, with its question and place in words.

    `window`: the days that its place asks for, if any. `hindrance`: what stands against confirming it as it is.
    """

    file: AttachmentView
    question: str
    title: str
    parts: tuple[str, ...]
    window: Period | None
    hindrance: Hindrance


def carried_evidence(response: Response, language: str) -> list[CarriedEvidence]:
    """What waits to be confirmed, in the order of the form. Three queries."""
    path = response_path(response)
    found: list[tuple[int, CarriedEvidence]] = []
    for address, files in queries.attachments_by_address(response).items():
        waiting = [file for file in files if file.to_confirm]
        place = places.find_place(path.instrument, address) if waiting else None
        if place is None:
            continue
        item, window = path.instrument.items[place.question], place_window(response, address)
        parts = places.describe_place(path.instrument, place, path.values, language)
        found += [
            (
                item.order,
                CarriedEvidence(
                    file,
                    item.id,
                    item_title(item, language),
                    parts,
                    window,
                    confirm_hindrance(file.document_date, window),
                ),
            )
            for file in waiting
        ]
    return [one for _order, one in sorted(found, key=lambda pair: pair[0])]
