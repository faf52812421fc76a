"""Everything that consolidating one round needs in one object: answers, comparisons, what changed since a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from survey.answering.queries import AnswerRow
from survey.consolidating.agency_answers import AgencyAnswer, AgencyTask, Values
from survey.consolidating.compare import compare_contributions
from survey.consolidating.comparison import QuestionComparison
from survey.consolidating.decisions import DecisionRecord
from survey.consolidating.kept_rounds import KeptRound
from survey.consolidating.merge import drop_closed_values, replace_question_values
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Response


class ContributionChange(NamedTuple):
    """A change of a contribution after a decision."""

    answer: AgencyAnswer
    kind: Literal["changed", "new", "declined"]


@dataclass(slots=True)
class RoundConsolidation:
    """All answers, assignments and decisions of one round, with its comparisons computed on demand."""

    response: Response
    instrument: CompiledInstrument
    answers: Mapping[str, AnswerRow]
    values: dict[str, AnswerValue]
    path: QuestionnairePath
    agency_answers: Mapping[str, Sequence[AgencyAnswer]]
    decisions: Mapping[str, DecisionRecord]
    tasks: Mapping[str, Mapping[str, AgencyTask]]
    kept: KeptRound = field(default_factory=KeptRound)
    is_province_kept: bool = False  # nothing of the provincial answer had to be read for this page
    _comparisons: dict[str, QuestionComparison] = field(default_factory=dict)
    _paths: list[tuple[Mapping[str, Values], QuestionnairePath]] = field(default_factory=list)
    _changed_path: QuestionnairePath | None = None

    def current_values(self, question: str) -> dict[str, AnswerValue]:
        """The province's own values of a question, on the path where the question is on it."""
        row = self.answers.get(question)
        stored = dict(row.value) if row else {}
        if question not in self.path.on_items:
            return stored
        return {a: v for a, v in stored.items() if a in self.path.values}

    def usable_answers(self, question: str) -> list[AgencyAnswer]:
        """The agencies' answers that have values and are not declined."""
        return [p for p in self.agency_answers.get(question, ()) if p.is_usable]

    def is_answered(self, question: str) -> bool:
        """Whether any agency's answer is usable."""
        return any(p.is_usable for p in self.agency_answers.get(question, ()))

    def compare(self, question: str) -> QuestionComparison:
        """Compares all usable answers to a question with the province's current values. Computed once."""
        if question not in self._comparisons:
            contributions = [p.as_contribution for p in self.usable_answers(question)]
            self._comparisons[question] = compare_contributions(
                self.instrument.items[question], contributions, self.current_values(question)
            )
        return self._comparisons[question]

    def compare_handed_in(self, question: str, current: Values) -> QuestionComparison:
        """Compares the answers agencies have handed in with `current`."""
        usable = self.usable_answers(question)
        contributions = [p.as_contribution for p in usable if not p.is_draft]
        if len(contributions) == len(usable) and current == self.current_values(question):
            return self.compare(question)
        return compare_contributions(self.instrument.items[question], contributions, current)

    def values_on_path(self, question: str, values: Values) -> dict[str, AnswerValue]:
        """The values without those off the path of the provincial answer."""
        return drop_closed_values(self._changed_path or self.path, self.instrument.items[question], values)

    def add_values(self, values: Values) -> None:
        """Takes values into the provincial answer: later questions are on the path as these say."""
        self.values.update(values)
        self._changed_path = resolve_path(self.instrument, self.values)
        self._paths.clear()

    def path_with(self, answers: Mapping[str, Values]) -> QuestionnairePath:
        """The path of the whole provincial answer with other values for some questions. Computed once for each."""
        for asked, path in self._paths:
            if asked == answers:
                return path
        path = self._resolve_with(answers)
        self._paths.append((dict(answers), path))
        return path

    def _resolve_with(self, answers: Mapping[str, Values]) -> QuestionnairePath:
        values = dict(self.values)
        for question, given in answers.items():
            values = replace_question_values(self.instrument, values, self.instrument.items[question], given)
        return resolve_path(self.instrument, values)

    def changes_since_decision(self, question: str) -> list[ContributionChange]:
        """How contributions changed after the stored decision."""
        decision = self.decisions.get(question)
        return list(_changes_since_decision(decision, self.agency_answers.get(question, ()))) if decision else []

    def edited_since_decision(self, question: str) -> bool:
        """Whether the province's answer was changed by hand after it was made from contributions."""
        decision, row = self.decisions.get(question), self.answers.get(question)
        return decision is not None and row is not None and row.revision != decision.revision


def _changes_since_decision(decision: DecisionRecord, answers: Sequence[AgencyAnswer]) -> Iterator[ContributionChange]:
    """Changes by contribution; of one not used only when handed in, since drafts change with every keystroke."""
    for answer in answers:
        source = decision.sources.get(answer.contribution)
        used = bool(source and source.addresses)
        if answer.is_declined:
            if used:
                yield ContributionChange(answer, "declined")
        elif source is None:
            if answer.values and not answer.is_draft:
                yield ContributionChange(answer, "new")
        elif answer.answer_row.revision > source.revision and (used or not answer.is_draft):
            yield ContributionChange(answer, "changed")
