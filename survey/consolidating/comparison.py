"""A question's contributions side by side: fields, rows and repeats with what each proposes. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from survey.consolidating.repeat_rows import (
    comparison_key,
    provincial_address,
)
from survey.instrument.schema import AnswerValue, AnswerValues, Item, TableColumn

# own: only the province has a value there
FieldAgreement = Literal["agree", "some", "differ", "own"]


# nobody: no contribution; single: one; partly: nothing contradicts, but not everyone gave everything
QuestionAgreement = Literal["nobody", "single", "agree", "partly", "differ"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One agency's answer to a question: values on its path. `covers`: the items assigned to it; None is all."""

    key: int
    values: AnswerValues
    covers: frozenset[str] | None = None

    def is_asked_for(self, item: Item) -> bool:
        """Whether the item is among those it was asked for."""
        return self.covers is None or item.id in self.covers


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A value proposed by one or more contributions, each in its own spelling."""

    values: tuple[AnswerValue, ...]
    keys: tuple[int, ...]

    @property
    def value(self) -> AnswerValue:
        """The value as the first of them spells it."""
        return self.values[0]

    def spelled_by(self, key: int) -> AnswerValue:
        """The value as one contribution spells it."""
        return self.values[self.keys.index(key)]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field of the provincial answer: proposed values, contributions asked for it, the current value."""

    address: str
    item: Item
    column: TableColumn | None
    proposals: tuple[ProposedValue, ...]
    asked: tuple[int, ...]
    current: AnswerValue | None
    in_row: bool

    @property
    def owner(self) -> Item | TableColumn:
        """The column or item the value belongs to."""
        return self.column or self.item

    @property
    def contributors(self) -> tuple[int, ...]:
        """Every contribution that has a value here."""
        return tuple(sorted(k for o in self.proposals for k in o.keys))

    @property
    def agreement(self) -> FieldAgreement:
        """Whether the contributions agree on this field."""
        if not self.proposals:
            return "own"
        if len(self.proposals) > 1:
            return "differ"
        return "agree" if set(self.asked) <= set(self.contributors) else "some"

    def proposal_equal_to(self, value: AnswerValue | None) -> ProposedValue | None:
        """The proposal that says the same as `value`."""
        if value is None:
            return None
        key = comparison_key(self.owner, value)
        return next((o for o in self.proposals if comparison_key(self.owner, o.value) == key), None)

    def proposal_from(self, key: int) -> ProposedValue | None:
        """The value one contribution proposes."""
        return next((o for o in self.proposals if key in o.keys), None)

    @property
    def is_current(self) -> bool:
        """Whether the province's current value is one of the proposals."""
        return self.current is not None and self.proposal_equal_to(self.current) is not None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to choose: one proposal, and no other current value."""
        return len(self.proposals) == 1 and (self.current is None or self.is_current)


@dataclass(frozen=True, slots=True)
class RowComparison:
    """A row the provincial answer could have. `keys`: contributions that have it; empty: only the province."""

    id: str
    place: str
    keys: tuple[int, ...]
    is_current: bool
    is_repeated: bool
    similar: tuple[str, ...]
    nodes: tuple[ComparisonNode, ...]


@dataclass(frozen=True, slots=True)
class RepeatComparison:
    """A repeat with the rows of all contributions, equal ones merged into one."""

    address: str
    item: Item
    rows: tuple[RowComparison, ...]
    asked: tuple[int, ...]

    @property
    def agreement(self) -> FieldAgreement:
        """Whether all give the same rows; rows never contradict each other."""
        if not any(r.keys for r in self.rows):
            return "own"
        return "agree" if all(set(self.asked) <= set(r.keys) for r in self.rows if r.keys) else "some"


ComparisonNode = FieldComparison | RepeatComparison


@dataclass(frozen=True, slots=True)
class QuestionComparison:
    """A question with its contributions side by side; `places`: provincial place of each contribution's row."""

    question: Item
    contributions: tuple[Contribution, ...]
    nodes: tuple[ComparisonNode, ...]
    places: Mapping[tuple[int, str], str]
    current: AnswerValues

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of the contributions that answer anything."""
        return tuple(g.key for g in self.contributions)

    def walk(self) -> Iterator[ComparisonNode]:
        """Every field and repeat, also inside rows, in document order."""
        yield from _walk_nodes(self.nodes)

    @property
    def fields(self) -> Iterator[FieldComparison]:
        """Every field, also inside rows."""
        return (n for n in self.walk() if isinstance(n, FieldComparison))

    @property
    def repeats(self) -> Iterator[RepeatComparison]:
        """Every repeat, also inside rows."""
        return (n for n in self.walk() if isinstance(n, RepeatComparison))

    @property
    def agreement(self) -> QuestionAgreement:
        """Whether the contributions agree on the whole question."""
        if not self.contributions:
            return "nobody"
        if len(self.contributions) == 1:
            return "single"
        agreements = {n.agreement for n in self.walk() if not (isinstance(n, FieldComparison) and n.in_row)}
        if "differ" in agreements or any(n.agreement == "differ" for n in self.fields):
            return "differ"
        return "partly" if "some" in agreements else "agree"

    @property
    def may_add_up(self) -> bool:
        """Whether several give the same number, which may be one figure or parts of a sum."""
        return any(
            n.owner.kind == "number" and len(o.keys) > 1 and o.value != "0" for n in self.fields for o in n.proposals
        )

    def provincial_address(self, key: int, address: str) -> str | None:
        """The provincial address of an address of a contribution; None when its row is not known."""
        return provincial_address(self.places, key, address)


def _walk_nodes(nodes: Sequence[ComparisonNode]) -> Iterator[ComparisonNode]:
    for node in nodes:
        yield node
        if isinstance(node, RepeatComparison):
            for row in node.rows:
                yield from _walk_nodes(row.nodes)
