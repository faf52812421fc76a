"""What waits for a person, as a list of tasks in the order in which to do them. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from survey.first_page.facts import OwnAgency, PersonInRound, ProvinceSetUp, RoundFacts

TaskState = Literal["late", "soon", "open"]
SOON_DAYS: Final = 3
# What only this person can do first, then in the order of the year.
ORDER: Final = (
    "approve",
    "parts_returned",
    "parts",
    "agency_remarks",
    "evidence_rejected",
    "returned",
    "meeting_conclude",
    "remarks",
    "declined",
    "newer_form",
    "accept",
    "assign",
    "consolidate",
    "submit",
    "meeting_plan",
    "open_points",
    "meeting_read",
    "papers",
    "extend",
    "open_round",
    "people_secretariat",
    "people_governor",
    "add_agencies",
    "people_agencies",
    "invitations",
)
# How long before its day a task is shown.
PLAN_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """Something that waits for the person. `args`: of its address; `code`, `year`, `agency`: whose it is.

    `days`: until `due`, negative once it has passed.
    """

    kind: str
    args: tuple[int | str, ...] = ()
    count: int = 0
    due: date | None = None
    days: int | None = None
    state: TaskState = "open"
    code: str = ""
    year: int = 0
    agency: OwnAgency | None = None


def round_tasks(facts: RoundFacts, person: PersonInRound, today: date) -> list[WaitingTask]:
    """What waits for a person in one round, the most urgent kind first."""
    if facts.closed:
        found = _tasks_after_closing(facts, person)
    else:
        found = [
            *_governor_tasks(facts, person),
            *_agency_tasks(facts, person),
            *_secretariat_tasks(facts, person, today),
            *_member_tasks(facts, person),
        ]
    return in_order(_placed(task, facts, today) for task in found)


def _placed(task: WaitingTask, facts: RoundFacts, today: date) -> WaitingTask:
    """A task with its round, and how many days are left."""
    days = (task.due - today).days if task.due else None
    state: TaskState = "open"
    if days is not None:
        state = "late" if days < 0 else "soon" if days <= SOON_DAYS else "open"
    return replace(task, code=facts.code, year=facts.year, days=days, state=state)


def in_order(tasks: Iterable[WaitingTask]) -> list[WaitingTask]:
    """Tasks of several rounds and provinces in one list: by kind, what is due first before what is due later."""
    return sorted(tasks, key=lambda t: (ORDER.index(t.kind), t.due or date.max, -t.year, t.code))


def _governor_tasks(facts: RoundFacts, person: PersonInRound) -> Iterator[WaitingTask]:
    if person.may_approve and facts.state == "submitted":
        yield WaitingTask("approve", (facts.response,), due=facts.closes_on)


def _agency_tasks(facts: RoundFacts, person: PersonInRound) -> Iterator[WaitingTask]:
    """An agency can act as long as the provincial answer may change."""
    if not facts.editable:
        return
    for agency in person.agencies:
        parts = agency.parts
        if parts.returned:
            yield WaitingTask(
                "parts_returned", (facts.code, facts.year), count=parts.returned, due=parts.due, agency=agency
            )
        if parts.open:
            yield WaitingTask("parts", (facts.code, facts.year), count=parts.open, due=parts.due, agency=agency)
        if agency.must_answer and agency.contribution is not None:
            yield WaitingTask("agency_remarks", (agency.contribution,), count=agency.must_answer, agency=agency)
        if agency.rejected and agency.contribution is not None:
            yield WaitingTask(
                "evidence_rejected", (agency.contribution,), count=agency.rejected, due=parts.due, agency=agency
            )


def _secretariat_tasks(facts: RoundFacts, person: PersonInRound, today: date) -> Iterator[WaitingTask]:
    place = (facts.code, facts.year)
    parts = facts.parts
    if person.may_manage and facts.newer_form and facts.state in ("draft", "returned"):
        yield WaitingTask("newer_form", place, count=facts.newer_form)
    if person.may_endorse and facts.meetings.next_id is not None and (facts.meetings.next_day or today) <= today:
        yield WaitingTask("meeting_conclude", (*place, facts.meetings.next_id), due=facts.meetings.next_day)
    if person.may_assign and facts.editable:
        if parts.submitted:
            yield WaitingTask("accept", place, count=parts.submitted, due=facts.committee_on)
        if parts.declined:
            yield WaitingTask("declined", place, count=parts.declined, due=facts.agency_due)
        if not parts.total and today <= facts.agency_due and facts.state == "draft":
            yield WaitingTask("assign", place, due=facts.agency_due)
    if person.may_edit and facts.editable:
        yield from _answer_tasks(facts, person)
    if person.may_endorse and _needs_meeting(facts, today):
        yield WaitingTask("meeting_plan", place, due=facts.committee_on)
    if person.may_submit and _ready_to_submit(facts):
        yield WaitingTask("submit", (facts.response,), due=facts.closes_on)
    if person.may_submit and facts.state == "approved" and not facts.handed_over:
        yield WaitingTask("papers", (facts.response,), due=facts.closes_on)


def _answer_tasks(facts: RoundFacts, person: PersonInRound) -> Iterator[WaitingTask]:
    """What those have to do who fill the provincial answer."""
    if facts.state == "returned":
        yield WaitingTask("returned", (facts.response,), count=facts.remarks, due=facts.closes_on)
    elif facts.must_answer:
        yield WaitingTask("remarks", (facts.response,), count=facts.must_answer, due=facts.committee_on)
    if facts.to_consolidate and facts.parts.submitted + facts.parts.accepted:
        yield WaitingTask("consolidate", (facts.response,), count=facts.to_consolidate, due=facts.committee_on)
    if person.open_points:
        yield WaitingTask("open_points", (facts.response,), count=person.open_points, due=facts.closes_on)


def _needs_meeting(facts: RoundFacts, today: date) -> bool:
    """Whether the committee's day is near, no meeting is recorded, and the committee has not decided."""
    recorded = facts.meetings.next_id is not None or facts.meetings.outcome == "endorsed"
    return facts.state in ("draft", "returned") and not recorded and (facts.committee_on - today).days <= PLAN_DAYS


