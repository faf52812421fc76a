"""Giving agencies their parts: single ones, everybody, in bulk, from a workbook; what the journal keeps."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.actions import RefusedError, set_agency_active
from accounts.roles import Role
from evidence.models import Attachment
from survey.assigning import actions
from survey.assigning.actions import AssignmentTerms
from survey.assigning.reassigning import reassign_parts
from survey.assigning.targets import AssignmentTarget
from survey.models import Assignment, Event, Response
from survey.verifying import verify
from tests.assigned import Assigned, make_assigned
from tests.factories import AgencyFactory
from tests.people import People
from tests.survey.assigning.test_assignments_import import book

S = Assignment.State


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def last(world: Assigned, verb: str) -> Event:
    return Event.objects.filter(response=world.flow.response, verb=verb).latest("seq")


def test_each_change_is_an_event_of_the_provinces_answer(world: Assigned) -> None:
    part = world.give(
        world.people.a2, AssignmentTarget("1.1"), "S", if_any=True, due=world.day(3), note="เฉพาะศูนย์บริการ"
    )
    (kept,) = last(world, "assignment.add").data["after"]
    assert kept == {
        "agency": "A2",
        "part": "1.1",
        "role": "S",
        "if_any": True,
        "due": world.day(3).isoformat(),
        "note": "เฉพาะศูนย์บริการ",
    }
    actions.change_assignment(by=world.secretariat, assignment=part, terms=AssignmentTerms("R"))
    changed = last(world, "assignment.change").data
    assert (changed["before"]["role"], changed["after"]) == ("S", {"agency": "A2", "part": "1.1", "role": "R"})
    before = Event.objects.count()
    actions.change_assignment(by=world.secretariat, assignment=world.fresh(part), terms=AssignmentTerms("R"))
    assert Event.objects.count() == before
    actions.remove_assignment(by=world.secretariat, assignment=world.fresh(part))
    assert last(world, "assignment.remove").data["before"]["agency"] == "A2"
    with pytest.raises(RefusedError):
        actions.remove_assignment(by=world.secretariat, assignment=part)
    assert verify.verify_journal().ok


def test_who_has_it_keeps_it(world: Assigned) -> None:
    people = world.people
    done = actions.add_assignments(
        by=None,
        round_=world.round,
        agencies=[people.a1, people.a2],
        target=AssignmentTarget("1.1"),
        terms=AssignmentTerms("S"),
    )
    assert [a.agency for a in done.created] == [people.a2]
    assert [(a.agency, a.role) for a in done.existing] == [(people.a1, "R")]


def test_only_agencies_of_the_province_that_are_in_use(world: Assigned) -> None:
    people = world.people
    set_agency_active(by=people.who(Role.PROVINCE_ADMIN), agency=people.a2, active=False)
    people.a2.refresh_from_db()
    for agency in (people.b1, people.a2):
        with pytest.raises(RefusedError):
            actions.add_assignments(
                by=None,
                round_=world.round,
                agencies=[agency],
                target=AssignmentTarget("2.1"),
                terms=AssignmentTerms("R"),
            )


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED])
def test_nothing_is_assigned_once_the_province_has_submitted(world: Assigned, state: str) -> None:
    Response.objects.filter(pk=world.flow.response.pk).update(state=state)
    with pytest.raises(RefusedError):
        world.give(world.people.a2, AssignmentTarget("1.1"))


def test_nothing_is_assigned_after_the_round(world: Assigned) -> None:
    world.flow.close()
    with pytest.raises(RefusedError):
        world.give(world.people.a2, AssignmentTarget("1.1"))


# -- pages ------------------------------------------------------------------------------------------


def test_the_matrix_shows_letters_and_opens(world: Assigned, site: Client) -> None:
    url = world.base + "assignments/"
    text = site.get(url).content.decode()
    assert 'href="A1/1.1/"' in text
    assert "T4" in text  # nobody answers it
    opened = site.get(url + "?open=2.1").content.decode()
    assert "T6.rounds" in opened
    assert 'href="A2/2.1/"' in opened
    assert site.get(url + "?open=%00").status_code == 200


def test_a_cell_takes_one_more(world: Assigned, site: Client) -> None:
    url = world.base + "assignments/A2/1.1/"
    assert site.get(url).status_code == 200
    bad = site.post(url, {"target": "s:2.1", "role": "R"})  # not of this cell
    assert bad.status_code == 422
    late = site.post(url, {"target": "q:T2:", "role": "R", "due": world.day(99).isoformat()})
    assert late.status_code == 422
    assert site.post(url, {"target": "q:T2:", "role": "S", "if_any": "on"}).status_code == 302
    made = world.part(world.people.a2, "T2")
    assert (made.role, made.if_any) == ("S", True)
    again = site.post(url, {"target": "q:T2:", "role": "R"})
    assert again.status_code == 422
    assert "มอบหมายไว้แล้ว" in again.content.decode()
    for path in ("A2/9.9/", "B1/1.1/", "XX/1.1/"):
        assert site.get(f"{world.base}assignments/{path}").status_code == 404


def test_everybody_means_what_counts_as_the_province(world: Assigned, site: Client) -> None:
    town = AgencyFactory(province=world.people.a, code="TOWN", kind="local_government")
    url = world.base + "assignments/add/"
    assert site.post(url, {"target": "s:1.2", "role": "R"}).status_code == 422
    assert site.post(url, {"target": "s:1.1", "role": "S", "everyone": "on", "if_any": "on"}).status_code == 302
    assert world.part(world.people.a1).role == "R"
    assert world.part(world.people.a2, "1.1").role == "S"
    assert not Assignment.objects.filter(agency=town).exists()
    site.post(url, {"target": "q:T6:T6.rounds", "role": "C", "agencies": ["TOWN"]})
    assert Assignment.objects.get(agency=town).item_id == "T6.rounds"


def test_one_is_changed_and_taken_away(world: Assigned, site: Client) -> None:
    part = world.part()
    url = f"{world.base}assignments/{part.pk}/"
    assert site.post(url, {"role": "Z"}).status_code == 422
    back = site.post(url, {"role": "A", "note": "ตรวจ", "due": world.day(2).isoformat()})
    assert back["Location"].endswith("/assignments/A1/1.1/")
    assert (world.part().role, world.part().due) == ("A", world.day(2))
    assert site.get(url + "remove/").status_code == 200
    assert site.post(url + "remove/").status_code == 302
    assert site.get(url).status_code == 404
    assert site.get(f"/p/{world.people.b.code}/{world.round.year}/assignments/").status_code == 404


def test_a_refusal_comes_back_with_the_form(world: Assigned, site: Client) -> None:
    part = world.part()
    world.flow.close()
    assert site.post(f"{world.base}assignments/{part.pk}/", {"role": "A"}).status_code == 422
    assert site.post(f"{world.base}assignments/{part.pk}/remove/").status_code == 409
    assert site.post(world.base + "assignments/A2/1.1/", {"target": "q:T2:", "role": "R"}).status_code == 422


def test_the_printed_list_names_everybody(world: Assigned, client: Client) -> None:
    client.force_login(world.people.who(Role.COMMITTEE))
    text = client.get(world.base + "assignments/print/").content.decode()
    for agency in (world.people.a1, world.people.a2):
        assert agency.name_th in text
    assert "(ถ้ามี)" in text


# -- in bulk ----------------------------------------------------------------------------------------


def test_everything_of_one_agency_goes_to_another_after_a_look(world: Assigned, site: Client) -> None:
    world.submitted()
    world.give(world.people.a2, AssignmentTarget(question="T8"), "C")
    url, given = world.base + "assignments/reassign/", {"source": "A1", "to": "A2"}
    assert site.post(url, {"source": "A1", "to": "A1"}).status_code == 422
    assert site.post(url, {"source": "A1"}).status_code == 422
    given_by = {"added_by": world.coordinator, "added_at": timezone.now(), "name": "หน้าเว็บ"}
    question = world.flow.question("T8")
    Attachment.objects.create(
        response=world.contribution(), question=question, address="T8=yes", url="https://example.org/", **given_by
    )
    preview = site.post(url, given).content.decode()
    assert "มีอยู่แล้ว (C)" in preview
    assert "หลักฐาน 1 รายการอยู่กับหน่วยงานเดิมพร้อมคำตอบ" in preview
    assert Assignment.objects.filter(agency=world.people.a1).count() == 3
    keys = [a.pk for a in Assignment.objects.filter(agency=world.people.a1)]
    assert site.post(url, {**given, "apply": "1", "part": keys[:1]}).status_code == 409
    done = site.post(url, {**given, "apply": "1", "part": keys}, follow=True)
    assert "หลักฐาน 1 รายการอยู่กับหน่วยงานเดิมพร้อมคำตอบ" in done.content.decode()
    assert not Assignment.objects.filter(agency=world.people.a1).exists()
    moved = world.part(world.people.a2, "1.1")
    assert moved.state == S.OPEN
    assert world.part(world.people.a2, "T8").role == "C"
    event = last(world, "assignment.reassign")
    assert (event.data["to"], len(event.data["before"])) == ("A2", 3)
    assert world.contribution().answers.count() == 1  # what was answered stays where it was


def test_a_person_stands_for_their_agency_and_one_sub_pillar_can_go_alone(world: Assigned, site: Client) -> None:
    url = world.base + "assignments/reassign/"
    form = site.get(url).content.decode()
    name = world.coordinator.get_full_name()
    key = next(option.split('"')[1] for option in form.split("<option value=")[1:] if name in option and "#" in option)
    given = {"source": key, "to": "A2", "column": "1.1"}
    keys = [world.part().pk]
    assert site.post(url, {**given, "apply": "1", "part": keys}).status_code == 302
    assert set(Assignment.objects.filter(agency=world.people.a1).values_list("question__item_id", flat=True)) == {
        "T8",
        "T4",
    }


# -- from a workbook --------------------------------------------------------------------------------


def sent(content: bytes, **more: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("รายการ.xlsx", content), **more}


def signed(response: Any) -> str:
    return str(response.content.decode().split('name="signed" value="')[1].split('"')[0])


def test_a_workbook_is_tried_first_and_then_applied(world: Assigned, site: Client) -> None:
    url = world.base + "assignments/import/"
    content = book(["A1", "1.1", "A"], ["A2", "1.2", "R"], ["A1", "T8", "S", "ใช่"])
    before = set(Assignment.objects.values_list("pk", "role"))
    tried = site.post(url, sent(content))
    assert tried.status_code == 200
    assert set(Assignment.objects.values_list("pk", "role")) == before
    done = site.post(url + "apply/", {"signed": signed(tried)})
    assert done.status_code == 302
    assert world.part().role == "A"
    assert world.part(world.people.a2, "1.2").role == "R"
    data = last(world, "assignment.import").data
    assert [len(data.get(k, ())) for k in ("add", "change", "remove")] == [1, 1, 0]
    assert data["replaced"][0]["role"] == "R"


def test_replacing_takes_away_what_is_not_named(world: Assigned, site: Client) -> None:
    tried = site.post(world.base + "assignments/import/", sent(book(["A1", "1.1", "R"]), replace="on"))
    site.post(world.base + "assignments/import/apply/", {"signed": signed(tried)})
    assert [a.agency for a in Assignment.objects.all()] == [world.people.a1]
    assert len(last(world, "assignment.import").data["remove"]) == 4


def test_faults_are_listed_and_nothing_is_applied(world: Assigned, site: Client) -> None:
    url = world.base + "assignments/import/"
    assert site.post(url, {}).status_code == 422
    bad = site.post(url, sent(book(["A1", "1.1", "R"], ["XX", "9.9", "Q"])))
    assert bad.status_code == 422
    text = bad.content.decode()
    assert all(f"<strong>{ref}</strong>" in text for ref in ("A3", "B3", "C3"))
    assert 'name="signed"' not in text
    harmful = site.post(url, sent(b"PK\x03\x04 not a workbook"))
    assert harmful.status_code == 422


def test_a_dry_run_is_nobody_elses_and_not_of_another_round(world: Assigned, site: Client, client: Client) -> None:
    tried = signed(site.post(world.base + "assignments/import/", sent(book(["A2", "1.1", "R"]))))
    apply = world.base + "assignments/import/apply/"
    for text in ("", "x", tried[:-2], tried + "x"):
        assert site.post(apply, {"signed": text}).status_code == 409
    client.force_login(world.people.who(Role.PROVINCE_ADMIN))
    assert client.post(apply, {"signed": tried}).status_code == 409
    assert not Assignment.objects.filter(agency=world.people.a2, sub_pillar__code="1.1").exists()


def test_the_template_has_the_list_as_it_stands(world: Assigned, site: Client) -> None:
    answer = site.get(world.base + "assignments/template.xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [r[:3] for r in rows if r[0]] == [
        ("A1", "1.1", "R"),
        ("A1", "T4", "C"),
        ("A2", "T5.1", "R"),
        ("A2", "T6.rounds", "R"),
        ("A1", "T8", "S"),
    ]
    unchanged = site.post(world.base + "assignments/import/", sent(answer.content, replace="on"))
    assert "ไม่มีอะไรต้องเปลี่ยน" in unchanged.content.decode()


def test_the_journal_says_it_in_words(world: Assigned, site: Client) -> None:
    part = world.give(world.people.a2, AssignmentTarget("1.1"), "S", if_any=True)
    actions.change_assignment(by=world.secretariat, assignment=part, terms=AssignmentTerms("R"))
    reassign_parts(by=world.secretariat, round_=world.round, moving=[world.part()], to=world.people.a2)
    actions.remove_assignment(by=world.secretariat, assignment=world.fresh(part))
    tried = site.post(world.base + "assignments/import/", sent(book(["A1", "1.2", "A"])))
    site.post(world.base + "assignments/import/apply/", {"signed": signed(tried)})
    world.answer("T8", {"T8": "no"})
    loose = world.part(name="T8")
    world.due(-1)
    world.move("decline", loose, reason="ไม่มีภารกิจ", suggested=world.people.a2)
    text = site.get(f"/r/{world.flow.response.pk}/journal/").content.decode()
    for words in ("A2 1.1 S (ถ้ามี)", "A2 1.1 R", "A1 1.1 R → A2", "เพิ่ม 1 แก้ไข 0 นำออก 0 รายการ"):
        assert words in text
    own = site.get(f"/r/{world.contribution().pk}/journal/").content.decode()
    assert "T8 · ไม่มีภารกิจ · เสนอให้ A2 · หลังกำหนด" in own
