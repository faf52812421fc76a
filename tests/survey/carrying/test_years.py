"""From one year to the next: the link file and its faults, what fits, and bringing answers along."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.actions import set_agency_active
from accounts.roles import Role
from demo.content import sample_values, values_by_question
from evidence.models import Attachment, File, ScanState
from survey.answering import actions as answers
from survey.assigning.queries import assignment_target
from survey.assigning.targets import AssignmentTarget
from survey.carrying.actions import open_next_round
from survey.carrying.fit import fit_answers
from survey.carrying.views.next_round import evidence_to_carry
from survey.instrument.path import resolve_path
from survey.linking.link_file import parse_links
from survey.linking.registry import FaultyLinks, MissingLinks, links_between
from survey.models import Answer, Assignment, Carried, Event, Response, Round
from survey.verifying import verify
from tests.assigned import Assigned, make_assigned
from tests.people import People
from tests.trial import ROOT, TRIAL, form, publish

NEXT = ROOT / "tests/instruments/dg-trial-2571.yaml"
FILE = ROOT / "tests/instruments/links/dg-trial-2570-2571.yaml"


OLD, NEW = form(TRIAL), form(NEXT)
TEXT = FILE.read_text(encoding="utf-8")


def faults(old: str, new: str) -> list[str]:
    """What the reader says of the file with one thing changed."""
    assert old in TEXT
    links, found = parse_links(TEXT.replace(old, new), OLD, NEW)
    assert links is None
    return [f"{f.where}: {f.message}" for f in found]


# -- the file ---------------------------------------------------------------------------------------


def test_the_file_says_what_became_of_every_question() -> None:
    links, found = parse_links(TEXT, OLD, NEW)
    assert found == []
    assert links is not None
    assert links.added == ("T11",)
    assert {(x.old, x.new, x.relation) for x in links.changed} == {
        (("T1",), ("T1",), "reworded"),
        (("T3",), (), "dropped"),
        (("T4",), ("T4", "T9"), "split"),
        (("T5.1", "T5.2"), ("T5.1",), "merged"),
        (("T7",), ("T7",), "reworded"),
    }
    assert [x.comparable for x in links.links if "T7" in x.old] == [False]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("T2, T5.1.1, T6]", "T5.1.1, T6]", "T2: nothing is said"),
        ("T2, T5.1.1, T6]", "T2, T2, T5.1.1, T6]", "T2: is said more than once"),
        ("T2, T5.1.1, T6]", "T2, T5.1.1, T6, T99]", "'T99' is no question of the old form"),
        ("relation: dropped", "relation: gone", "relation 'gone' is none of"),
        ("from: T3, relation: dropped", "from: T3, to: T7, relation: dropped", "does not join 1 question(s) with 1"),
        ("to: [T4, T9]", "to: [T4]", "'split' does not join 1 question(s) with 1"),
        ("to: [T4, T9]", "to: [T4, T98]", "'T98' is no question of the new form"),
        ("T4.van.use: T9.use", "T4.van.use: T10.1", "'T10.1' is no part of these questions in the new form"),
        ("T4.van.use: T9.use", "T8.1: T9.use", "'T8.1' is no part of these questions in the old form"),
        ("{doing: started}", "{begun: started}", "'T1' has no option 'begun'"),
        ("options: {T1:", "options: {T8:", "options of 'T8', which is no part"),
        ("comparable: false", "comparable: false, colour: red", "'colour' is not known here"),
        ("to: {instrument: dg-trial, year: 2571}", "to: {instrument: dg-trial, year: 2572}", "is dg-trial 2572, not"),
        ("to: {instrument: dg-trial, year: 2571}", "to: 2571", "no from and to"),
    ],
)
def test_every_fault_is_told_with_its_place(old: str, new: str, said: str) -> None:
    assert any(said in fault for fault in faults(old, new))


def test_a_file_is_found_by_what_it_links(settings: Any, tmp_path: Path) -> None:
    with pytest.raises(MissingLinks):
        links_between(OLD, NEW)
    settings.LINK_DIRS = [FILE.parent]
    assert links_between(OLD, NEW).added == ("T11",)
    with pytest.raises(MissingLinks):
        links_between(NEW, OLD)
    (tmp_path / "x.yaml").write_text(TEXT.replace("relation: dropped", "relation: gone"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text("- not: a link", encoding="utf-8")
    settings.LINK_DIRS = [tmp_path]
    with pytest.raises(FaultyLinks, match="relation 'gone'"):
        links_between(OLD, NEW)


# -- what fits --------------------------------------------------------------------------------------


@pytest.fixture
def fitted() -> dict[str, Any]:
    links, _faults = parse_links(TEXT, OLD, NEW)
    assert links is not None
    values: dict[str, Any] = {
        "T1": "doing",
        "T1.2": "2027-12",
        "T2": ["evening"],
        "T3": "9",
        "T4/kiosk/state": "no",
        "T4/van/state": "yes",
        "T4/van/use": ["ask", "other"],
        "T4.van.use": "รับเรื่อง",
        "T5.1": "used",
        "T5.2": "ข้อเสนอ",
        "T6": ["r1"],
        "T6#r1/T6.name": "หลักสูตร",
        "T6#r1/T6.rounds": ["r2"],
        "T6#r1/T6.rounds#r2/T6.seats": "20",
        "T7": "yes",
        "T8": "yes",
        "T8.1": "4",
    }
    places = ["T2=evening", "T3", "T4/van/use=ask", "T6#r1", "T8=yes"]
    return {one.question: one for one in fit_answers(links, OLD, NEW, values, places)}


def test_answers_find_their_new_places(fitted: dict[str, Any]) -> None:
    assert fitted["T1"].value == {"T1": "started", "T1.2": "2027-12"}
    assert fitted["T4"].value == {"T4/kiosk/state": "no"}
    assert fitted["T9"].value == {"T9/bus/state": "yes", "T9/bus/use": ["ask", "other"], "T9.use": "รับเรื่อง"}
    assert fitted["T5.1"].value == {"T5.1": "used", "T5.3": "ข้อเสนอ"}
    assert fitted["T6"].value["T6#r1/T6.rounds#r2/T6.seats"] == "20"
    assert fitted["T10"].value == {"T10": "yes", "T10.1": "4"}
    assert {"T3", "T7", "T11"}.isdisjoint(fitted)  # dropped, not comparable, new


def test_evidence_finds_its_new_places(fitted: dict[str, Any]) -> None:
    assert fitted["T2"].places == {"T2=evening": ("T2=evening",)}
    assert fitted["T9"].places == {"T9/bus/use=ask": ("T4/van/use=ask",)}
    assert fitted["T6"].places == {"T6#r1": ("T6#r1",)}
    assert fitted["T10"].places == {"T10=yes": ("T8=yes",)}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_answered_fits_or_is_left_out(seed: int) -> None:
    links, _faults = parse_links(TEXT, OLD, NEW)
    assert links is not None
    path = resolve_path(OLD, sample_values(OLD, seed))
    for one in fit_answers(links, OLD, NEW, path.values, path.places):
        assert NEW.items[one.question].question == one.question
        assert values_by_question(NEW, one.value) == {one.question: one.value}
        assert not one.lost


# -- bringing along ---------------------------------------------------------------------------------


@pytest.fixture
def world(people: People, settings: Any) -> Assigned:
    settings.LINK_DIRS = [FILE.parent]
    world = make_assigned(people)
    world.flow.fill()
    world.flow.save("T8", {"T8": "yes", "T8.1": "4", "T8.1.of": "5"})
    Attachment.objects.filter(pk=world.flow.prove("T8=yes", name="ผลสำรวจ.pdf").pk).update(
        document_date=date(2027, 3, 1)
    )
    world.answer("T1", {"T1": "doing", "T1.2": "2027-12"})
    publish(NEXT)
    return world


def start(world: Assigned) -> Round:
    from survey.models import Instrument as Row

    row = Row.objects.get(year=2571)
    dates = {
        "period_from": row.period_from,
        "period_to": row.period_to,
        "opens_on": world.day(0),
        "agency_due": world.day(7),
        "committee_on": world.day(14),
        "closes_at": world.round.closes_at,
    }
    return open_next_round(
        by=world.people.who(Role.PROVINCE_ADMIN),
        previous=world.round,
        instrument=row,
        dates=dates,
        proofs=evidence_to_carry,
    )


def provincial(round_: Round) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument")
    return rows.get(round=round_, agency=None)


def test_everything_comes_as_to_confirm_and_nothing_as_given(world: Assigned) -> None:
    made = start(world)
    assert made.previous == world.round
    response = provincial(made)
    assert not Answer.objects.filter(response__round=made).exists()
    assert not Attachment.objects.filter(response__round=made).exists()
    rows = {c.question.item_id: c for c in Carried.objects.filter(response=response).select_related("question")}
    assert rows["T10"].value == {"T10": "yes", "T10.1": "4", "T10.1.of": "5"}
    (proof,) = rows["T10"].evidence
    assert (proof["address"], proof["name"], proof["document_date"]) == ("T10=yes", "ผลสำรวจ.pdf", "2027-03-01")
    assert rows["T5.1"].relation == "merged"
    own = Carried.objects.get(response__agency=world.people.a1, response__round=made)
    assert own.value == {"T1": "started", "T1.2": "2027-12"}
    event = Event.objects.get(response=response, verb="carried.bring")
    assert (event.data["from"], event.data["relations"]["merged"]) == (2570, 1)
    assert verify.verify_journal().ok


def test_who_does_what_comes_along_without_its_dates(world: Assigned) -> None:
    world.give(world.people.a2, AssignmentTarget("1.1"), due=world.day(1), note="หมายเหตุ")
    world.flow.round.refresh_from_db()
    set_agency_active(by=None, agency=world.people.a2, active=False)
    made = start(world)
    names = {(a.agency.code, str(assignment_target(made.instrument, a)), a.role, a.due) for a in made.assignments.all()}
    assert names == {
        ("A1", "1.1", "R", None),
        ("A1", "T10", "S", None),
        ("A1", "T4", "C", None),
        ("A1", "T9", "C", None),
    }
    assert set(Assignment.objects.filter(round=made).values_list("state", flat=True)) == {"open"}


def test_nothing_starts_where_the_years_are_not_linked(world: Assigned, settings: Any) -> None:
    settings.LINK_DIRS = []
    with pytest.raises(MissingLinks):
        start(world)
    assert Round.objects.count() == 1


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def test_one_answer_is_confirmed_with_its_evidence(world: Assigned, site: Client) -> None:
    response = provincial(start(world))
    card = site.get(f"/r/{response.pk}/fill/2.1/").content.decode()
    assert "รอให้ยืนยัน" in card
    assert "ลงวันที่นอกช่วงเวลาของปีนี้" in card
    assert "&lt;" not in card
    url = f"/r/{response.pk}/carried/T10/"
    done = site.post(url, {"carried": "take", "_revision": "0"})
    assert done["Location"] == f"/r/{response.pk}/fill/2.1/#q:T10"
    assert Answer.objects.get(response=response).value == {"T10": "yes", "T10.1": "4", "T10.1.of": "5"}
    attached = Attachment.objects.get(response=response)
    assert (attached.address, attached.file, attached.question.item_id) == (
        "T10=yes",
        Attachment.objects.get(response=world.flow.response).file,
        "T10",
    )
    assert attached.marks.count() == 1
    assert attached.to_confirm
    told = site.get(done["Location"].partition("#")[0]).content.decode()
    assert "นำหลักฐานมาด้วย 1 รายการ ยังไม่นับจนกว่าจะยืนยัน" in told
    verbs = list(Event.objects.filter(response=response).order_by("seq").values_list("verb", flat=True))
    assert verbs[-3:] == ["answer.save", "evidence.adopt", "carried.take"]
    row = Carried.objects.get(response=response, question__item_id="T10")
    assert (row.taken, row.settled_by) == (True, world.secretariat)
    site.post(url, {"carried": "leave"})  # decided already
    row.refresh_from_db()
    assert row.taken
    after = site.get(f"/r/{response.pk}/fill/2.1/").content.decode()
    assert f"/r/{response.pk}/carried/T10/" not in after
    assert verify.verify_journal().ok


def test_evidence_that_cannot_come_is_named_with_the_reason(world: Assigned, site: Client) -> None:
    response = provincial(start(world))
    source = Attachment.objects.get(response=world.flow.response)
    File.objects.filter(pk=source.file_id).update(scan_state=ScanState.INFECTED)
    url = f"/r/{response.pk}/carried/T10/"
    told = site.post(url, {"carried": "take", "_revision": "0"}, follow=True).content.decode()
    assert f"นำหลักฐานมาไม่ได้: {source.name} (พบไวรัสในไฟล์" in told
    assert not Attachment.objects.filter(response=response).exists()


def test_evidence_without_a_place_this_year_is_listed(world: Assigned, site: Client) -> None:
    world.flow.prove("T1=done", name="หลักฐานที่ไม่ได้นับ.pdf")
    response = provincial(start(world))
    page = site.get(f"/r/{response.pk}/carried/").content.decode()
    assert "หลักฐานปีก่อน 1 รายการไม่ได้นำมา" in page
    assert "หลักฐานที่ไม่ได้นับ.pdf" in page


def test_one_answer_is_set_aside(world: Assigned, site: Client) -> None:
    response = provincial(start(world))
    site.post(f"/r/{response.pk}/carried/T2/", {"carried": "leave"})
    assert not Answer.objects.filter(response=response).exists()
    assert site.post(f"/r/{response.pk}/carried/T11/", {"carried": "take"}).status_code == 404
    listing = site.get(f"/r/{response.pk}/carried/").content.decode()
    assert "ไม่ถามแล้ว" in listing
    assert "หลักสูตรที่จะจัดปีหน้า" in listing
    assert "เทียบกันไม่ได้" in listing
    assert "ตัวเลือก “" in listing
    assert "อยู่นอกช่วงเวลาของปีนี้" in listing


def test_an_answer_of_this_year_is_not_overwritten_unseen(world: Assigned, site: Client) -> None:
    response = provincial(start(world))
    question = response.round.instrument.questions.get(item_id="T10")
    answers.save_answer(
        by=world.secretariat, response=response, question=question, value={"T10": "no"}, base_revision=0
    )
    site.post(f"/r/{response.pk}/carried/T10/", {"carried": "take", "_revision": "0"})
    assert Answer.objects.get(response=response).value == {"T10": "no"}
    assert Carried.objects.get(response=response, question__item_id="T10").settled_at is None
    site.post(f"/r/{response.pk}/carried/T10/", {"carried": "take", "_revision": "1"})
    assert Answer.objects.get(response=response).value["T10"] == "yes"


def test_an_agency_confirms_its_own_and_sees_last_year_on_its_desk(world: Assigned, client: Client) -> None:
    made = start(world)
    client.force_login(world.coordinator)
    own = Response.objects.get(round=made, agency=world.people.a1)
    desk = client.get(f"/p/{world.people.a.code}/{made.year}/desk/").content.decode()
    assert "คำตอบปี 2570" in desk
    client.post(f"/r/{own.pk}/carried/T1/", {"carried": "take", "_revision": "0"})
    assert Answer.objects.get(response=own).value == {"T1": "started", "T1.2": "2027-12"}
    assert client.post(f"/r/{provincial(made).pk}/carried/T1/", {"carried": "take"}).status_code == 404
    client.force_login(world.people.who(Role.COORDINATOR, "a2"))
    assert client.post(f"/r/{own.pk}/carried/T1/", {"carried": "take"}).status_code == 404


def test_the_next_round_is_opened_in_one_click(world: Assigned, client: Client) -> None:
    client.force_login(world.people.who(Role.PROVINCE_ADMIN))
    url = f"{world.base}next/"
    page = client.get(url)
    fields = page.context["form"]
    given = {name: fields[name].value() for name in fields.fields}
    given = {k: v.isoformat() if isinstance(v, date) else v for k, v in given.items()}
    assert client.post(url, {**given, "opens_on": ""}).status_code == 422
    done = client.post(url, {**given, "assign": "1"})
    assert done.status_code == 302
    made = Round.objects.get(year=2571)
    assert done["Location"] == f"/r/{provincial(made).pk}/carried/"
    assert made.previous == world.round
    assert made.assignments.exists()
    assert client.get(done["Location"]).status_code == 200
    assert client.post(url, given).status_code == 422  # there is one now


def test_a_missing_link_is_told_on_the_form(world: Assigned, client: Client, settings: Any) -> None:
    settings.LINK_DIRS = []
    client.force_login(world.people.who(Role.PROVINCE_ADMIN))
    url = f"{world.base}next/"
    fields = client.get(url).context["form"]
    given = {n: fields[n].value() for n in fields.fields}
    given = {k: v.isoformat() if isinstance(v, date) else v for k, v in given.items()}
    refused = client.post(url, given)
    assert refused.status_code == 422
    assert "ไฟล์เชื่อมโยง" in refused.content.decode()
