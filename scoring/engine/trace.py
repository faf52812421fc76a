"""The trace of a measure: every answer that can count, and whether it did. PURE.

Not frozen: a score makes hundreds of these, and a frozen one takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scoring.scheme.sourced import NO_TEXT, Quantity
from survey.instrument.schema import LocalizedText

LeafState = Literal["counted", "no_evidence", "contradicts", "other", "not_given", "off"]


@dataclass(slots=True)
class TraceLeaf:
    """One answer that can count, and whether it did.

    `no_evidence`: given, but its evidence is not attached and marked; `contradicts`: another answer says otherwise, so
    it earns nothing until one of them is mended; `other`: answered with what does not
    count; `off`: closed by an earlier answer. `address` is where it can be corrected: the evidence place that lacks
    evidence, else the answer. `answer_address` is always the answer, `evidence_places` what it asks for.
    """

    address: str
    state: LeafState
    label: LocalizedText
    answer_address: str = ""
    evidence_places: tuple[str, ...] = ()


@dataclass(slots=True)
class MeasureTrace:
    """The result of a measure: its value, and the leaves or parts it was made of. `full`: the most it can be."""

    value: Quantity
    full: Quantity
    leaves: tuple[TraceLeaf, ...] = ()
    parts: tuple[MeasureTrace, ...] = ()
    name: LocalizedText = NO_TEXT

    def walk(self) -> Iterator[TraceLeaf]:
        """Its leaves and those of its parts, in order."""
        yield from self.leaves
        for part in self.parts:
            yield from part.walk()

    def count(self, state: LeafState) -> int:
        """How many of its leaves are in a state."""
        found = 0
        for leaf in self.leaves:
            if leaf.state == state:
                found += 1
        for part in self.parts:
            found += part.count(state)
        return found
