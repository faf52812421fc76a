"""Reads of consolidation: every agency's part of every question, how they stand, what changed since, what agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from survey.answering.queries import AnswerRow, merge_answer_values
from survey.assigning import queries as parts
from survey.assigning.targets import covered_items, covered_questions
from survey.consolidating.compare import Contribution, QuestionAgreement, QuestionComparison, compare_contributions
from survey.consolidating.decisions import DecisionRecord, DecisionSource, decision_records
from survey.consolidating.merge import (
    MergeChoices,
    MergedAnswer,
    MergeMethod,
    drop_closed_values,
    is_same_answer,
    merge_contributions,
    merge_method,
    propose_choices,
    record_left_out_rows,
    replace_question_values,
)
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.models import Answer, Assignment, Response

Values = Mapping[str, AnswerValue]
# The latest word on a part first: a question given to one agency in several parts is as far as the least of them.
_STATES_LEAST_FIRST = (
    Assignment.State.RETURNED,
    Assignment.State.OPEN,
    Assignment.State.SUBMITTED,
    Assignment.State.ACCEPTED,
    Assignment.State.DECLINED,
)
# given: the province has an answer, and the contributions do not agree on one to compare it with
ProvinceStatus = Literal["empty", "given", "same", "differs"]
# Why a question is not among those that are taken because all agree.
ManualReason = Literal["differ", "partly", "drafts", "numbers", "unsure", "province", "invalid"]


class AgencyTask(NamedTuple):
    """What an agency was asked of a question: where its part stands, why, and which items (None: all)."""

    agency: str
    state: str
    note: str
    covers: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """An agency's contribution to one question, as it stands. `values`: those on its path."""

    response: int
    code: str
    agency: str
    task: AgencyTask | None
    row: AnswerRow
    values: Values

    @property
    def is_declined(self) -> bool:
        """Whether the agency said that the question is none of its business."""
        return self.task is not None and self.task.state == Assignment.State.DECLINED

    @property
    def is_draft(self) -> bool:
        """Whether the agency is still at work on it."""
        return self.task is not None and self.task.state in parts.OPEN_STATES

    @property
    def counts(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.values) and not self.is_declined

    @property
    def given(self) -> Contribution:
        """For comparing."""
        return Contribution(self.response, self.values, self.task.covers if self.task else None)


class ContributionChange(NamedTuple):
    """What happened to a contribution after a decision."""

    part: AgencyAnswer
    kind: Literal["changed", "new", "declined"]


@dataclass(slots=True)
class RoundConsolidation:
    """Everything that consolidating one round needs, read once."""

    response: Response
    instrument: CompiledInstrument
    rows: Mapping[str, AnswerRow]
    values: dict[str, AnswerValue]
    path: QuestionnairePath
    parts: Mapping[str, Sequence[AgencyAnswer]]
    records: Mapping[str, DecisionRecord]
    asked: Mapping[str, Mapping[str, AgencyTask]]
    _compared: dict[str, QuestionComparison] = field(default_factory=dict)

    def current(self, question: str) -> dict[str, AnswerValue]:
        """The province's own values of a question, on the path where the question is on it."""
        row = self.rows.get(question)
        stored = dict(row.value) if row else {}
        if question not in self.path.on_items:
            return stored
        return {a: v for a, v in stored.items() if a in self.path.values}

    def counting(self, question: str) -> list[AgencyAnswer]:
        """The parts that have something to say."""
        return [p for p in self.parts.get(question, ()) if p.counts]

    def compared(self, question: str) -> QuestionComparison:
        """All that agencies give to a question, beside what the province has."""
        if question not in self._compared:
            givens = [p.given for p in self.counting(question)]
            self._compared[question] = compare_contributions(
                self.instrument.items[question], givens, self.current(question)
            )
        return self._compared[question]

    def handed_in(self, question: str, current: Values) -> QuestionComparison:
        """What agencies have finished with, beside `current`."""
        counting = self.counting(question)
        givens = [p.given for p in counting if not p.is_draft]
        if len(givens) == len(counting) and current == self.current(question):
            return self.compared(question)
        return compare_contributions(self.instrument.items[question], givens, current)

    def settled(self, question: str, values: Values) -> dict[str, AnswerValue]:
        """The values as the provincial answer would take them."""
        return drop_closed_values(self.instrument, self.values, self.instrument.items[question], values)

    def with_values(self, answers: Mapping[str, Values]) -> QuestionnairePath:
        """The path of the whole provincial answer with other values for some questions."""
        values = dict(self.values)
        for question, given in answers.items():
            values = replace_question_values(self.instrument, values, self.instrument.items[question], given)
        return resolve_path(self.instrument, values)

    def news(self, question: str) -> list[ContributionChange]:
        """What contributions did after the decision that stands."""
        record = self.records.get(question)
        return list(_changes_since_decision(record, self.parts.get(question, ()))) if record else []

    def edited_since(self, question: str) -> bool:
        """Whether the province's answer was changed by hand after it was made from contributions."""
        record, row = self.records.get(question), self.rows.get(question)
        return record is not None and row is not None and row.revision != record.revision