def _ready_to_submit(facts: RoundFacts) -> bool:
    """Whether the answer can go to the governor: endorsed, or without a meeting ahead and nothing left to settle."""
    if facts.meetings.next_id is not None or facts.must_answer:
        return False
    if facts.state == "endorsed":
        return True
    return facts.state == "draft" and facts.parts.settled and not facts.to_consolidate


def _member_tasks(facts: RoundFacts, person: PersonInRound) -> Iterator[WaitingTask]:
    """A meeting to come: its papers and resolutions to read, for the committee and the governor."""
    meetings = facts.meetings
    if (person.is_member or person.may_approve) and meetings.next_id is not None and not person.may_endorse:
        yield WaitingTask("meeting_read", (facts.code, facts.year, meetings.next_id), due=meetings.next_day)


def _tasks_after_closing(facts: RoundFacts, person: PersonInRound) -> list[WaitingTask]:
    """Once a round has closed: the papers of an approved one, the extension of one that is not approved."""
    if facts.state == "approved":
        return [WaitingTask("papers", (facts.response,))] if person.may_submit and not facts.handed_over else []
    if person.may_manage:
        return [WaitingTask("extend", (facts.code, facts.year), due=facts.closes_on)]
    return []


def set_up_tasks(province: ProvinceSetUp) -> list[WaitingTask]:
    """What a province administrator has to set up, in the order of the year: people, agencies, the round."""
    found: list[WaitingTask] = []
    if province.round_to_open:
        found.append(WaitingTask("open_round", count=province.instrument_year or 0))
    if province.without_secretariat:
        found.append(WaitingTask("people_secretariat"))
    if province.without_governor:
        found.append(WaitingTask("people_governor"))
    if not province.agencies:
        found.append(WaitingTask("add_agencies"))
    elif province.agencies_without_people:
        found.append(WaitingTask("people_agencies", count=province.agencies_without_people))
    if province.expired_invitations:
        found.append(WaitingTask("invitations", count=province.expired_invitations))
    return in_order(replace(task, code=province.code, args=(province.code,)) for task in found)
