"""Comparing the contributions to one question, at the addresses of the provincial answer. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dgready.thai import fold_text
from survey.consolidating.comparison import (
    ComparisonNode,
    Contribution,
    FieldComparison,
    ProposedValue,
    QuestionComparison,
    RepeatComparison,
    RowComparison,
)
from survey.consolidating.repeat_rows import (
    ContributedRow,
    RowGroup,
    comparison_key,
    group_equal_rows,
    question_fields,
    resolve_row_ids,
    row_ids,
)
from survey.instrument.addresses import repeat_row_address
from survey.instrument.schema import AnswerValue, AnswerValues, Item, TableColumn


@dataclass(frozen=True, slots=True)
class _ContributionSource:
    """A contribution and the prefix of its own row that is compared here."""

    contribution: Contribution
    prefix: str


@dataclass(slots=True)
class _Comparer:
    current: AnswerValues
    places: dict[tuple[int, str], str] = field(default_factory=dict)

    def compare_item(self, item: Item, prefix: str, sources: Sequence[_ContributionSource]) -> Iterator[ComparisonNode]:
        for address, part, column in question_fields(item, prefix):
            if part.kind == "repeat":
                node: ComparisonNode | None = self.compare_repeat(part, address, sources, len(prefix))
            else:
                node = self.compare_field(part, column, address, sources, len(prefix))
            if node is not None:
                yield node

    def compare_field(
        self,
        item: Item,
        column: TableColumn | None,
        address: str,
        sources: Sequence[_ContributionSource],
        prefix_length: int,
    ) -> FieldComparison | None:
        values_by_key: dict[str, list[tuple[int, AnswerValue]]] = {}
        for source in sources:
            value = source.contribution.values.get(source.prefix + address[prefix_length:])
            if value is not None:
                values_by_key.setdefault(comparison_key(column or item, value), []).append(
                    (source.contribution.key, value)
                )
        current = self.current.get(address)
        if not values_by_key and current is None:
            return None
        proposals = tuple(
            ProposedValue(tuple(v for _, v in spellings), tuple(k for k, _ in spellings))
            for spellings in values_by_key.values()
        )
        return FieldComparison(
            address, item, column, proposals, _asked_contributions(sources, item), current, prefix_length > 0
        )

    def compare_repeat(
        self, item: Item, address: str, sources: Sequence[_ContributionSource], prefix_length: int
    ) -> RepeatComparison | None:
        members = [
            ContributedRow(s.contribution.key, s.contribution.values, repeat_row_address(own_address, row))
            for s in sources
            for own_address in [s.prefix + address[prefix_length:]]
            for row in row_ids(s.contribution.values, own_address)
        ]
        groups = group_equal_rows(item, members)
        only_provincial = resolve_row_ids(item, address, groups, self.current)
        if not groups and not only_provincial:
            return None
        current_ids = row_ids(self.current, address)
        rows = [self.compare_row(item, address, one, sources, one.id in current_ids) for one in groups]
        rows += [self.compare_row(item, address, RowGroup((), 0, id=r), (), True) for r in only_provincial]
        order = {r: n for n, r in enumerate(current_ids)}
        rows.sort(key=lambda r: order.get(r.id, len(order)))
        return RepeatComparison(address, item, _link_similar_rows(item, rows), _asked_contributions(sources, item))

    def compare_row(
        self, item: Item, address: str, group: RowGroup, sources: Sequence[_ContributionSource], is_current: bool
    ) -> RowComparison:
        place = repeat_row_address(address, group.id)
        contributions = {s.contribution.key: s.contribution for s in sources}
        inner = [_ContributionSource(contributions[m.key], m.place + "/") for m in group.members]
        self.places.update({(m.key, m.place): place for m in group.members})
        nodes = tuple(n for child in item.items for n in self.compare_item(child, place + "/", inner))
        return RowComparison(
            group.id, place, tuple(m.key for m in group.members), is_current, group.occurrence > 0, (), nodes
        )


def _asked_contributions(sources: Sequence[_ContributionSource], item: Item) -> tuple[int, ...]:
    return tuple(s.contribution.key for s in sources if s.contribution.is_asked_for(item))


def row_heading(row: RowComparison) -> FieldComparison | None:
    """The field by which people know a row: its first text, else its first field."""
    lines = [n for n in row.nodes if isinstance(n, FieldComparison)]
    return next((n for n in lines if n.owner.kind == "text"), lines[0] if lines else None)


def _link_similar_rows(item: Item, rows: Sequence[RowComparison]) -> tuple[RowComparison, ...]:
    """The rows, each with the ids of rows that have the same heading but differ otherwise."""
    rows_by_name: dict[str, list[str]] = {}
    name_of_row: dict[str, str] = {}
    for row in rows:
        heading = row_heading(row)
        value = (heading.proposals[0].value if heading.proposals else heading.current) if heading else None
        if heading is not None and heading.owner.kind == "text" and isinstance(value, str):
            name_of_row[row.id] = fold_text(value)
            rows_by_name.setdefault(name_of_row[row.id], []).append(row.id)
    return tuple(
        RowComparison(r.id, r.place, r.keys, r.is_current, r.is_repeated, similar_ids, r.nodes)
        for r in rows
        for similar_ids in [tuple(i for i in rows_by_name.get(name_of_row.get(r.id, ""), ()) if i != r.id)]
    )


def compare_contributions(
    question: Item, contributions: Sequence[Contribution], current: AnswerValues
) -> QuestionComparison:
    """Compares the contributions. `current`: the province's own values of the question."""
    answered = tuple(sorted((g for g in contributions if g.values), key=lambda g: g.key))
    comparer = _Comparer(current)
    nodes = tuple(comparer.compare_item(question, "", [_ContributionSource(g, "") for g in answered]))
    return QuestionComparison(question, answered, nodes, comparer.places, current)
