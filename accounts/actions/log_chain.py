"""The chain of the account log: each event is linked to the one before by a hash, as in the journal of a response."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import AccountEvent, AccountLink
from dgready.canonical import canonical_json, sha256_hex

BATCH: Final = 2000  # events linked in one transaction


def compute_link_hash(event: AccountEvent, seq: int, previous: str) -> str:
    """The SHA-256 over a stored event, its place in the chain and the hash of the link before."""
    return sha256_hex(
        canonical_json(
            {
                "seq": seq,
                "event": event.pk,
                "at": event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
                "by": event.by_id,
                "verb": event.verb,
                "subject": event.subject_id,
                "province": event.province_id,
                "data": event.data,
                "previous": previous,
            }
        )
    )


def link_after_commit(pk: int) -> None:
    """Has an event linked once its transaction is through; where that fails it is linked before the next proof."""
    transaction.on_commit(lambda: _link_if_open(pk), robust=True)


def _link_if_open(pk: int) -> None:
    if not AccountLink.objects.filter(event=pk).exists():  # the first of many events has linked them all
        link_account_events()


def link_account_events() -> int:
    """Links all events that are not yet, in the order of their numbers; says how many."""
    linked = 0
    while count := _link_batch():
        linked += count
    return linked


@transaction.atomic
def _link_batch() -> int:
    """The next events; the last link is locked, so that linkers run one after another."""
    AccountLink.objects.select_for_update().order_by("-seq").first()
    last = AccountLink.objects.order_by("-seq").first()  # read again: whoever was waited for has added some
    seq, previous = (last.seq, last.hash) if last else (0, "")
    links = []
    for event in AccountEvent.objects.filter(link=None).order_by("pk")[:BATCH]:
        seq += 1
        link = AccountLink(event=event, seq=seq, previous=previous, hash=compute_link_hash(event, seq, previous))
        previous = link.hash
        links.append(link)
    AccountLink.objects.bulk_create(links, batch_size=500)
    return len(links)
