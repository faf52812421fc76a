"""Merging contributions into the provincial answer by choices per address, with the sources of each value. PURE.

A choice for a field is `from:KEY` (that contribution's value), `union`, `sum`, `join`, `edit` (what was typed),
`keep` (what the province has) or `none` (empty); for a repeat it is the list of rows to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey.consolidating.comparison import (
    ComparisonNode,
    FieldComparison,
    QuestionComparison,
    RepeatComparison,
)
from survey.consolidating.merge_choices import MergeChoices
from survey.consolidating.merge_options import FROM_PREFIX, merge_options
from survey.consolidating.same_answer import comparable_content
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath, resolve_question
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import InvalidField, drop_empty_rows, parse_posted_card

MergeMethod = Literal["take", "agreed", "merge", "edit"]


@dataclass(frozen=True, slots=True)
class MergedAnswer:
    """The merged answer; `sources`: contributions behind each address; `undecided`, `invalid`: what prevents saving."""

    values: dict[str, AnswerValue]
    sources: dict[str, tuple[int, ...]]
    undecided: tuple[str, ...]
    invalid: tuple[InvalidField, ...]
    edited: frozenset[str]

    @property
    def is_complete(self) -> bool:
        """Whether it can be saved."""
        return not self.undecided and not self.invalid


@dataclass(slots=True)
class _Merger:
    choices: MergeChoices
    submitted: dict[str, Sequence[str]] = field(default_factory=dict)
    sources: dict[str, tuple[int, ...]] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)

    def merge_nodes(self, nodes: Sequence[ComparisonNode]) -> None:
        for node in nodes:
            if isinstance(node, RepeatComparison):
                self.merge_repeat(node)
            else:
                self.merge_field(node)

    def merge_repeat(self, repeat: RepeatComparison) -> None:
        wanted = self.choices.rows.get(repeat.address, ())
        order = {r: n for n, r in enumerate(wanted)}
        rows = sorted((r for r in repeat.rows if r.id in order), key=lambda r: order[r.id])
        if rows:
            self.submitted[repeat.address] = [r.id for r in rows]
            self.sources[repeat.address] = tuple(sorted({k for r in rows for k in r.keys}))
        for row in rows:
            self.merge_nodes(row.nodes)

    def merge_field(self, field: FieldComparison) -> None:
        code = self.choices.picks.get(field.address, "")
        if not code and field.in_row and field.is_settled:
            code = f"{FROM_PREFIX}{field.proposals[0].keys[0]}"
        if code == "edit":
            self.take_typed(field, self.choices.typed.get(field.address, ()))
        elif code.startswith(FROM_PREFIX):
            self.take_proposal(field, code.removeprefix(FROM_PREFIX))
        elif (option := next((w for w in merge_options(field) if w.code == code), None)) is None:
            self.undecided.append(field.address)
        elif option.value is not None:
            self.set_value(field.address, option.value, option.keys)

    def take_typed(self, field: FieldComparison, typed: Sequence[str]) -> None:
        """Takes the typed value; its sources are the field's contributors, for options those who picked them."""
        equal_proposal = field.proposal_equal_to(typed[0]) if len(typed) == 1 and field.owner.kind != "multi" else None
        self.submitted[field.address] = list(typed)
        self.sources[field.address] = field.contributors
        if equal_proposal is not None:
            self.sources[field.address] = equal_proposal.keys
        else:
            self.edited.add(field.address)
            if field.owner.kind == "multi":
                keys = {k for o in field.proposals if set(o.value) & set(typed) for k in o.keys}
                self.sources[field.address] = tuple(sorted(keys))

    def take_proposal(self, field: FieldComparison, key: str) -> None:
        """Takes one contribution's value in its spelling; its sources are all that propose the same."""
        proposal = field.proposal_from(int(key)) if key.isascii() and key.isdigit() else None
        if proposal is None:
            self.undecided.append(field.address)
        else:
            self.set_value(field.address, proposal.spelled_by(int(key)), proposal.keys)

    def set_value(self, address: str, value: AnswerValue, keys: tuple[int, ...]) -> None:
        self.submitted[address] = value if isinstance(value, list) else [value]
        self.sources[address] = keys


def merge_contributions(comparison: QuestionComparison, choices: MergeChoices) -> MergedAnswer:
    """The answer that the choices make, validated like any input; undecided and invalid fields are reported."""
    merger = _Merger(choices)
    merger.merge_nodes(comparison.nodes)
    values, invalid = parse_posted_card(comparison.question, merger.submitted)
    values = drop_empty_rows(values, {item.id: item for item in comparison.question.card()})
    sources = {a: keys for a, keys in merger.sources.items() if a in values}
    return MergedAnswer(
        values, sources, tuple(merger.undecided), tuple(invalid), frozenset(merger.edited & values.keys())
    )


def drop_closed_values(path: QuestionnairePath, question: Item, values: AnswerValues) -> dict[str, AnswerValue]:
    """The values without those that other answers or values take off the path.

    `path`: of the whole provincial answer; what it says to other questions decides too. A question that is
    itself off the path keeps everything, as any stored answer does.
    """
    on_path = resolve_question(path, question, values)
    return dict(values) if on_path is None else drop_empty_rows(on_path, path.instrument.items)


def replace_question_values(
    instrument: CompiledInstrument, answers: AnswerValues, question: Item, values: AnswerValues
) -> dict[str, AnswerValue]:
    """The whole answer as it would be with these values of one question."""
    others = {a: v for a, v in answers.items() if instrument.items[item_id_of(a)].question != question.id}
    return {**others, **values}


def merge_method(comparison: QuestionComparison, merged: MergedAnswer) -> MergeMethod:
    """How the answer was made: one contribution taken, all agreed, merged, or edited by hand."""
    used = set(merged.sources.values())
    if merged.edited or not all(used) or merged.values.keys() - merged.sources.keys():
        return "edit"
    common = set.intersection(*map(set, used)) if used else set()
    if comparison.agreement == "agree" and common == set(comparison.keys):
        return "agreed"
    content = set(comparable_content(comparison.question, merged.values))
    taken = (g for g in comparison.contributions if g.key in common)
    return "take" if any(content <= set(comparable_content(comparison.question, g.values)) for g in taken) else "merge"
