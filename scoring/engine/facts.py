"""The facts a score is computed from, and options prepared for counting. PURE.

An option, row or answer counts when its value is on the path and every evidence place it asks for is met:
a file with a mark (or an attached URL) there, or the URL answer that may stand for it. Places asked for are
the answer's own, and those of the plain fields it opens directly ("other: please specify, attach").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from scoring.engine.external_estimates import ExternalEstimate
from scoring.engine.trace import LeafState, TraceLeaf
from survey.instrument.addresses import option_address, repeat_row_address
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import Item, LocalizedText, Option

PLAIN_KINDS = frozenset({"text", "number", "url", "month_year"})
MAX_DIGITS = 18  # a number with more is no count of anything
LEAF_STATES: tuple[LeafState, ...] = ("counted", "no_evidence", "contradicts", "other", "not_given", "off")


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """What the engine knows of a response: its path, the evidence places with marked evidence, external scores.

    `externals`: those entered; `estimates`: what stands for one that is not. `held`: the answers to take for
    contradicted whatever the path says; None: those that its checks find.
    """

    path: QuestionnairePath
    marked: frozenset[str]
    externals: Mapping[str, Decimal]
    estimates: Mapping[str, ExternalEstimate] = field(default_factory=dict)
    held: frozenset[str] | None = None

    @property
    def contradicted(self) -> frozenset[str]:
        """The fields whose answers other answers contradict, which count for nothing."""
        return self.path.contradicted if self.held is None else self.held

    def external(self, code: str) -> Decimal | None:
        """The outside score of a sub-pillar as entered, else as estimated, with its mark; None where nobody knows."""
        if (entered := self.externals.get(code)) is not None:
            return entered
        return estimate.marked if (estimate := self.estimates.get(code)) else None

    @property
    def external_bounds(self) -> dict[str, tuple[Decimal, Decimal]]:
        """The lowest and highest of the outside scores that are estimated."""
        return {one.code: (one.low, one.high) for one in self.open_estimates}

    @property
    def open_estimates(self) -> tuple[ExternalEstimate, ...]:
        """The estimates that stand for a score nobody entered."""
        return tuple(one for code, one in self.estimates.items() if code not in self.externals)

    def has_evidence(self, place: str) -> bool:
        """Whether an evidence place on the path has what it asks for."""
        evidence_place = self.path.places.get(place)
        if evidence_place is None:
            return False
        return place in self.marked or (evidence_place.url is not None and evidence_place.url in self.path.values)

    def number(self, address: str) -> Decimal | None:
        """The number answered at an address, or None."""
        value = self.path.values.get(address)
        if not isinstance(value, str):
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        return number if number.is_finite() and number.adjusted() < MAX_DIGITS else None

    def row_prefixes(self, chain: tuple[Item, ...], prefix: str) -> Iterator[str]:
        """The row prefixes on the path for what lies inside the repeats `chain`, starting from `prefix`."""
        if not chain:
            yield prefix
            return
        address = prefix + chain[0].id
        for row_id in (self.path.values.get(address) or ())[: chain[0].max_rows]:
            yield from self.row_prefixes(chain[1:], repeat_row_address(address, row_id) + "/")


def build_leaves(
    address: str, label: LocalizedText, places: tuple[str, ...] = (), thing: str = ""
) -> dict[LeafState, TraceLeaf]:
    """A leaf in each of its states, made once."""
    return {state: TraceLeaf(address, state, label, thing or address, places) for state in LEAF_STATES}


@dataclass(frozen=True, slots=True)
class CountedOption:
    """An option as prepared for counting: its leaves, and the evidence places it needs.

    Unproven, it hands out the leaf of the place that lacks evidence, so that the page can link to it.
    """

    key: str
    field: str
    places: tuple[tuple[str, TraceLeaf], ...]
    leaves: Mapping[LeafState, TraceLeaf]

    def evaluate(self, facts: ResponseFacts, value: str | list[str] | None, proof: bool) -> TraceLeaf:
        """The leaf in the state that the field's `value` puts the option in."""
        if value is None or (isinstance(value, list) and self.key not in value):
            return self.leaves["not_given"]
        if isinstance(value, str) and self.key != value:
            return self.leaves["other"]
        if facts.contradicted and self.field in facts.contradicted:
            return self.leaves["contradicts"]
        if proof:
            for place, bare in self.places:
                if not facts.has_evidence(place):
                    return bare
        return self.leaves["counted"]

    def in_row(self, prefix: str) -> CountedOption:
        """The same option inside a repeat row."""

        def moved(leaf: TraceLeaf) -> TraceLeaf:
            evidence_places = tuple(prefix + p for p in leaf.evidence_places)
            return TraceLeaf(
                prefix + leaf.address, leaf.state, leaf.label, prefix + leaf.answer_address, evidence_places
            )

        places = tuple((prefix + place, moved(leaf)) for place, leaf in self.places)
        leaves = {state: moved(leaf) for state, leaf in self.leaves.items()}
        return CountedOption(self.key, prefix + self.field, places, leaves)


def build_counted_option(
    option: Option, address: str, opened: Iterable[Item], cell_asks: bool, label: LocalizedText
) -> CountedOption:
    """An option of a field or cell; `cell_asks`: the whole cell asks for evidence, whatever is picked."""
    places = [address] if cell_asks else []
    places += [] if option.evidence == "none" else [option_address(address, option.key)]
    places += [i.id for i in opened if i.kind in PLAIN_KINDS and i.evidence == "required"]
    thing, evidence_places = option_address(address, option.key), tuple(places)
    bare = tuple((place, TraceLeaf(place, "no_evidence", label, thing, evidence_places)) for place in places)
    return CountedOption(option.key, address, bare, build_leaves(thing, label, evidence_places))