def _changes_since_decision(record: DecisionRecord, found: Sequence[AgencyAnswer]) -> Iterator[ContributionChange]:
    """Of a contribution that was not used only what is handed in: drafts change with every key."""
    for part in found:
        source = record.sources.get(part.response)
        used = bool(source and source.addresses)
        if part.is_declined:
            if used:
                yield ContributionChange(part, "declined")
        elif source is None:
            if part.values and not part.is_draft:
                yield ContributionChange(part, "new")
        elif part.row.revision > source.revision and (used or not part.is_draft):
            yield ContributionChange(part, "changed")


# -- reading it -----------------------------------------------------------------------------------


def read_consolidation(response: Response) -> RoundConsolidation:
    """The book of a provincial response. Four queries, whatever the number of agencies and questions."""
    compiled = compiled_instrument(response.round.instrument)
    found = Response.objects.filter(round=response.round_id, agency__isnull=False).select_related("agency")
    contributions = {r.pk: r for r in found.order_by("pk")}
    answers = _answer_rows(response)
    rows = answers.pop(response.pk, {})
    values = merge_answer_values(rows)
    tasks = _agency_tasks(response, compiled)
    out: dict[str, list[AgencyAnswer]] = {}
    for pk, contribution in contributions.items():
        for part in _agency_answers(contribution, answers.get(pk, {}), compiled, tasks):
            out.setdefault(part[0], []).append(part[1])
    return RoundConsolidation(
        response=response,
        instrument=compiled,
        rows=rows,
        values=values,
        path=resolve_path(compiled, values),
        parts=out,
        records=decision_records(response),
        asked=tasks,
    )


def _agency_answers(
    contribution: Response,
    rows: Mapping[str, AnswerRow],
    instrument: CompiledInstrument,
    tasks: Mapping[str, Mapping[str, AgencyTask]],
) -> Iterator[tuple[str, AgencyAnswer]]:
    agency = contribution.agency
    assert agency is not None
    on_path = resolve_path(instrument, merge_answer_values(rows)).values if rows else {}
    for question, row in rows.items():
        values = {a: v for a, v in row.value.items() if a in on_path}
        task = tasks.get(question, {}).get(agency.code)
        yield question, AgencyAnswer(contribution.pk, agency.code, agency.name, task, row, values)


