"""What waits for whom, in every state of a year: plain values in, tasks out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey.first_page.facts import MeetingFacts, OwnAgency, PartCounts, PersonInRound, ProvinceSetUp, RoundFacts
from survey.first_page.task_texts import TASKS
from survey.first_page.waiting import ORDER, WaitingTask, in_order, round_tasks, set_up_tasks
from survey.first_page.year_steps import STEPS, year_steps

TODAY = date(2027, 6, 10)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


ROUND = RoundFacts(
    key=1,
    code="TH-91",
    year=2570,
    opens_on=day(-5),
    agency_due=day(11),
    committee_on=day(23),
    closes_on=day(25),
    closed=False,
    response=7,
    state="draft",
)
GIVEN = replace(ROUND, parts=PartCounts(open=15, due=day(11)))
SECRETARIAT = PersonInRound(may_assign=True, may_edit=True, may_submit=True, may_endorse=True)
GOVERNOR = PersonInRound(may_approve=True)
MEMBER = PersonInRound(is_member=True)
ADMIN = PersonInRound(may_assign=True, may_manage=True)
MEETING_AHEAD = MeetingFacts(next_id=4, next_day=day(2))
MEETING_TODAY = MeetingFacts(next_id=4, next_day=TODAY)
ENDORSED = MeetingFacts(last_id=4, outcome="endorsed")


def coordinator(**counts: int) -> PersonInRound:
    parts = PartCounts(**counts, due=day(11) if counts.get("open") or counts.get("returned") else None)
    return PersonInRound(agencies=(OwnAgency("A1", "สำนักงานสถิติจังหวัด", parts, contribution=9, must_answer=0),))


YEAR: dict[str, tuple[RoundFacts, str]] = {
    "not open": (replace(ROUND, opens_on=day(3)), "open"),
    "nothing assigned": (ROUND, "assign"),
    "nothing assigned, the agencies' day is over": (replace(ROUND, agency_due=day(-1)), "check"),
    "agencies answer": (GIVEN, "answer"),
    "agencies have handed in": (
        replace(ROUND, parts=PartCounts(submitted=3, accepted=12), to_consolidate=4),
        "consolidate",
    ),
    "merged": (replace(ROUND, parts=PartCounts(accepted=15)), "check"),
    "remarks wait": (replace(ROUND, parts=PartCounts(accepted=15), must_answer=2, remarks=3), "check"),
    "meeting planned": (replace(ROUND, parts=PartCounts(accepted=15), meetings=MEETING_AHEAD), "committee"),
    "meeting held": (replace(ROUND, parts=PartCounts(open=1, accepted=14), meetings=MEETING_TODAY), "committee"),
    "endorsed": (replace(ROUND, parts=PartCounts(accepted=15), state="endorsed", meetings=ENDORSED), "governor"),
    "submitted": (
        replace(ROUND, parts=PartCounts(accepted=15), state="submitted", meetings=ENDORSED, editable=False),
        "governor",
    ),
    "returned": (replace(ROUND, parts=PartCounts(accepted=15), state="returned", remarks=2), "check"),
    "approved": (
        replace(ROUND, parts=PartCounts(accepted=15), state="approved", meetings=ENDORSED, editable=False),
        "handed_over",
    ),
    "handed over": (
        replace(
            ROUND, parts=PartCounts(accepted=15), state="approved", meetings=ENDORSED, editable=False, handed_over=True
        ),
        "",
    ),
    "closed without approval": (replace(GIVEN, closed=True), "answer"),
}
# By role what waits, the first of it being the primary action.
WAITING: dict[str, tuple[PersonInRound, dict[str, list[str]]]] = {
    "secretariat": (
        replace(SECRETARIAT, open_points=0),
        {
            "not open": ["assign", "meeting_plan"],
            "nothing assigned": ["assign", "meeting_plan"],
            "nothing assigned, the agencies' day is over": ["meeting_plan"],
            "agencies answer": ["meeting_plan"],
            "agencies have handed in": ["accept", "consolidate", "meeting_plan"],
            "merged": ["submit", "meeting_plan"],
            "remarks wait": ["remarks", "meeting_plan"],
            "meeting planned": [],
            "meeting held": ["meeting_conclude"],
            "endorsed": ["submit"],
            "submitted": [],
            "returned": ["returned", "meeting_plan"],
            "approved": ["papers"],
            "handed over": [],
            "closed without approval": [],
        },
    ),
    "governor": (
        GOVERNOR,
        {"submitted": ["approve"], "meeting planned": ["meeting_read"], "meeting held": ["meeting_read"]},
    ),
    "committee": (MEMBER, {"meeting planned": ["meeting_read"], "meeting held": ["meeting_read"]}),
    "coordinator": (
        coordinator(open=15),
        {state: ["parts"] for state in YEAR if state not in ("submitted", "approved", "handed over")}
        | {"closed without approval": []},
    ),
    "province admin": (
        ADMIN,
        {
            "not open": ["assign"],
            "nothing assigned": ["assign"],
            "agencies have handed in": ["accept"],
            "closed without approval": ["extend"],
        },
    ),
}


@pytest.mark.parametrize("state", YEAR)
@pytest.mark.parametrize("role", WAITING)
def test_what_waits_in_every_state_of_the_year(role: str, state: str) -> None:
    person, expected = WAITING[role]
    assert [task.kind for task in round_tasks(YEAR[state][0], person, TODAY)] == expected.get(state, [])


@pytest.mark.parametrize("state", YEAR)
def test_where_the_year_is(state: str) -> None:
    facts, expected = YEAR[state]
    steps = year_steps(facts, TODAY)
    assert tuple(step.key for step in steps) == STEPS
    assert "".join(step.key for step in steps if step.state == "current") == expected
    order = ["done skipped current ahead".split().index(step.state) for step in steps]
    assert [n > 1 for n in order] == sorted(n > 1 for n in order), "what is past comes before what is ahead"


def test_what_is_done_shows_no_planned_day_and_what_did_not_take_place_says_so() -> None:
    steps = {step.key: step for step in year_steps(replace(ROUND, state="submitted"), TODAY)}
    assert {key for key, step in steps.items() if step.state == "skipped"} == {
        "assign",
        "answer",
        "consolidate",
        "committee",
    }
    assert steps["open"].day is None
    assert steps["governor"].day == ROUND.closes_on


def test_a_coordinator_sees_how_many_parts_and_days() -> None:
    [task] = round_tasks(GIVEN, coordinator(open=15), TODAY)
    assert (task.count, task.days, task.state, task.year, task.code) == (15, 11, "open", 2570, "TH-91")


@pytest.mark.parametrize(("due", "state"), [(-1, "late"), (0, "soon"), (3, "soon"), (4, "open")])
def test_a_task_says_whether_it_is_late(due: int, state: str) -> None:
    facts = replace(GIVEN, agency_due=day(due))
    person = PersonInRound(agencies=(OwnAgency("A1", "", PartCounts(open=1, due=day(due))),))
    [task] = round_tasks(facts, person, TODAY)
    assert (task.days, task.state) == (due, state)


def test_returned_parts_come_first_and_remarks_are_told() -> None:
    agency = OwnAgency("A1", "", PartCounts(open=2, returned=1, due=day(1)), contribution=9, must_answer=3)
    tasks = round_tasks(GIVEN, PersonInRound(agencies=(agency,)), TODAY)
    assert [(task.kind, task.count) for task in tasks] == [("parts_returned", 1), ("parts", 2), ("agency_remarks", 3)]


def test_open_points_are_told_to_who_fills_the_answer() -> None:
    person = replace(SECRETARIAT, open_points=12)
    assert ("open_points", 12) in [(task.kind, task.count) for task in round_tasks(GIVEN, person, TODAY)]


def test_several_roles_and_rounds_are_one_list_in_order() -> None:
    both = replace(GOVERNOR, agencies=coordinator(open=1).agencies)
    earlier = replace(YEAR["submitted"][0], key=2, year=2569, closes_on=day(1))
    tasks = in_order([*round_tasks(GIVEN, both, TODAY), *round_tasks(earlier, both, TODAY)])
    assert [(task.kind, task.year) for task in tasks] == [("approve", 2569), ("parts", 2570)]


SET_UP = ProvinceSetUp("TH-91", "เอ", True, newest_year=2570, instrument_year=2570, agencies=30)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"newest_year": None}, ["open_round"]),
        ({"newest_year": 2569}, ["open_round"]),
        ({"newest_year": 2569, "may_open_round": False}, []),
        ({"instrument_year": None, "newest_year": None}, []),
        ({"without_secretariat": True, "without_governor": True}, ["people_secretariat", "people_governor"]),
        ({"agencies": 0}, ["add_agencies"]),
        ({"agencies_without_people": 4}, ["people_agencies"]),
        ({"expired_invitations": 2}, ["invitations"]),
    ],
)
def test_what_a_province_has_to_set_up(changed: dict[str, object], expected: list[str]) -> None:
    tasks = set_up_tasks(replace(SET_UP, **changed))  # type: ignore[arg-type]
    assert [task.kind for task in tasks] == expected
    assert all(task.args == ("TH-91",) for task in tasks)


def test_every_kind_has_its_place_in_the_order_and_its_words() -> None:
    assert set(ORDER) == set(TASKS)
    assert len(ORDER) == len(set(ORDER))
    assert in_order([WaitingTask(kind) for kind in reversed(ORDER)]) == [WaitingTask(kind) for kind in ORDER]
