"""Checking today's chains against all anchors: a head that an anchor names must be the hash of that event today."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from accounts.models import AccountEvent, AccountLink
from reports.models import SystemRun
from reports.proof.anchor_store import SIGNATURE, TEXT, TIMESTAMP, anchor_names, read_part
from reports.proof.anchor_text import Anchor, ChainHead, read_anchor
from reports.proof.chain_heads import log_digests
from reports.signing.texts import SignatureFault, check_signature
from reports.signing.timestamps import read_timestamp
from reports.system.runs import RunKind
from survey.models import Event, Response
from survey.rounds.taking_back import TAKE_BACK_VERB
from survey.verifying.report import JournalFault

CHUNK_ROWS: Final = 100


def anchor_faults() -> Iterator[JournalFault]:
    """Every anchor against its neighbours and today's chains; of a response only the earliest difference."""
    heads: dict[tuple[int, int, str], tuple[str, ChainHead]] = {}
    logs: dict[int, tuple[str, str]] = {}
    links: dict[int, tuple[str, str]] = {}
    hashes: dict[str, str] = {}
    named: dict[str, str] = dict(_recorded_anchors())
    for name in anchor_names():
        content = read_part(name, TEXT) or b""
        hashes[name] = hashlib.sha256(content).hexdigest()
        try:
            anchor = read_anchor(content.decode())
            _check_seals(anchor, name, content)
        except (ValueError, SignatureFault) as error:
            yield _fault("anchor.altered", name, found=str(error))
            continue
        if anchor.previous:
            named.setdefault(*anchor.previous)
        for head in anchor.heads:
            heads.setdefault((head.response, head.seq, head.hash), (name, head))
        logs.setdefault(anchor.log.last, (name, anchor.log.hash))
        if anchor.log.seq:
            links.setdefault(anchor.log.seq, (name, anchor.log.chain))
    yield from _lost_anchors(named, hashes)
    yield from _head_faults(heads)
    yield from _log_faults(logs)
    yield from _link_faults(links)


def _recorded_anchors() -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of the anchors that this installation remembers to have stored."""
    for detail in SystemRun.objects.filter(kind=RunKind.ANCHOR).values_list("detail", flat=True):
        if "sha256" in detail:
            yield detail["name"], detail["sha256"]


def _check_seals(anchor: Anchor, name: str, content: bytes) -> None:
    """Checks signature and time stamp. Raises SignatureFault."""
    signature, stamp = read_part(name, SIGNATURE), read_part(name, TIMESTAMP)
    if anchor.signed != "no":
        if signature is None:
            raise SignatureFault("its signature is gone")
        check_signature(content, signature)
    if stamp is not None:
        read_timestamp(content, stamp)


def _lost_anchors(named: Mapping[str, str], hashes: Mapping[str, str]) -> Iterator[JournalFault]:
    for name, expected in sorted(named.items()):
        if name not in hashes:
            yield _fault("anchor.missing", name, expected=expected)
        elif hashes[name] != expected:
            yield _fault("anchor.altered", name, expected=expected, found=hashes[name])


def _head_faults(heads: Mapping[tuple[int, int, str], tuple[str, ChainHead]]) -> Iterator[JournalFault]:
    told: set[int] = set()
    taken_back = _taken_back_heads()
    ordered = sorted(heads.items())
    for start in range(0, len(ordered), CHUNK_ROWS):
        chunk = [value for _key, value in ordered[start : start + CHUNK_ROWS]]
        stored = _stored_hashes([head for _name, head in chunk])
        for name, head in chunk:
            found = stored.get((head.response, head.seq), "")
            if not found and (head.response, head.hash) in taken_back:
                continue
            if found != head.hash and head.response not in told:
                told.add(head.response)
                yield _head_fault(name, head, found)


def _taken_back_heads() -> set[tuple[int, str]]:
    """Answer and hash of the only event of each round that was taken back; the account log keeps them. One query."""
    events = AccountEvent.objects.filter(verb=TAKE_BACK_VERB).values_list("data", flat=True)
    journals = (data["before"]["journal"] for data in events)
    return {(journal["response"], journal["hash"]) for journal in journals}


def _stored_hashes(heads: list[ChainHead]) -> dict[tuple[int, int], str]:
    """The hashes of these events as they stand. One query."""
    rows = Event.objects.filter(response__in={h.response for h in heads}, seq__in={h.seq for h in heads})
    return {(r, s): h for r, s, h in rows.order_by().values_list("response_id", "seq", "hash")}


def _head_fault(name: str, head: ChainHead, found: str) -> JournalFault:
    code = "anchor.head"
    if not found:
        exists = Response.objects.filter(pk=head.response).exists()
        code = "anchor.event_missing" if exists else "anchor.response_missing"
    where: dict[str, Any] = {"province": head.province, "year": head.year, "response": head.response, "seq": head.seq}
    return _fault(code, name, **where, expected=head.hash, found=found)


def _log_faults(logs: Mapping[int, tuple[str, str]]) -> Iterator[JournalFault]:
    digests = log_digests(logs)
    for last, (name, expected) in sorted(logs.items()):
        if digests[last] != expected:
            yield _fault("anchor.log", name, seq=last, expected=expected, found=digests[last])
            return  # what comes after contains the same difference


def _link_faults(links: Mapping[int, tuple[str, str]]) -> Iterator[JournalFault]:
    """The earliest link of the account log's chain that is not the one an anchor names."""
    stored = dict(AccountLink.objects.filter(seq__in=links).values_list("seq", "hash"))
    for seq, (name, expected) in sorted(links.items()):
        if stored.get(seq) != expected:
            yield _fault("anchor.link", name, seq=seq, expected=expected, found=stored.get(seq, ""))
            return


def _fault(code: str, anchor: str, *, found: str = "", **fields: Any) -> JournalFault:
    return JournalFault(code, subject=anchor, found=found or None, **fields)