def _answer_rows(response: Response) -> dict[int, dict[str, AnswerRow]]:
    """Every answer of the round by response and question. One query of plain tuples."""
    ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    columns = ("response_id", "question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    out: dict[int, dict[str, AnswerRow]] = {}
    found = Answer.objects.filter(response__round=response.round_id).order_by().values_list(*columns, *names)
    for pk, question, value, revision, unsure, note, at, first, last, email in found:
        who = f"{first} {last}".strip() or email
        out.setdefault(pk, {})[ids[question]] = AnswerRow(value, revision, unsure, note, at, who)
    return out


def _agency_tasks(response: Response, instrument: CompiledInstrument) -> dict[str, dict[str, AgencyTask]]:
    """What each agency was asked, by question and agency code. One query."""
    row = response.round.instrument
    found: dict[tuple[str, str], list[Assignment]] = {}
    assigned = Assignment.objects.filter(round=response.round_id, role__in=parts.ANSWERING_ROLES).select_related(
        "agency"
    )
    for assignment in assigned.order_by("pk"):
        for question in covered_questions(instrument, parts.assignment_target(row, assignment)):
            found.setdefault((question, assignment.agency.code), []).append(assignment)
    out: dict[str, dict[str, AgencyTask]] = {}
    for (question, agency), some in found.items():
        # A declined part says nothing of the others the agency keeps.
        kept = [a for a in some if a.state != Assignment.State.DECLINED] or some
        first = min(kept, key=lambda a: _STATES_LEAST_FIRST.index(Assignment.State(a.state)))
        covers = frozenset[str]().union(
            *(covered_items(instrument, parts.assignment_target(row, a), question) for a in kept)
        )
        whole = covers >= {i.id for i in instrument.items[question].card()}
        out.setdefault(question, {})[agency] = AgencyTask(
            str(first.agency), first.state, first.state_note, None if whole else covers
        )
    return out


# -- deciding -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """A provincial answer as decided: how, the values, what was read for it, and the choices behind it."""

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
    def used(self) -> tuple[DecisionSource, ...]:
        """The contributions something was taken from."""
        return tuple(s for s in self.sources if s.addresses)


def make_decision(book: RoundConsolidation, comparison: QuestionComparison, choices: MergeChoices) -> MergeDecision:
    """The decision that the choices make; it can be saved when `merged.is_whole`."""
    question = comparison.question.id
    result = merge_contributions(comparison, choices)
    values = book.settled(question, result.values)
    kept = replace(result, values=values, sources={a: k for a, k in result.sources.items() if a in values})
    taken: dict[int, list[str]] = {}
    for address, keys in kept.sources.items():
        for key in keys:
            taken.setdefault(key, []).append(address)
    sources = tuple(
        DecisionSource(p.response, p.row.revision, tuple(taken.get(p.response, ())))
        for p in book.parts.get(question, ())
    )
    return MergeDecision(
        comparison, merge_method(comparison, kept), values, sources, record_left_out_rows(comparison, choices), result
    )


# -- the overview ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """A question on the overview. `why`: why it is not taken with those that agree, where somebody has to decide."""

    question: Item
    whole: QuestionAgreement
    parts: tuple[AgencyAnswer, ...]
    waiting: int
    province: ProvinceStatus
    record: DecisionRecord | None
    news: int
    edited: bool
    takes: bool
    why: ManualReason | Literal[""]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide: not decided yet, or changed since."""
        return bool(self.parts) and (self.record is None or self.news > 0)


class AgreedAnswer(NamedTuple):
    """What all agree on, apart from what the province has."""

    comparison: QuestionComparison
    merged: MergedAnswer


def find_agreed_answer(book: RoundConsolidation, question: str) -> AgreedAnswer | None:
    """The answer on which the handed-in contributions agree; None where they do not."""
    comparison = book.handed_in(question, {})
    if comparison.whole not in ("single", "agree"):
        return None
    return AgreedAnswer(comparison, merge_contributions(comparison, propose_choices(comparison)))


def overview_entry(book: RoundConsolidation, question: Item) -> OverviewEntry:
    """How one question stands."""
    counting = book.counting(question.id)
    record, news = book.records.get(question.id), len(book.news(question.id))
    found = find_agreed_answer(book, question.id) if counting else None
    province = _province_status(book, question, found)
    why = _manual_reason(book, question, found, province) if counting else ""
    is_open = record is None or news > 0
    waiting = sum(t.state in parts.OPEN_STATES for t in book.asked.get(question.id, {}).values())
    return OverviewEntry(
        question=question,
        whole=book.compared(question.id).whole,
        parts=tuple(counting),
        waiting=waiting,
        province=province,
        record=record,
        news=news,
        edited=book.edited_since(question.id),
        takes=bool(counting) and is_open and not why,
        why=why if is_open else "",
    )


def _province_status(book: RoundConsolidation, question: Item, found: AgreedAnswer | None) -> ProvinceStatus:
    current = book.current(question.id)
    if not current or found is None:
        return "given" if current else "empty"
    return "same" if is_same_answer(question, book.settled(question.id, found.merged.values), current) else "differs"


def _manual_reason(
    book: RoundConsolidation, question: Item, found: AgreedAnswer | None, province: ProvinceStatus
) -> ManualReason | Literal[""]:
    counting = book.counting(question.id)
    whole = book.compared(question.id).whole
    drafts = [p for p in counting if p.is_draft]
    if found is None:
        return "drafts" if len(drafts) == len(counting) else "differ" if whole == "differ" else "partly"
    if any(not is_same_answer(question, p.values, found.merged.values) for p in drafts):
        return "drafts"
    if found.comparison.may_add_up:
        return "numbers"
    if any(p.row.unsure for p in counting):
        return "unsure"
    if not found.merged.is_whole:
        return "invalid"
    return "province" if province == "differs" else ""


def consolidation_overview(book: RoundConsolidation) -> list[OverviewEntry]:
    """Every question that was asked of an agency or answered by one or by the province, in document order."""
    return [overview_entry(book, q) for q in book.instrument.questions]
