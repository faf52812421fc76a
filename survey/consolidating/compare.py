"""What agencies answered to one question, laid side by side at the addresses of the provincial answer. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dgready.thai import fold
from survey.consolidating.repeat_rows import Group, Member, group, listed, moved, name_rows, parts, same_key
from survey.instrument.address import repeat_row
from survey.instrument.schema import Column, Item, Value, Values

# own: only the province has a value there
Standing = Literal["agree", "some", "differ", "own"]
# nobody: no contribution; single: one; partly: nothing contradicts, but not everyone gave everything
Whole = Literal["nobody", "single", "agree", "partly", "differ"]


@dataclass(frozen=True, slots=True)
class Given:
    """One contribution's answer: its values on the path. `covers`: the items it was asked for; None is all."""

    key: int
    values: Values
    covers: frozenset[str] | None = None

    def asked(self, item: Item) -> bool:
        """Whether the item is among those it was asked for."""
        return self.covers is None or item.id in self.covers


@dataclass(frozen=True, slots=True)
class Offer:
    """A value and the contributions that give it, each in its own spelling."""

    values: tuple[Value, ...]
    keys: tuple[int, ...]

    @property
    def value(self) -> Value:
        """The value as the first of them spells it."""
        return self.values[0]

    def of(self, key: int) -> Value:
        """The value as one contribution spells it."""
        return self.values[self.keys.index(key)]


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the provincial answer: what is offered, who was asked, what stands there now."""

    address: str
    item: Item
    column: Column | None
    offers: tuple[Offer, ...]
    asked: tuple[int, ...]
    current: Value | None
    in_row: bool

    @property
    def owner(self) -> Item | Column:
        """What the value belongs to."""
        return self.column or self.item

    @property
    def givers(self) -> tuple[int, ...]:
        """Every contribution that has a value here."""
        return tuple(sorted(k for o in self.offers for k in o.keys))

    @property
    def standing(self) -> Standing:
        """How the contributions stand to each other here."""
        if not self.offers:
            return "own"
        if len(self.offers) > 1:
            return "differ"
        return "agree" if set(self.asked) <= set(self.givers) else "some"

    def offer_like(self, value: Value | None) -> Offer | None:
        """The offer that says the same as `value`."""
        if value is None:
            return None
        key = same_key(self.owner, value)
        return next((o for o in self.offers if same_key(self.owner, o.value) == key), None)

    def offer_of(self, key: int) -> Offer | None:
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
class Row:
    """A row of the provincial answer as it could be. `keys`: who gives it, empty when only the province has it."""

    id: str
    place: str
    keys: tuple[int, ...]
    stands: bool
    again: bool
    similar: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat with every row anybody gives, equal ones folded into one."""

    address: str
    item: Item
    rows: tuple[Row, ...]
    asked: tuple[int, ...]

    @property
    def standing(self) -> Standing:
        """Whether all give the same rows; rows never contradict each other."""
        if not any(r.keys for r in self.rows):
            return "own"
        return "agree" if all(set(self.asked) <= set(r.keys) for r in self.rows if r.keys) else "some"


