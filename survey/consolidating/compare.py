"""What agencies answered to one question, laid side by side at the addresses of the provincial answer. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dgready.thai import fold_text
from survey.consolidating.repeat_rows import (
    ContributedRow,
    RowGroup,
    comparison_key,
    group_equal_rows,
    provincial_address,
    question_fields,
    resolve_row_ids,
    row_ids,
)
from survey.instrument.addresses import repeat_row_address
from survey.instrument.schema import AnswerValue, AnswerValues, Item, TableColumn

# own: only the province has a value there
FieldAgreement = Literal["agree", "some", "differ", "own"]
# nobody: no contribution; single: one; partly: nothing contradicts, but not everyone gave everything
QuestionAgreement = Literal["nobody", "single", "agree", "partly", "differ"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One contribution's answer: its values on the path. `covers`: the items it was asked for; None is all."""

    key: int
    values: AnswerValues
    covers: frozenset[str] | None = None

    def asked(self, item: Item) -> bool:
        """Whether the item is among those it was asked for."""
        return self.covers is None or item.id in self.covers


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A value and the contributions that give it, each in its own spelling."""

    values: tuple[AnswerValue, ...]
    keys: tuple[int, ...]

    @property
    def value(self) -> AnswerValue:
        """The value as the first of them spells it."""
        return self.values[0]

    def of(self, key: int) -> AnswerValue:
        """The value as one contribution spells it."""
        return self.values[self.keys.index(key)]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field of the provincial answer: what is offered, who was asked, what stands there now."""

    address: str
    item: Item
    column: TableColumn | None
    offers: tuple[ProposedValue, ...]
    asked: tuple[int, ...]
    current: AnswerValue | None
    in_row: bool

    @property
    def owner(self) -> Item | TableColumn:
        """What the value belongs to."""
        return self.column or self.item

    @property
    def givers(self) -> tuple[int, ...]:
        """Every contribution that has a value here."""
        return tuple(sorted(k for o in self.offers for k in o.keys))

    @property
    def standing(self) -> FieldAgreement:
        """How the contributions stand to each other here."""
        if not self.offers:
            return "own"
        if len(self.offers) > 1:
            return "differ"
        return "agree" if set(self.asked) <= set(self.givers) else "some"

    def offer_like(self, value: AnswerValue | None) -> ProposedValue | None:
        """The offer that says the same as `value`."""
        if value is None:
            return None
        key = comparison_key(self.owner, value)
        return next((o for o in self.offers if comparison_key(self.owner, o.value) == key), None)

    def offer_of(self, key: int) -> ProposedValue | None:
        """The offer of one contribution."""
        return next((o for o in self.offers if key in o.keys), None)

    @property
    def stands(self) -> bool:
        """Whether what the province has is what one of the contributions says."""
        return self.current is not None and self.offer_like(self.current) is not None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to choose: one value, and no other one stands."""
        return len(self.offers) == 1 and (self.current is None or self.stands)


@dataclass(frozen=True, slots=True)
class RowComparison:
    """A row of the provincial answer as it could be. `keys`: who gives it, empty when only the province has it."""

    id: str
    place: str
    keys: tuple[int, ...]
    stands: bool
    again: bool
    similar: tuple[str, ...]
    nodes: tuple[ComparisonNode, ...]


@dataclass(frozen=True, slots=True)
class RepeatComparison:
    """A repeat with every row anybody gives, equal ones folded into one."""

    address: str
    item: Item
    rows: tuple[RowComparison, ...]
    asked: tuple[int, ...]

    @property
    def standing(self) -> FieldAgreement:
        """Whether all give the same rows; rows never contradict each other."""
        if not any(r.keys for r in self.rows):
            return "own"
        return "agree" if all(set(self.asked) <= set(r.keys) for r in self.rows if r.keys) else "some"


ComparisonNode = FieldComparison | RepeatComparison


@dataclass(frozen=True, slots=True)
class QuestionComparison:
    """A question with its contributions side by side; `places` tells where each one's rows have gone."""

    question: Item
    givens: tuple[Contribution, ...]
    nodes: tuple[ComparisonNode, ...]
    places: Mapping[tuple[int, str], str]
    current: AnswerValues

    @property
    def keys(self) -> tuple[int, ...]:
        """The contributions that answer anything."""
        return tuple(g.key for g in self.givens)

    def walk(self) -> Iterator[ComparisonNode]:
        """Every line and repeat, also inside rows, in document order."""
        yield from _walk_nodes(self.nodes)

    @property
    def lines(self) -> Iterator[FieldComparison]:
        """Every line, also inside rows."""
        return (n for n in self.walk() if isinstance(n, FieldComparison))

    @property
    def repeats(self) -> Iterator[RepeatComparison]:
        """Every repeat, also inside rows."""
        return (n for n in self.walk() if isinstance(n, RepeatComparison))

    @property
    def whole(self) -> QuestionAgreement:
        """How the contributions stand to each other over the whole question."""
        if not self.givens:
            return "nobody"
        if len(self.givens) == 1:
            return "single"
        found = {n.standing for n in self.walk() if not (isinstance(n, FieldComparison) and n.in_row)}
        if "differ" in found or any(n.standing == "differ" for n in self.lines):
            return "differ"
        return "partly" if "some" in found else "agree"

    @property
    def may_add_up(self) -> bool:
        """Whether several give the same number, which may be one figure or parts of a sum."""
        return any(
            n.owner.kind == "number" and len(o.keys) > 1 and o.value != "0" for n in self.lines for o in n.offers
        )

    def place(self, key: int, address: str) -> str | None:
        """Where an address of a contribution lies in the provincial answer."""
        return provincial_address(self.places, key, address)


