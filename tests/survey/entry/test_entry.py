"""Typing in a paper: its channel, its scan, its page; saving is the filling page's own."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.roles import Role
from evidence.library.actions import remove_document
from evidence.models import Attachment, Document
from survey.answering.actions import save_answer
from survey.answering.opening import ensure_response
from survey.assigning.actions import AssignmentTerms, add_assignments
from survey.assigning.targets import AssignmentTarget
from survey.models import Answer, Channel, Event, Response
from survey.verifying.steps import StepReplayer
from survey.verifying.verify import verify_journal
from tests.factories import AgencyFactory, MembershipFactory
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def typist(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def address(response: Response, rest: str = "") -> str:
    return f"/r/{response.pk}/entry/{rest}"


def picture(name: str = "page.png", size: tuple[int, int] = (60, 80)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def verbs(response: Response) -> list[str]:
    return list(Event.objects.filter(response=response).order_by("seq").values_list("verb", flat=True))


def faults() -> list[str]:
    """What the replay of the journals finds of the responses themselves."""
    return [fault.code for fault in verify_journal((StepReplayer,)).faults]


def test_beginning_counts_as_paper_and_can_be_taken_back(world: Trial, typist: Client) -> None:
    page = address(world.response, "1.1/")
    assert typist.get(page)["Location"] == address(world.response)  # first it is said that there is a paper
    begun = typist.post(address(world.response, "begin/"))
    assert begun.status_code == 302
    assert typist.get(begun["Location"]).status_code == 200
    world.response.refresh_from_db()
    assert world.response.channel == Channel.PAPER
    again = typist.post(address(world.response, "begin/"))
    assert again.status_code == 302
    assert verbs(world.response).count("response.channel") == 1
    back = typist.post(address(world.response, "take-back/"))
    world.response.refresh_from_db()
    assert world.response.channel == Channel.ONLINE
    assert "เลิกทำ" in typist.get(back["Location"]).content.decode()
    journal = typist.get(f"/r/{world.response.pk}/journal/").content.decode()
    assert "กรอกในระบบ → กระดาษ" in journal
    assert faults() == []


def test_the_scan_is_kept_in_the_offices_library_and_proves_nothing(world: Trial, typist: Client) -> None:
    begun = typist.post(address(world.response, "begin/"), {"scan": [picture()]})
    world.response.refresh_from_db()
    document = Document.objects.get()
    assert (world.response.paper, document.added_by) == (document.public_id, world.secretariat)
    assert (document.province, document.agency) == (world.province, None)
    assert not Attachment.objects.exists()
    text = typist.get(begun["Location"]).content.decode()
    file = f"/p/{world.province.code}/library/{document.public_id}/file/"
    assert f'data-content="{file}"' in text
    assert 'data-scan="image"' in text
    assert b"".join(typist.get(file)).startswith(b"\x89PNG")
    told = Event.objects.get(response=world.response, verb="response.paper")
    assert (told.data["to"], told.data["paper"]) == (str(document.public_id), document.name)
    assert faults() == []
    Response.objects.filter(pk=world.response.pk).update(paper=None)
    assert faults() == ["response.changed"]


def test_photos_become_one_document_and_one_of_the_library_can_be_chosen(world: Trial, typist: Client) -> None:
    typist.post(address(world.response, "begin/"), {"scan": [picture("1.png"), picture("2.png", (80, 60))]})
    photos = Document.objects.select_related("file").get()
    assert (photos.file.kind, photos.file.pages) == ("pdf", 2)
    typist.post(f"/p/{world.province.code}/library/", {"files": [picture("other.png", (30, 30))]})
    other = Document.objects.exclude(pk=photos.pk).get()
    assert str(other.public_id) in typist.get(address(world.response), {"q": "other"}).content.decode()
    typist.post(address(world.response, "begin/"), {"document": str(other.public_id)})
    world.response.refresh_from_db()
    assert world.response.paper == other.public_id
    remove_document(by=world.secretariat, document=other)
    assert "data-scan=" not in typist.get(address(world.response, "1.1/")).content.decode()


@pytest.mark.parametrize("wrong", ["x", "0a1b2c3d-0000-4000-8000-000000000000"])
def test_no_other_document_can_be_the_paper(world: Trial, typist: Client, wrong: str) -> None:
    assert typist.post(address(world.response, "begin/"), {"document": wrong}).status_code == 404
    elsewhere = make_trial(REAL, province=MembershipFactory(role=Role.SECRETARIAT).province)
    other = Client()
    other.force_login(elsewhere.secretariat)
    other.post(f"/p/{elsewhere.province.code}/library/", {"files": [picture()]})
    foreign = Document.objects.get()
    assert typist.post(address(world.response, "begin/"), {"document": str(foreign.public_id)}).status_code == 404
    assert other.get(address(world.response)).status_code == 404


def test_what_cannot_be_shown_is_refused_and_nothing_is_kept(world: Trial, typist: Client) -> None:
    bad = SimpleUploadedFile("x.pdf", b"no pdf at all", "application/pdf")
    answer = typist.post(address(world.response, "begin/"), {"scan": [bad]})
    assert answer.status_code == 422
    world.response.refresh_from_db()
    assert (world.response.channel, world.response.paper) == (Channel.ONLINE, None)
    assert not Document.objects.exists()


def test_plain_posts_save_by_the_same_action_and_stay_on_the_page(world: Trial, typist: Client) -> None:
    typist.post(address(world.response, "begin/"))
    text = typist.get(address(world.response, "3.1/")).content.decode()
    action = f"/r/{world.response.pk}/answer/G1/?entry=1"
    assert f'action="{action}"' in text
    saved = typist.post(action, {"_revision": "0", "G1": "no"})
    assert (saved.status_code, saved["Location"]) == (303, address(world.response, "3.1/?saved=G1#q:G1"))
    assert Answer.objects.get(question__item_id="G1").value == {"G1": "no"}
    page = typist.get(saved["Location"]).content.decode()
    assert "q-skipped" in page  # what the answer skips is jumped over
    cards = json.loads(typist.get(address(world.response, "3.1/"), {"cards": "G1,G2"}).content)
    assert action in cards["G1"]
    assert "q-skipped" in cards["G2"]


def test_a_conflict_and_a_fault_come_back_on_the_page(world: Trial, typist: Client) -> None:
    typist.post(address(world.response, "begin/"))
    action = f"/r/{world.response.pk}/answer/P4.1/?entry=1"
    wrong = typist.post(action, {"_revision": "0", "P4.1": "count", "P4.1.count": "ten"})
    assert wrong.status_code == 422
    assert "data-entry" in wrong.content.decode()
    other = MembershipFactory(role=Role.SECRETARIAT, province=world.province).user
    question = world.question("P4.1")
    stored = Answer.objects.get(question=question)
    value = {"P4.1": "count", "P4.1.count": "7"}
    save_answer(by=other, response=world.response, question=question, value=value, base_revision=stored.revision)
    clash = typist.post(action, {"_revision": "1", "P4.1": "count", "P4.1.count": "8"})
    text = clash.content.decode()
    assert clash.status_code == 409
    assert "data-conflict" in text
    assert "data-entry" in text
    assert text.count(f'action="{action}"') == 1
    assert Answer.objects.get(question=question).value["P4.1.count"] == "7"


def test_pages_cost_few_queries_and_stay_small(
    world: Trial, typist: Client, django_assert_max_num_queries: Any
) -> None:
    typist.post(address(world.response, "begin/"), {"scan": [picture("1.png"), picture("2.png")]})
    for section in ("7.1", "1.1"):
        with django_assert_max_num_queries(10):
            answer = typist.get(address(world.response, f"{section}/"))
        assert len(answer.content) < 150_000
    with django_assert_max_num_queries(10):
        typist.get(address(world.response))


def test_an_agency_types_its_own_part_and_the_board_counts_it(
    world: Trial, client: Client, django_assert_max_num_queries: Any
) -> None:
    agency = AgencyFactory(province=world.province)
    section = world.compiled.by_section["1.1"].sub_pillar
    terms, target = AssignmentTerms("R"), AssignmentTarget(sub_pillar=section)
    add_assignments(by=world.secretariat, round_=world.round, agencies=[agency], target=target, terms=terms)
    coordinator = MembershipFactory(role=Role.COORDINATOR, province=world.province, agency=agency).user
    client.force_login(coordinator)
    desk = f"/p/{world.province.code}/{world.round.year}/desk/"
    assert "กรอกจากกระดาษ" in client.get(desk).content.decode()
    opened = client.post(f"{desk}{agency.code}/entry/")
    own = Response.objects.get(agency=agency)
    assert opened["Location"] == address(own)
    begun = client.post(address(own, "begin/"), {"scan": [picture()]})
    assert Document.objects.get().agency == agency
    with django_assert_max_num_queries(10):
        text = client.get(begun["Location"]).content.decode()
    assert begun["Location"] == address(own, "1.1/")
    following = re.findall(r'rel="next"\s+href="(/r/[^"]+)"', text)
    assert following
    assert "fill" not in following[0]  # the only section asked: then the check
    assert "กระดาษ" in client.get(desk).content.decode()
    client.force_login(world.secretariat)
    ensure_response(by=None, round_=world.round, agency=AgencyFactory(province=world.province))
    board = client.get(f"/p/{world.province.code}/{world.round.year}/board/")
    assert [(str(c.channel), c.count) for c in board.context["board"].make()["channels"]] == [
        ("online", 1),
        ("workbook", 0),
        ("paper", 1),
    ]
    assert board.content.decode().count("(กระดาษ)") == 1
    assert client.get(address(own)).status_code == 404  # who reads it does not type it
