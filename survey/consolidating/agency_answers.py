"""What each agency was asked and has answered: one value object per question and contribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from accounts.models import Agency
from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.prepared_queries import PreparedValues
from survey.answering.queries import AnswerRow, merge_answer_values
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target
from survey.assigning.targets import covered_items, covered_questions
from survey.consolidating.comparison import Contribution
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Assignment, Instrument, Response

Values = Mapping[str, AnswerValue]
# The latest word on a part first: a question given to one agency in several parts is as far as the least of them.
_STATES_LEAST_FIRST = (
    Assignment.State.RETURNED,
    Assignment.State.OPEN,
    Assignment.State.SUBMITTED,
    Assignment.State.ACCEPTED,
    Assignment.State.DECLINED,
)


_ASSIGNMENT_COLUMNS: Final = (
    *("pk", "sub_pillar_id", "question_id", "item_id"),
    *("state", "nothing_reason", "state_note"),
)
_AGENCY_COLUMNS: Final = ("pk", "code", "name_th", "name_en")
_ASSIGNED = PreparedValues(
    lambda: (
        Assignment.objects.filter(role__in=ANSWERING_ROLES)
        .order_by("pk")
        .values_list(*_ASSIGNMENT_COLUMNS, *(f"agency__{name}" for name in _AGENCY_COLUMNS))
    ),
    "round",
)


class AgencyTask(NamedTuple):
    """What an agency was asked of a question: state of its part, note to it, and which items (None: all).

    `label`: the state in words, "nothing to report" among them.
    """

    agency: str
    state: str
    note: str
    covers: frozenset[str] | None
    label: str


Tasks = Mapping[str, Mapping[str, AgencyTask]]
_kept_tasks: Final[LruCache[Tasks]] = LruCache(16)


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """An agency's stored answer to one question. `values`: those on its path."""

    contribution: int
    agency_code: str
    agency: str
    task: AgencyTask | None
    answer_row: AnswerRow
    values: Values

    @property
    def is_declined(self) -> bool:
        """Whether the agency declined the question as not relevant to it."""
        return self.task is not None and self.task.state == Assignment.State.DECLINED

    @property
    def is_draft(self) -> bool:
        """Whether the agency is still at work on it."""
        return self.task is not None and self.task.state in OPEN_STATES

    @property
    def is_usable(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.values) and not self.is_declined

    @property
    def as_contribution(self) -> Contribution:
        """The answer as comparing needs it."""
        return Contribution(self.contribution, self.values, self.task.covers if self.task else None)


def values_on_path(
    answer_rows: Mapping[str, AnswerRow] | None, instrument: CompiledInstrument
) -> dict[str, tuple[AnswerRow, Values]]:
    """The answers of one contribution by question, each with its values that are on the path."""
    if not answer_rows:
        return {}
    on_path = resolve_path(instrument, merge_answer_values(answer_rows)).values
    return {
        question: (row, row.value if on_path.keys() >= row.value.keys() else _those_in(row.value, on_path))
        for question, row in answer_rows.items()
    }


def _those_in(values: Values, on_path: Values) -> Values:
    return {address: value for address, value in values.items() if address in on_path}


def agency_answers(
    contribution: int, agency: Agency, read: Mapping[str, tuple[AnswerRow, Values]], tasks: Tasks
) -> Iterator[tuple[str, AgencyAnswer]]:
    """The answers of one contribution with the tasks of its agency, by question; no query."""
    code, name = agency.code, agency.name
    for question, (row, values) in read.items():
        yield question, AgencyAnswer(contribution, code, name, tasks.get(question, {}).get(code), row, values)


def agency_tasks(response: Response, instrument: CompiledInstrument) -> Tasks:
    """What each agency was asked, by question and agency code. One query; kept by the rows that were read."""
    form = response.round.instrument
    rows = tuple(_ASSIGNED.all(response.round_id))
    key = (form.pk, form.checksum, reader_language(), rows)
    return _kept_tasks.get(key, lambda: _make_tasks(form, instrument, rows))


def _make_tasks(form: Instrument, instrument: CompiledInstrument, rows: Iterable[tuple[Any, ...]]) -> Tasks:
    assignments_by_question: dict[tuple[str, str], list[Assignment]] = {}
    for row in rows:
        assignment = _read_assignment(row)
        for question in covered_questions(instrument, assignment_target(form, assignment)):
            assignments_by_question.setdefault((question, assignment.agency.code), []).append(assignment)
    tasks: dict[str, dict[str, AgencyTask]] = {}
    for (question, agency), assignments in assignments_by_question.items():
        # A declined part says nothing of the others the agency keeps.
        active = [a for a in assignments if a.state != Assignment.State.DECLINED] or assignments
        least_advanced = min(active, key=lambda a: _STATES_LEAST_FIRST.index(Assignment.State(a.state)))
        covers = frozenset[str]().union(
            *(covered_items(instrument, assignment_target(form, a), question) for a in active)
        )
        is_whole = covers >= {i.id for i in instrument.items[question].card()}
        tasks.setdefault(question, {})[agency] = AgencyTask(
            str(least_advanced.agency),
            least_advanced.state,
            least_advanced.nothing_reason or least_advanced.state_note,
            None if is_whole else covers,
            least_advanced.state_label,
        )
    return tasks


def _read_assignment(row: tuple[Any, ...]) -> Assignment:
    count = len(_ASSIGNMENT_COLUMNS)
    agency = Agency(**dict(zip(_AGENCY_COLUMNS, row[count:], strict=True)))
    return Assignment(agency=agency, **dict(zip(_ASSIGNMENT_COLUMNS, row[:count], strict=True)))
