"""A round that each agency answers: who is asked, filling, handing in at once, no provincial answer, counting."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from nation.agency_rounds.averaging import AgencyStanding, average_agencies
from nation.agency_rounds.counting import count_agencies, find_agency_differences, outdated_agency_answers
from nation.agency_rounds.queries import read_agency_round
from nation.agency_rounds.report import AgencyYear
from nation.figures.actions import count_year
from nation.models import AgencyFigures, ProvinceFigures
from survey.answering import actions as answering
from survey.approval import actions as approval
from survey.assigning.whole_form import ask_agencies
from survey.consolidating import actions as consolidating
from survey.contributing.actions import PartsToMove, move_part, return_parts
from survey.contributing.whole_form import hand_in_whole_form, open_parts
from survey.instrument.check import check_instrument
from survey.instrument.queries import questions_by_item_id
from survey.models import Assignment, Channel, Event, Notice, Response, Round
from survey.rounds.taking_back import RoundInUse, take_back_round
from survey.workflow.refusal import TransitionRefused
from tests.factories import AgencyFactory
from tests.nation.agency_rounds.world import CODES, FORM_FILE, AgencyWorld
from tests.trial import TRIAL


def standings(world: AgencyWorld) -> dict[str, AgencyStanding]:
    year = read_agency_round(world.round)
    assert year is not None
    return {one.code: one.standing for one in year.answers}


def counted(world: AgencyWorld) -> AgencyYear:
    count_agencies(world.round.year)
    year = read_agency_round(world.round)
    assert year is not None
    assert not year.uncounted
    return year


def test_opening_gives_the_whole_form_to_every_asked_kind(agency_world: AgencyWorld) -> None:
    parts = Assignment.objects.filter(round=agency_world.round)
    assert set(parts.values_list("agency__code", flat=True)) == set(CODES[:-1]), "neither tourism, ZOO nor A1"
    assert parts.count() == 6 * 17
    assert set(standings(agency_world).values()) == {AgencyStanding.OPEN}
    events = Event.objects.filter(response__round=agency_world.round).values_list("verb", flat=True)
    assert list(events) == ["response.open", "assignment.add"]
    told = Notice.objects.filter(user__in=agency_world.coordinators.values()).values_list("user", flat=True)
    assert len(told) == len(set(told)) == 6, "one notice to each"


def test_an_agency_that_comes_later_is_asked_and_nobody_twice(agency_world: AgencyWorld) -> None:
    late = AgencyFactory(province=agency_world.province, code="tourism")  # codes are the same in small letters
    by = agency_world.people.who(Role.SECRETARIAT)
    assert list(ask_agencies(by=by, round_=agency_world.round)) == [late]
    assert list(ask_agencies(by=by, round_=agency_world.round)) == []
    assert Assignment.objects.filter(round=agency_world.round).count() == 7 * 17


def test_a_round_nobody_worked_in_is_taken_back_with_its_parts(agency_world: AgencyWorld) -> None:
    by = agency_world.people.who(Role.CENTRAL_ADMIN)
    take_back_round(by=by, round_=agency_world.round)
    assert not Round.objects.exists()
    assert not Assignment.objects.exists()
    call_command("journal", "verify")


def test_a_round_somebody_worked_in_stays(agency_world: AgencyWorld) -> None:
    part = open_parts(agency_world.round, agency_world.agencies["PO"])[0]
    move_part(by=agency_world.coordinators["PO"], part=part, name="decline", reason="x")
    with pytest.raises(RoundInUse):
        take_back_round(by=agency_world.people.who(Role.CENTRAL_ADMIN), round_=agency_world.round)


def test_the_average_is_of_those_that_handed_in(agency_world: AgencyWorld) -> None:
    agency_world.answer("PO", 80, Channel.PAPER)
    agency_world.answer("REVENUE", 41, Channel.WORKBOOK)
    agency_world.fill("INDUSTRY", 100)  # filled and not handed in
    assert [one.agency.code for one in outdated_agency_answers()] == ["PO", "REVENUE"]
    year = counted(agency_world)
    assert outdated_agency_answers() == []
    assert year.scheme is not None
    total = average_agencies(year.scheme, year.answers).total
    assert total is not None
    assert (total.value, total.n) == (Decimal("60.5"), 2)
    channels = {one.code: one.channel for one in year.answers}
    assert channels == dict.fromkeys(CODES[:-1], "") | {"PO": "paper", "REVENUE": "workbook"}
    assert find_agency_differences(agency_world.round.year) == []
    AgencyFigures.objects.update(components={"1.1": "1"})
    assert len(find_agency_differences(agency_world.round.year)) == 2
    count_year(agency_world.round.year)
    assert not ProvinceFigures.objects.exists(), "the empty provincial answer is no score of 0"
    call_command("journal", "verify")


def test_what_comes_back_counts_no_more_and_again_when_handed_in_again(agency_world: AgencyWorld) -> None:
    agency_world.answer("PO", 80)
    agency_world.answer("REVENUE", 40)
    counted(agency_world)
    part = Assignment.objects.filter(round=agency_world.round, agency__code="PO").select_related("round", "agency")[0]
    return_parts(by=agency_world.people.who(Role.SECRETARIAT), chosen=PartsToMove([part], "ดูอีกครั้ง"))
    year = counted(agency_world)
    assert year.scheme is not None
    total = average_agencies(year.scheme, year.answers).total
    assert total is not None
    assert (total.value, total.n) == (Decimal(40), 1)
    hand_in_whole_form(
        by=agency_world.coordinators["PO"], round_=agency_world.round, agency=agency_world.agencies["PO"]
    )
    uncounted = read_agency_round(agency_world.round)
    assert uncounted is not None
    assert uncounted.uncounted == 1, "its answer moved on since it was counted"
    total = average_agencies(year.scheme, counted(agency_world).answers).total
    assert total is not None
    assert total.n == 2


def test_a_component_that_is_declined_is_no_zero(agency_world: AgencyWorld) -> None:
    agency_world.fill("PO", 70, without=["5.1", "5.2"])
    user, agency = agency_world.coordinators["PO"], agency_world.agencies["PO"]
    with pytest.raises(TransitionRefused, match=r"5\.1"):
        hand_in_whole_form(by=user, round_=agency_world.round, agency=agency)
    assert len(open_parts(agency_world.round, agency)) == 17, "all or nothing"
    for part in open_parts(agency_world.round, agency)[-2:]:
        move_part(by=user, part=part, name="nothing", reason="ไม่มีเจ้าหน้าที่")
    hand_in_whole_form(by=user, round_=agency_world.round, agency=agency)
    year = counted(agency_world)
    assert year.scheme is not None
    found = average_agencies(year.scheme, year.answers)
    assert "5" not in found.dimensions
    assert found.total is not None
    assert found.total.value == 70


def test_an_agency_that_declines_everything_is_told_apart(agency_world: AgencyWorld) -> None:
    for part in open_parts(agency_world.round, agency_world.agencies["PO"]):
        move_part(by=agency_world.coordinators["PO"], part=part, name="decline", reason="x")
    assert standings(agency_world)["PO"] is AgencyStanding.DECLINED


def test_there_is_no_provincial_answer(agency_world: AgencyWorld) -> None:
    """It can be neither filled, merged nor submitted."""
    agency_world.answer("PO", 80)
    by, round_ = agency_world.people.who(Role.SECRETARIAT), agency_world.round
    response = Response.objects.select_related("round__instrument", "round__province").get(round=round_, agency=None)
    question = questions_by_item_id(round_.instrument)["E1.1"]
    with pytest.raises(answering.NotEditable):
        answering.save_answer(by=by, response=response, question=question, value={"E1.1": "5"}, base_revision=0)
    with pytest.raises(answering.NotEditable):
        consolidating.consolidate_agreed(by=by, response=response)
    with pytest.raises(TransitionRefused, match="แต่ละหน่วยงาน"):
        approval.submit_response(by=by, response=response, points=lambda _r: [], reasons={})


def test_an_agency_looks_through_its_form_and_hands_it_in(agency_world: AgencyWorld, client: Client) -> None:
    code, year = agency_world.province.code, agency_world.round.year
    client.force_login(agency_world.coordinators["PO"])
    page, post = (reverse(f"survey:{name}", args=[code, year, "PO"]) for name in ("whole-form", "whole-form-hand-in"))
    assert page in client.get(reverse("survey:desk", args=[code, year])).content.decode()
    agency_world.fill("PO", 55, without=["2.1"])
    shown = client.get(page)
    assert "ยังส่งไม่ได้" in shown.content.decode()
    assert client.post(post, {"seen": shown.context["seen"]}).status_code == 422
    response = Response.objects.get(agency=agency_world.agencies["PO"])
    question = questions_by_item_id(agency_world.round.instrument)["E2.1"]
    given = {"value": {"E2.1": "55"}, "base_revision": 0}
    answering.save_answer(by=agency_world.coordinators["PO"], response=response, question=question, **given)
    assert client.post(post, {"seen": shown.context["seen"]}).status_code == 409, "not what was looked through"
    again = client.get(page)
    assert client.post(post, {"seen": again.context["seen"]}).status_code == 302
    assert standings(agency_world)["PO"] is AgencyStanding.ANSWERED
    assert client.get(page.replace("/PO/", "/REVENUE/")).status_code == 404, "another agency's"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("answered_by: each_agency", "answered_by: everybody"), "`answered_by` is one of"),
        (("answered_by: each_agency", "answered_by: province"), "`agency_kinds` goes with"),
        (("codes: [BUSINESS]", "codes: [po]"), "code 'PO' is given twice"),
        (("codes: [BUSINESS]", "codes: []"), "`codes` is a list"),
        (("key: industry", "key: tourism"), "kind 'tourism' is given twice"),
    ],
)
def test_the_form_says_how_it_is_answered_or_does_not_load(change: tuple[str, str], said: str) -> None:
    text = FORM_FILE.read_text(encoding="utf-8")
    assert change[0] in text
    form, faults = check_instrument(text.replace(*change))
    assert form is None
    assert any(said in str(fault) for fault in faults)


def test_other_forms_are_answered_by_the_province() -> None:
    form, _faults = check_instrument(TRIAL.read_text(encoding="utf-8"))
    assert form is not None
    assert not form.answering.is_each_agency
