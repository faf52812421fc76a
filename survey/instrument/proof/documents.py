"""The documents to prepare for a part of the form: what its evidence places accept, each told once. PURE."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from survey.instrument.proof.guide import ProofText
from survey.instrument.proof.reader import evidence_addresses
from survey.instrument.schema import CompiledInstrument


@lru_cache(maxsize=16)
def documents_by_item(instrument: CompiledInstrument) -> Mapping[str, tuple[ProofText, ...]]:
    """By item: the documents that its evidence places accept, in the order of the form."""
    found: dict[str, dict[ProofText, None]] = {}
    for address in evidence_addresses(instrument.items):
        item = address.partition("=")[0].partition("/")[0]
        found.setdefault(item, {}).update(dict.fromkeys(instrument.proof_of(address).accepts))
    return {item: tuple(texts) for item, texts in found.items()}


def documents_of(instrument: CompiledInstrument, items: Collection[str]) -> tuple[ProofText, ...]:
    """The documents that the places of some items accept, in the order of the form."""
    known = documents_by_item(instrument)
    return tuple(dict.fromkeys(text for item in instrument.items if item in items for text in known.get(item, ())))
