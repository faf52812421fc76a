"""What a scan changes in the answers that the file is attached to: it stops counting, or counts again.

Each of these answers gets an event of its own, since what is kept of an answer is kept until its next event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from evidence.events import record_evidence_event
from evidence.models import Attachment, File
from survey.journal import actions as journal
from survey.models import Response

Locked = Mapping[int, Response]


@contextmanager
def hold_file_and_its_responses(pk: int) -> Iterator[tuple[File, Locked]]:
    """A transaction with the file and all answers it is attached to locked, the answers first, as attaching does.

    While the file is locked nobody attaches it anywhere: a new attachment waits for its row.
    """
    known = _responses_of(pk)
    while True:
        with transaction.atomic():
            locked = {response: journal.lock_response(response) for response in sorted(known)}
            file = File.objects.select_for_update().get(pk=pk)
            known = _responses_of(pk)
            if known <= locked.keys():
                yield file, locked
                return


def _responses_of(pk: int) -> set[int]:
    return set(Attachment.objects.filter(file=pk).values_list("response", flat=True))


def record_scan(
    file: File,
    responses: Locked,
    verb: str,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> None:
    """Records for each attachment of the file what the scan found; of removed ones too, for they can come back."""
    for attachment in Attachment.objects.filter(file=file).select_related("question").order_by("response", "pk"):
        locked = responses[attachment.response_id]
        record_evidence_event(None, locked, locked, verb, attachment, before=before, after=after)