Node = Line | Repeat


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question with its contributions side by side; `places` tells where each one's rows have gone."""

    question: Item
    givens: tuple[Given, ...]
    nodes: tuple[Node, ...]
    places: Mapping[tuple[int, str], str]
    current: Values

    @property
    def keys(self) -> tuple[int, ...]:
        """The contributions that answer anything."""
        return tuple(g.key for g in self.givens)

    def walk(self) -> Iterator[Node]:
        """Every line and repeat, also inside rows, in document order."""
        yield from _walk(self.nodes)

    @property
    def lines(self) -> Iterator[Line]:
        """Every line, also inside rows."""
        return (n for n in self.walk() if isinstance(n, Line))

    @property
    def repeats(self) -> Iterator[Repeat]:
        """Every repeat, also inside rows."""
        return (n for n in self.walk() if isinstance(n, Repeat))

    @property
    def whole(self) -> Whole:
        """How the contributions stand to each other over the whole question."""
        if not self.givens:
            return "nobody"
        if len(self.givens) == 1:
            return "single"
        found = {n.standing for n in self.walk() if not (isinstance(n, Line) and n.in_row)}
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
        return moved(self.places, key, address)


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Repeat):
            for row in node.rows:
                yield from _walk(row.nodes)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A contribution and the prefix of its own row that lies here."""

    given: Given
    prefix: str


@dataclass(slots=True)
class _Comparer:
    current: Values
    places: dict[tuple[int, str], str] = field(default_factory=dict)

    def nodes(self, item: Item, prefix: str, spots: Sequence[_Spot]) -> Iterator[Node]:
        for address, part, column in parts(item, prefix):
            if part.kind == "repeat":
                node: Node | None = self.repeat(part, address, spots, len(prefix))
            else:
                node = self.line(part, column, address, spots, len(prefix))
            if node is not None:
                yield node

    def line(self, item: Item, column: Column | None, address: str, spots: Sequence[_Spot], cut: int) -> Line | None:
        offers: dict[str, list[tuple[int, Value]]] = {}
        for spot in spots:
            value = spot.given.values.get(spot.prefix + address[cut:])
            if value is not None:
                offers.setdefault(same_key(column or item, value), []).append((spot.given.key, value))
        current = self.current.get(address)
        if not offers and current is None:
            return None
        found = tuple(Offer(tuple(v for _, v in some), tuple(k for k, _ in some)) for some in offers.values())
        return Line(address, item, column, found, _asked(spots, item), current, cut > 0)

    def repeat(self, item: Item, address: str, spots: Sequence[_Spot], cut: int) -> Repeat | None:
        members = [
            Member(s.given.key, s.given.values, repeat_row(source, row))
            for s in spots
            for source in [s.prefix + address[cut:]]
            for row in listed(s.given.values, source)
        ]
        groups = group(item, members)
        alone = name_rows(item, address, groups, self.current)
        if not groups and not alone:
            return None
        standing = listed(self.current, address)
        rows = [self.row(item, address, one, spots, one.id in standing) for one in groups]
        rows += [self.row(item, address, Group((), 0, id=r), (), True) for r in alone]
        order = {r: n for n, r in enumerate(standing)}
        rows.sort(key=lambda r: order.get(r.id, len(order)))
        return Repeat(address, item, _with_similar(item, rows), _asked(spots, item))

    def row(self, item: Item, address: str, one: Group, spots: Sequence[_Spot], stands: bool) -> Row:
        place = repeat_row(address, one.id)
        givens = {s.given.key: s.given for s in spots}
        inner = [_Spot(givens[m.key], m.place + "/") for m in one.members]
        self.places.update({(m.key, m.place): place for m in one.members})
        nodes = tuple(n for child in item.items for n in self.nodes(child, place + "/", inner))
        return Row(one.id, place, tuple(m.key for m in one.members), stands, one.again > 0, (), nodes)


def _asked(spots: Sequence[_Spot], item: Item) -> tuple[int, ...]:
    return tuple(s.given.key for s in spots if s.given.asked(item))


def heading(row: Row) -> Line | None:
    """The line by which people know a row: its first text, else its first field."""
    lines = [n for n in row.nodes if isinstance(n, Line)]
    return next((n for n in lines if n.owner.kind == "text"), lines[0] if lines else None)


def _with_similar(item: Item, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows that begin with the same text but go on otherwise know of each other."""
    names: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    for row in rows:
        line = heading(row)
        value = (line.offers[0].value if line.offers else line.current) if line else None
        if line is not None and line.owner.kind == "text" and isinstance(value, str):
            named[row.id] = fold(value)
            names.setdefault(named[row.id], []).append(row.id)
    return tuple(
        Row(r.id, r.place, r.keys, r.stands, r.again, like, r.nodes)
        for r in rows
        for like in [tuple(i for i in names.get(named.get(r.id, ""), ()) if i != r.id)]
    )


def compare_contributions(question: Item, givens: Sequence[Given], current: Values) -> Comparison:
    """Lays the contributions side by side. `current`: the province's own values of the question."""
    some = tuple(sorted((g for g in givens if g.values), key=lambda g: g.key))
    comparer = _Comparer(current)
    nodes = tuple(comparer.nodes(question, "", [_Spot(g, "") for g in some]))
    return Comparison(question, some, nodes, comparer.places, current)
