"""Reads of the heads of all chains: of every response, and of the account log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from accounts.models import AccountEvent, AccountLink
from dgready.canonical import canonical_json
from reports.proof.anchor_text import ChainHead, LogHead
from survey.approval.snapshot import to_canonical_data
from survey.models import Response

CHUNK_ROWS = 500
_LOG_FIELDS = ("pk", "at", "by_id", "verb", "subject_id", "province_id", "data")


def response_heads() -> tuple[ChainHead, ...]:
    """The newest event of every response that has one. One query: the heads of one moment."""
    rows = Response.objects.filter(version__gt=0).order_by("pk")
    fields = ("pk", "round__province__code", "round__year", "agency__code", "version", "head")
    return tuple(
        ChainHead(pk, code, year, agency or "", seq, head)
        for pk, code, year, agency, seq, head in rows.values_list(*fields)
    )


def log_head() -> LogHead:
    """The account log as it stands, and the head of its chain."""
    seq, chain = AccountLink.objects.order_by("-seq").values_list("seq", "hash").first() or (0, "")
    last = AccountEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return LogHead(last, log_digests([last])[last], seq, chain)


def log_digests(lasts: Iterable[int]) -> dict[int, str]:
    """SHA-256 over the entries of the account log up to each of `lasts`. One pass; memory stays flat."""
    digest, digests, waiting = hashlib.sha256(), {}, sorted(set(lasts), reverse=True)
    for pk, line in _log_lines(max(waiting, default=0)):
        while waiting and waiting[-1] < pk:
            digests[waiting.pop()] = digest.hexdigest()
        digest.update(line.encode())
    return digests | dict.fromkeys(waiting, digest.hexdigest())


def _log_lines(last: int) -> Iterator[tuple[int, str]]:
    rows = AccountEvent.objects.filter(pk__lte=last).order_by("pk").values(*_LOG_FIELDS)
    for row in rows.iterator(chunk_size=CHUNK_ROWS):
        yield row["pk"], canonical_json(to_canonical_data(row)) + "\n"
