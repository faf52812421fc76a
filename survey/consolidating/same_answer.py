"""Whether two answers to a question say the same, whatever their row ids, order and spelling. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dgready.thai import fold_text
from survey.consolidating.compare import compare_contributions
from survey.consolidating.comparison import (
    ComparisonNode,
    Contribution,
    FieldComparison,
    RowComparison,
)
from survey.consolidating.repeat_rows import comparison_key
from survey.instrument.schema import AnswerValues, Item


def is_same_answer(question: Item, one: AnswerValues, other: AnswerValues) -> bool:
    """Whether two answers to the question say the same, whatever their row ids and spelling."""
    return comparable_content(question, one) == comparable_content(question, other)


def comparable_content(question: Item, values: AnswerValues) -> list[tuple[str, ...]]:
    """The content of an answer without row ids and spelling, sorted."""
    return sorted(_flatten_nodes(compare_contributions(question, [Contribution(1, values)], {}).nodes, ()))


def _flatten_nodes(nodes: Sequence[ComparisonNode], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, FieldComparison):
            yield (*path, _address_within_row(node.address), comparison_key(node.owner, node.proposals[0].value))
        else:
            for row in node.rows:
                yield from _flatten_nodes(row.nodes, (*path, node.item.id, _row_content_key(row)))


def _address_within_row(address: str) -> str:
    """The address inside the innermost row."""
    before, row, inside = address.rpartition("#")
    return inside.partition("/")[2] if row else before + inside


def _row_content_key(row: RowComparison) -> str:
    return fold_text(repr(sorted(_flatten_nodes(row.nodes, ()))))
