"""Checking the chain of the account log: no event is missing, moved or edited since it was linked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from accounts.actions.log_chain import compute_link_hash
from accounts.actions.origins import ORIGIN_KEY, stored_origin
from accounts.models import AccountEvent, AccountLink
from accounts.security_log.forgetting import FORGET_VERB
from survey.verifying.replayer import CHUNK_ROWS
from survey.verifying.report import JournalFault

LINKED_WITHIN: Final = timedelta(hours=1)  # an event is linked right after its transaction, or before the next proof


def log_chain_faults() -> Iterator[JournalFault]:
    """Every fault of the chain; `seq` is the number of the log's event. Three queries."""
    seq, previous = 0, ""
    links = AccountLink.objects.select_related("event__province", "event__origin").order_by("seq")
    forgotten = _forgotten_until()
    for link in links.iterator(chunk_size=CHUNK_ROWS):
        where = _where(link.event)
        if link.seq != seq + 1:
            yield JournalFault("log.gap", **where, expected=seq + 1, found=link.seq)
        if link.previous != previous:
            yield JournalFault("log.link", **where, expected=previous, found=link.previous)
        digest = compute_link_hash(link.event, link.seq, link.previous)
        if digest != link.hash:
            yield JournalFault("log.hash", **where, expected=link.hash, found=digest)
        yield from _origin_faults(link.event, forgotten)
        seq, previous = link.seq, link.hash
    open_events = AccountEvent.objects.filter(link=None, at__lt=timezone.now() - LINKED_WITHIN)
    for event in open_events.select_related("province").order_by("pk").iterator(chunk_size=CHUNK_ROWS):
        yield JournalFault("log.unlinked", **_where(event))


def _forgotten_until() -> str:
    """Until when addresses were forgotten, as the log itself says; empty: none were."""
    events = AccountEvent.objects.filter(verb=FORGET_VERB).order_by("-pk").values_list("data__after__before", flat=True)
    return max(events, default="")


def _origin_faults(event: AccountEvent, forgotten: str) -> Iterator[JournalFault]:
    """Whether an address was edited, or taken out before its time."""
    digest = (event.data.get("after") or {}).get(ORIGIN_KEY)
    row = getattr(event, "origin", None)
    if row is not None and stored_origin(row).digest != digest:
        yield JournalFault("log.origin", **_where(event), expected=digest or "", found=stored_origin(row).digest)
    elif row is None and digest and (not forgotten or event.at >= datetime.fromisoformat(forgotten)):
        yield JournalFault("log.origin", **_where(event), expected=digest, found="")


def _where(event: AccountEvent) -> dict[str, Any]:
    return {"province": event.province.code if event.province else "", "seq": event.pk, "subject": event.verb}