def _walk_nodes(nodes: Sequence[ComparisonNode]) -> Iterator[ComparisonNode]:
    for node in nodes:
        yield node
        if isinstance(node, RepeatComparison):
            for row in node.rows:
                yield from _walk_nodes(row.nodes)


@dataclass(frozen=True, slots=True)
class _ContributionSource:
    """A contribution and the prefix of its own row that lies here."""

    given: Contribution
    prefix: str


@dataclass(slots=True)
class _Comparer:
    current: AnswerValues
    places: dict[tuple[int, str], str] = field(default_factory=dict)

    def nodes(self, item: Item, prefix: str, spots: Sequence[_ContributionSource]) -> Iterator[ComparisonNode]:
        for address, part, column in question_fields(item, prefix):
            if part.kind == "repeat":
                node: ComparisonNode | None = self.repeat(part, address, spots, len(prefix))
            else:
                node = self.line(part, column, address, spots, len(prefix))
            if node is not None:
                yield node

    def line(
        self, item: Item, column: TableColumn | None, address: str, spots: Sequence[_ContributionSource], cut: int
    ) -> FieldComparison | None:
        offers: dict[str, list[tuple[int, AnswerValue]]] = {}
        for spot in spots:
            value = spot.given.values.get(spot.prefix + address[cut:])
            if value is not None:
                offers.setdefault(comparison_key(column or item, value), []).append((spot.given.key, value))
        current = self.current.get(address)
        if not offers and current is None:
            return None
        found = tuple(ProposedValue(tuple(v for _, v in some), tuple(k for k, _ in some)) for some in offers.values())
        return FieldComparison(address, item, column, found, _asked_contributions(spots, item), current, cut > 0)

    def repeat(
        self, item: Item, address: str, spots: Sequence[_ContributionSource], cut: int
    ) -> RepeatComparison | None:
        members = [
            ContributedRow(s.given.key, s.given.values, repeat_row_address(source, row))
            for s in spots
            for source in [s.prefix + address[cut:]]
            for row in row_ids(s.given.values, source)
        ]
        groups = group_equal_rows(item, members)
        alone = resolve_row_ids(item, address, groups, self.current)
        if not groups and not alone:
            return None
        standing = row_ids(self.current, address)
        rows = [self.row(item, address, one, spots, one.id in standing) for one in groups]
        rows += [self.row(item, address, RowGroup((), 0, id=r), (), True) for r in alone]
        order = {r: n for n, r in enumerate(standing)}
        rows.sort(key=lambda r: order.get(r.id, len(order)))
        return RepeatComparison(address, item, _link_similar_rows(item, rows), _asked_contributions(spots, item))

    def row(
        self, item: Item, address: str, one: RowGroup, spots: Sequence[_ContributionSource], stands: bool
    ) -> RowComparison:
        place = repeat_row_address(address, one.id)
        givens = {s.given.key: s.given for s in spots}
        inner = [_ContributionSource(givens[m.key], m.place + "/") for m in one.members]
        self.places.update({(m.key, m.place): place for m in one.members})
        nodes = tuple(n for child in item.items for n in self.nodes(child, place + "/", inner))
        return RowComparison(one.id, place, tuple(m.key for m in one.members), stands, one.again > 0, (), nodes)


def _asked_contributions(spots: Sequence[_ContributionSource], item: Item) -> tuple[int, ...]:
    return tuple(s.given.key for s in spots if s.given.asked(item))


def row_heading(row: RowComparison) -> FieldComparison | None:
    """The line by which people know a row: its first text, else its first field."""
    lines = [n for n in row.nodes if isinstance(n, FieldComparison)]
    return next((n for n in lines if n.owner.kind == "text"), lines[0] if lines else None)


def _link_similar_rows(item: Item, rows: Sequence[RowComparison]) -> tuple[RowComparison, ...]:
    """Rows that begin with the same text but go on otherwise know of each other."""
    names: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    for row in rows:
        line = row_heading(row)
        value = (line.offers[0].value if line.offers else line.current) if line else None
        if line is not None and line.owner.kind == "text" and isinstance(value, str):
            named[row.id] = fold_text(value)
            names.setdefault(named[row.id], []).append(row.id)
    return tuple(
        RowComparison(r.id, r.place, r.keys, r.stands, r.again, like, r.nodes)
        for r in rows
        for like in [tuple(i for i in names.get(named.get(r.id, ""), ()) if i != r.id)]
    )


def compare_contributions(question: Item, givens: Sequence[Contribution], current: AnswerValues) -> QuestionComparison:
    """Lays the contributions side by side. `current`: the province's own values of the question."""
    some = tuple(sorted((g for g in givens if g.values), key=lambda g: g.key))
    comparer = _Comparer(current)
    nodes = tuple(comparer.nodes(question, "", [_ContributionSource(g, "") for g in some]))
    return QuestionComparison(question, some, nodes, comparer.places, current)
