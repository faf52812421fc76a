"""What counts as proof in a whole question: places that accept the same documents told of together. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from dgready.localized_text import LocalizedText
from survey.instrument.proof.guide import ProofGuide, ProofText, Reference
from survey.instrument.proof.reader import evidence_addresses
from survey.instrument.schema import CompiledInstrument, Item

SharedParts = tuple[tuple[ProofText, ...], tuple[ProofText, ...], tuple[Reference, ...]]


@dataclass(frozen=True, slots=True)
class ProofGroup:
    """Places with the same documents. `examples`: each example sentence with the addresses that it is for."""

    guide: ProofGuide
    examples: tuple[tuple[LocalizedText, tuple[str, ...]], ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """All places of the group, in the order of the form."""
        return tuple(address for _example, addresses in self.examples for address in addresses)


def proof_of_question(instrument: CompiledInstrument, question: str) -> tuple[ProofGroup, ...]:
    """The proof of a question's places, grouped; empty where the file says nothing of proof."""
    asked: dict[str, Item] = {i.id: i for i in instrument.items[question].card()}
    found: dict[SharedParts, dict[LocalizedText, list[str]]] = {}
    guides: dict[SharedParts, ProofGuide] = {}
    for address in evidence_addresses(asked):
        if guide := instrument.proof_of(address):
            shared = (guide.accepts, guide.rejects, guide.links)
            guides.setdefault(shared, guide)
            found.setdefault(shared, {}).setdefault(guide.example, []).append(address)
    return tuple(
        ProofGroup(guides[shared], tuple((example, tuple(some)) for example, some in examples.items()))
        for shared, examples in found.items()
    )
