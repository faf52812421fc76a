"""Reads of assignments: their targets, due dates and order, and what an agency may answer now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.models.places import AgencyKind
from dgready.arrival import deadline_now
from dgready.prepared_select import PreparedSelect
from survey.assigning.assignment_list import ListContext, ListedAgency
from survey.assigning.targets import AssignmentTarget, covered_items, covered_questions
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import Item
from survey.models import Assignment, Instrument, Question, Rasci, Response, Round, SubPillar

# R does it and S helps: they answer. A reviews, C advises, I is told: they read.
ANSWERING_ROLES = (Rasci.RESPONSIBLE, Rasci.SUPPORTIVE)
OPEN_STATES = (Assignment.State.OPEN, Assignment.State.RETURNED)
# What counts as the province (domain facts, section 1); districts and local governments do not.
PROVINCE_AGENCY_KINDS = (AgencyKind.PROVINCIAL_OFFICE, AgencyKind.REGIONAL_AGENCY, AgencyKind.CENTRAL_BRANCH)


@lru_cache(maxsize=16)
def _sub_pillar_codes(pk: int, checksum: str) -> Mapping[int, str]:
    return dict(SubPillar.objects.filter(pillar__instrument_id=pk).values_list("pk", "code"))


@lru_cache(maxsize=16)
def _question_item_ids(pk: int, checksum: str) -> Mapping[int, str]:
    return dict(Question.objects.filter(instrument_id=pk).values_list("pk", "item_id"))


def sub_pillar_keys(row: Instrument) -> Mapping[str, int]:
    """Keys of the sub-pillar rows by code, read once per process and checksum."""
    return {code: pk for pk, code in _sub_pillar_codes(row.pk, row.checksum).items()}


def assignment_target(instrument_row: Instrument, assignment: Assignment) -> AssignmentTarget:
    """What an assignment is about, as plain values; no query."""
    if assignment.question_id is not None:
        return AssignmentTarget(
            question=_question_item_ids(instrument_row.pk, instrument_row.checksum)[assignment.question_id],
            item=assignment.item_id,
        )
    return AssignmentTarget(
        sub_pillar=_sub_pillar_codes(instrument_row.pk, instrument_row.checksum)[assignment.sub_pillar_id or 0]
    )


def assigned_questions(assignment: Assignment) -> list[Item]:
    """The questions an assignment covers, in the order of the form; no query with its round loaded."""
    row = assignment.round.instrument
    compiled = compiled_instrument(row)
    return [compiled.items[q] for q in covered_questions(compiled, assignment_target(row, assignment))]


def target_columns(row: Instrument, target: AssignmentTarget) -> dict[str, int | str | None]:
    """The columns by which an assignment names a target."""
    if target.question:
        return {
            "question_id": questions_by_item_id(row)[target.question].pk,
            "item_id": target.item,
            "sub_pillar_id": None,
        }
    return {"question_id": None, "item_id": "", "sub_pillar_id": sub_pillar_keys(row)[target.sub_pillar]}


def assignment_due(round_: Round, assignment: Assignment) -> date:
    """The day by which an assignment is due: its own, else the round's."""
    return assignment.due or round_.agency_due


def is_answering(assignment: Assignment) -> bool:
    """Whether the assignment's role answers (R, S), rather than reviews or is informed (A, C, I)."""
    return assignment.role in ANSWERING_ROLES


def agency_assignments(round_: Round, agency: int | None) -> list[Assignment]:
    """The assignments of one agency in the order of the form. One query."""
    return sort_assignments(round_.instrument, _OF_AGENCY.all(round_.pk, agency) if agency is not None else ())


_OF_AGENCY: Final[PreparedSelect[Assignment]] = PreparedSelect(
    lambda round_, agency: Assignment.objects.filter(round=round_, agency=agency).select_related(
        "suggested", "state_by"
    )
)
_ASSIGNED: Final[PreparedSelect[Assignment]] = PreparedSelect(
    lambda round_, agency: Assignment.objects.filter(round=round_, agency=agency)
)
_PROVINCIAL_STATE: Final[PreparedSelect[Response]] = PreparedSelect(
    lambda round_: Response.objects.only("state", "late_until").filter(round=round_, agency=None)
)


def sort_assignments(instrument_row: Instrument, assignments: Iterable[Assignment]) -> list[Assignment]:
    """Assignments in the order of the form, a sub-pillar before its questions."""
    compiled = compiled_instrument(instrument_row)
    position_of = {q.id: n for n, q in enumerate(compiled.questions)}

    def place(assignment: Assignment) -> tuple[int, int, str]:
        target = assignment_target(instrument_row, assignment)
        asked = covered_questions(compiled, target)
        return (
            position_of[asked[0]] if asked else len(position_of),
            bool(target.question) + bool(target.item),
            target.item,
        )

    return sorted(assignments, key=place)


