"""The evidence places of a response that are still without proof, in the order of the form."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.attaching.queries import attachment_summaries
from evidence.models import Attachment, ScanState
from survey.answering.queries import response_path
from survey.assigning.queries import answer_scope
from survey.instrument.addresses import item_id_of
from survey.models import Response


def places_without_proof(response: Response) -> list[str]:
    """Open places where nothing counts yet; of a contribution those that its agency may still change.

    Four queries at most. A web address in the answer stands for the file where the form allows it.
    """
    path = response_path(response)
    summaries = attachment_summaries(response)
    scope = None if response.is_provincial else answer_scope(response)
    return [
        address
        for address, place in path.places.items()
        if not any(summary.marked for summary in summaries.get(address, ()))
        and not (place.url is not None and path.values.get(place.url))
        and (scope is None or scope.allows(place.question, item_id_of(address)))
    ]


def place_after(response: Response, after: str, missing: Sequence[str]) -> str | None:
    """The place of `missing` behind an address, or from the first on again; None where there is no other."""
    order = list(response_path(response).places)
    position = order.index(after) if after in order else -1
    behind = set(order[position + 1 :])
    others = [address for address in missing if address != after]
    return next((address for address in others if address in behind), others[0] if others else None)


def file_to_mark(response: Response, address: str) -> Attachment | None:
    """The newest file at a place that can be looked at: where a passage is to be marked. One query."""
    rows = Attachment.objects.filter(response=response, address=address, removed_at=None, file__isnull=False)
    return rows.exclude(file__scan_state=ScanState.INFECTED).order_by("-added_at", "-pk").first()
