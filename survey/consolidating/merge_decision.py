"""The decision on one question: the provincial answer that choices make, with the contributions behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey.consolidating.comparison import QuestionComparison
from survey.consolidating.decisions import DecisionSource
from survey.consolidating.merge import MergedAnswer, MergeMethod, merge_contributions, merge_method
from survey.consolidating.merge_choices import MergeChoices, record_left_out_rows
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.instrument.schema import AnswerValue


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """A decision on one question: method, resulting values, contributions read, and the choices behind it."""

    comparison: QuestionComparison
    method: MergeMethod
    values: Mapping[str, AnswerValue]
    sources: tuple[DecisionSource, ...]
    choices: MergeChoices
    merged: MergedAnswer

    @property
    def question(self) -> str:
        """The id of the question."""
        return self.comparison.question.id

    @property
    def used_sources(self) -> tuple[DecisionSource, ...]:
        """The contributions something was taken from."""
        return tuple(s for s in self.sources if s.addresses)


def make_decision(
    consolidation: RoundConsolidation, comparison: QuestionComparison, choices: MergeChoices
) -> MergeDecision:
    """The decision that the choices make; it can be saved when `merged.is_complete`."""
    question = comparison.question.id
    result = merge_contributions(comparison, choices)
    values = consolidation.values_on_path(question, result.values)
    merged_on_path = replace(result, values=values, sources={a: k for a, k in result.sources.items() if a in values})
    addresses_by_contribution: dict[int, list[str]] = {}
    for address, keys in merged_on_path.sources.items():
        for key in keys:
            addresses_by_contribution.setdefault(key, []).append(address)
    sources = tuple(
        DecisionSource(p.contribution, p.answer_row.revision, tuple(addresses_by_contribution.get(p.contribution, ())))
        for p in consolidation.agency_answers.get(question, ())
    )
    return MergeDecision(
        comparison,
        merge_method(comparison, merged_on_path),
        values,
        sources,
        record_left_out_rows(comparison, choices),
        result,
    )