def active_agencies(round_: Round) -> list[Agency]:
    """The agencies of the round's province that are in use, in Thai order. One query."""
    return list(Agency.objects.filter(province=round_.province_id, active=True))


def list_context(round_: Round) -> ListContext:
    """The context a list of assignments is checked against: instrument, agencies, days of the round. One query."""
    agencies = [
        ListedAgency(a.code, tuple(n for n in (a.name_th, a.name_en) if n), a.kind in PROVINCE_AGENCY_KINDS, a.active)
        for a in Agency.objects.filter(province=round_.province_id)
    ]
    last = timezone.localdate(round_.closes_at)
    return ListContext(compiled_instrument(round_.instrument), agencies, round_.opens_on, last)


# -- what an agency may answer ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerScope:
    """What the agency of a contribution may change: items by question, and the questions assigned to it.

    `partly`: of which it may change only a part. `returned`: why a part came back, at its first question.
    `asked`: by question the items it is to answer, handed in or not, unless it declined them; `loose`: of these
    questions those that it answers only if it has something.
    """

    writable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    visible: frozenset[str] = frozenset()
    partly_writable: frozenset[str] = frozenset()
    return_reasons: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    def allows(self, question: str, item: str = "") -> bool:
        """Whether the question (or one item of it) may be changed."""
        return question in self.writable and (not item or item in self.writable[question])


def answer_scope(response: Response) -> AnswerScope:
    """The answer scope of a contribution, from the assignments of its agency. Two queries."""
    assigned = _ASSIGNED.all(response.round_id, response.agency_id) if response.agency_id is not None else ()
    open_now = not agency_closed_reason(response)
    compiled = compiled_instrument(response.round.instrument)
    writable: dict[str, set[str]] = {}
    asked_items: dict[str, set[str]] = {}
    visible: set[str] = set()
    required: set[str] = set()
    returned: dict[str, str] = {}
    for assignment in assigned:
        target = assignment_target(response.round.instrument, assignment)
        questions = covered_questions(compiled, target)
        visible.update(questions)
        if assignment.state == Assignment.State.RETURNED and questions:
            returned[questions[0]] = assignment.state_note
        if not is_answering(assignment) or assignment.state == Assignment.State.DECLINED:
            continue
        if not assignment.if_any:
            required.update(questions)
        for question in questions:
            covered = covered_items(compiled, target, question)
            asked_items.setdefault(question, set()).update(covered)
            if open_now and assignment.state in OPEN_STATES:
                writable.setdefault(question, set()).update(covered)
    writable_by_question = {q: frozenset(item_ids) for q, item_ids in writable.items()}
    partly = frozenset(
        q for q, item_ids in writable_by_question.items() if len(item_ids) < sum(1 for _i in compiled.items[q].card())
    )
    asked_by_question = {q: frozenset(item_ids) for q, item_ids in asked_items.items()}
    return AnswerScope(
        writable_by_question,
        frozenset(visible),
        partly,
        returned,
        asked_by_question,
        frozenset(asked_items.keys() - required),
    )


def _round_instrument(round_: Round) -> Instrument:
    """The round's instrument row; its source, which is large, is not read for this."""
    if Round._meta.get_field("instrument").is_cached(round_):
        return round_.instrument
    return Instrument.objects.defer("source").get(pk=round_.instrument_id)


def is_handed_in(response: Response, question: Question) -> bool:
    """Whether every part that covers the question is handed in by the contribution's agency. Two queries.

    False where nothing is assigned: who may answer at all is asked elsewhere.
    """
    row = _round_instrument(response.round)
    compiled = compiled_instrument(row)
    answering = Assignment.objects.filter(round=response.round_id, agency=response.agency_id, role__in=ANSWERING_ROLES)
    states = [a.state for a in answering if question.item_id in covered_questions(compiled, assignment_target(row, a))]
    return bool(states) and not any(s in OPEN_STATES for s in states)


def agency_closed_reason(response: Response, now: datetime | None = None) -> str:
    """The reason why agencies cannot change anything in this round now; empty while they can. One query.

    Late answers are taken until the round closes; once the committee has endorsed, until its last day for them.
    """
    if response.round.is_closed(now or deadline_now()):
        return _("ปิดรอบแล้ว")
    provincial = _PROVINCIAL_STATE.first(response.round_id)
    if provincial is None or provincial.is_editable:
        return ""
    if provincial.state == Response.State.ENDORSED:
        return _("คณะกรรมการเห็นชอบแล้ว และพ้นวันสุดท้ายที่ให้เพิ่มเติม")
    return _("%(own)sเสนอคำตอบแล้ว") % response.round.province.words
