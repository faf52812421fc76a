"""Reads of assignments: whose part is what, what an agency may answer now, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.models.places import AgencyKind
from survey.assigning import assignment_list as plan
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


def assignment_target(row: Instrument, assignment: Assignment) -> AssignmentTarget:
    """What an assignment is about, as plain values; no query."""
    if assignment.question_id is not None:
        return AssignmentTarget(
            question=_question_item_ids(row.pk, row.checksum)[assignment.question_id], item=assignment.item_id
        )
    return AssignmentTarget(sub_pillar=_sub_pillar_codes(row.pk, row.checksum)[assignment.sub_pillar_id or 0])


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
    """Whether the agency answers there, rather than reviews or is told."""
    return assignment.role in ANSWERING_ROLES


def agency_assignments(round_: Round, agency: int | None) -> list[Assignment]:
    """The assignments of one agency in the order of the form. One query."""
    rows = Assignment.objects.filter(round=round_, agency=agency).select_related("suggested", "state_by")
    return sort_assignments(round_.instrument, rows)


def sort_assignments(row: Instrument, assignments: Iterable[Assignment]) -> list[Assignment]:
    """Assignments in the order of the form, a sub-pillar before its questions."""
    compiled = compiled_instrument(row)
    first = {q.id: n for n, q in enumerate(compiled.questions)}

    def place(assignment: Assignment) -> tuple[int, int, str]:
        target = assignment_target(row, assignment)
        asked = covered_questions(compiled, target)
        return (first[asked[0]] if asked else len(first), bool(target.question) + bool(target.item), target.item)

    return sorted(assignments, key=place)


def active_agencies(round_: Round) -> list[Agency]:
    """The agencies of the round's province that are in use, in Thai order. One query."""
    return list(Agency.objects.filter(province=round_.province_id, active=True))


def list_context(round_: Round) -> plan.ListContext:
    """What a list of assignments is read against. One query."""
    agencies = [
        plan.ListedAgency(
            a.code, tuple(n for n in (a.name_th, a.name_en) if n), a.kind in PROVINCE_AGENCY_KINDS, a.active
        )
        for a in Agency.objects.filter(province=round_.province_id)
    ]
    last = timezone.localdate(round_.closes_at)
    return plan.ListContext(compiled_instrument(round_.instrument), agencies, round_.opens_on, last)


# -- what an agency may answer ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerScope:
    """Of a contribution: by question the items its agency may change now, and the questions that are its own.

    `partly`: of which it may change only a part. `returned`: why a part came back, at its first question.
    `asked`: by question the items it is to answer, handed in or not, unless it declined them; `loose`: of these
    questions those that it answers only if it has something.
    """

    writable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    returned: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()

    def allows(self, question: str, item: str = "") -> bool:
        """Whether the question (or one item of it) may be changed."""
        return question in self.writable and (not item or item in self.writable[question])


def answer_scope(response: Response) -> AnswerScope:
    """What the agency of a contribution answers, from its assignments. Two queries."""
    assigned = Assignment.objects.filter(round=response.round_id, agency=response.agency_id)
    open_now = not agency_closed_reason(response)
    compiled = compiled_instrument(response.round.instrument)
    writable: dict[str, set[str]] = {}
    asked: dict[str, set[str]] = {}
    shown: set[str] = set()
    firm: set[str] = set()
    returned: dict[str, str] = {}
    for assignment in assigned:
        target = assignment_target(response.round.instrument, assignment)
        questions = covered_questions(compiled, target)
        shown.update(questions)
        if assignment.state == Assignment.State.RETURNED and questions:
            returned[questions[0]] = assignment.state_note
        if not is_answering(assignment) or assignment.state == Assignment.State.DECLINED:
            continue
        if not assignment.if_any:
            firm.update(questions)
        for question in questions:
            own = covered_items(compiled, target, question)
            asked.setdefault(question, set()).update(own)
            if open_now and assignment.state in OPEN_STATES:
                writable.setdefault(question, set()).update(own)
    frozen = {q: frozenset(some) for q, some in writable.items()}
    partly = frozenset(q for q, some in frozen.items() if len(some) < sum(1 for _i in compiled.items[q].card()))
    whole = {q: frozenset(some) for q, some in asked.items()}
    return AnswerScope(frozen, frozenset(shown), partly, returned, whole, frozenset(asked.keys() - firm))


def _round_instrument(round_: Round) -> Instrument:
    """The round's instrument row; its source, which is large, is not read for this."""
    if Round._meta.get_field("instrument").is_cached(round_):
        return round_.instrument
    return Instrument.objects.defer("source").get(pk=round_.instrument_id)


def is_handed_in(response: Response, question: Question) -> bool:
    """Whether every part of its agency that covers the question is out of its hands. Two queries.

    False where nothing is assigned: who may answer at all is asked elsewhere.
    """
    row = _round_instrument(response.round)
    compiled = compiled_instrument(row)
    whole = Assignment.objects.filter(round=response.round_id, agency=response.agency_id, role__in=ANSWERING_ROLES)
    states = [a.state for a in whole if question.item_id in covered_questions(compiled, assignment_target(row, a))]
    return bool(states) and not any(s in OPEN_STATES for s in states)


def agency_closed_reason(response: Response, now: datetime | None = None) -> str:
    """Why agencies can change nothing in this round now; empty while they can. One query.

    Late answers are taken until the round closes; once the committee has endorsed, until its last day for them.
    """
    if response.round.is_closed(now or timezone.now()):
        return _("ปิดรอบแล้ว")
    provincial = Response.objects.only("state", "late_until").filter(round=response.round_id, agency=None).first()
    if provincial is None or provincial.is_editable:
        return ""
    if provincial.state == Response.State.ENDORSED:
        return _("คณะกรรมการเห็นชอบแล้ว และพ้นวันสุดท้ายที่ให้เพิ่มเติม")
    return _("จังหวัดเสนอคำตอบแล้ว")
