"""Threads: asking, answering, demanding, closing; who is told, and what the journal keeps."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed, RefusedError
from accounts.models import User
from accounts.roles import Capability, Role
from evidence.attaching import actions as evidence
from survey.approval import actions as workflow
from survey.approval.review import current_open_points
from survey.models import Comment, Event, Notice, Response
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from survey.threads.open_comments import open_comments_by_question
from survey.verifying.verify import verify_journal
from survey.workflow import response_states as states
from survey.workflow.refusal import TransitionRefused
from tests.evidence.conftest import pdf, upload
from tests.flow import Flow
from tests.people import People
from tests.survey.agencies import agency, contribution, coordinator, give, verbs

pytestmark = pytest.mark.django_db


def start(flow: Flow, by: User | None = None, text: str = "ขอที่มาของตัวเลข", **more: object) -> Comment:
    given = {"response": flow.response, "about": ThreadSubject(flow.question("T8")), **more}
    return threads.start_thread(by=by or flow.governor, text=text, **given)  # type: ignore[arg-type]


# -- actions --------------------------------------------------------------------------------------


def test_a_thread_with_a_reply_stands_in_the_journal(flow: Flow) -> None:
    first = start(flow, about=ThreadSubject(flow.question("T8"), "T8.1"), mentions=[flow.secretariat])
    reply = threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=first, text="จากแบบสอบถาม")
    threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=first)
    threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=first)
    threads.reopen_thread(by=flow.governor, response=flow.response, thread=first)
    threads.reopen_thread(by=flow.governor, response=flow.response, thread=first)
    assert verbs(flow.response)[1:] == ["comment.add", "comment.reply", "comment.resolve", "comment.reopen"]
    added, answered = Event.objects.filter(verb__in=["comment.add", "comment.reply"]).order_by("seq")
    assert added.data == {
        "comment": first.pk,
        "text": "ขอที่มาของตัวเลข",
        "address": "T8.1",
        "mentions": [flow.secretariat.pk],
    }
    assert answered.data == {"comment": reply.pk, "text": "จากแบบสอบถาม", "thread": first.pk}
    flow.response.refresh_from_db()
    assert flow.response.version == Event.objects.filter(response=flow.response).count()
    assert verify_journal().ok


def test_replies_go_to_the_first_of_the_thread(flow: Flow) -> None:
    first = start(flow)
    reply = threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=first, text="ก")
    again = threads.reply_to_thread(by=flow.governor, response=flow.response, thread=reply, text="ข")
    assert again.parent == first
    assert [c.text for c in open_comments_by_question(flow.response)["T8"]] == ["ขอที่มาของตัวเลข"]


def test_who_is_told(flow: Flow) -> None:
    committee = flow.who(Role.COMMITTEE)
    first = start(flow, mentions=[committee, flow.governor])
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.data["what"]) == (committee, "comment", "T8")
    assert notice.url == f"{reverse('survey:threads-item', args=[flow.response.pk, 'T8'])}#c{first.pk}"
    threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=first, text="ตอบ")
    assert Notice.objects.filter(user=flow.governor).count() == 1


def test_a_demand_is_told_to_those_who_answer(flow: Flow) -> None:
    start(flow, must_answer=True)
    told = {n.user for n in Notice.objects.all()}
    assert flow.secretariat in told
    assert all(u.has(Capability.ANSWER_EDIT, province_id=flow.province.pk) for u in told)
    give(flow.round, "PO", "T8", {"T8": "no"})
    of = contribution(flow.round, "PO")
    threads.start_thread(
        by=flow.secretariat,
        response=of,
        text="โปรดแนบคำสั่ง",
        about=ThreadSubject(flow.question("T8")),
        must_answer=True,
    )
    assert Notice.objects.filter(user=coordinator(agency(flow.round, "PO"))).count() == 1


def test_only_readers_can_be_mentioned(flow: Flow) -> None:
    outsider = flow.people.who(Role.SECRETARIAT, "b")
    for stranger in (outsider, flow.who(Role.COORDINATOR), flow.people.nobody):
        with pytest.raises(RefusedError):
            start(flow, mentions=[stranger])
    assert not Comment.objects.exists()
    assert not Notice.objects.exists()
    of = contribution(flow.round, "PO")
    own = coordinator(agency(flow.round, "PO"))
    threads.start_thread(by=flow.secretariat, response=of, text="ถาม", mentions=[own])
    assert Notice.objects.get().user == own


def test_who_may_not(flow: Flow) -> None:
    for user in (flow.people.nobody, flow.people.who(Role.SECRETARIAT, "b"), flow.who(Role.COORDINATOR)):
        with pytest.raises(NotAllowed):
            start(flow, user)
    first = start(flow)
    with pytest.raises(NotAllowed):
        threads.resolve_thread(by=flow.who(Role.COMMITTEE), response=flow.response, thread=first)
    with pytest.raises(NotAllowed):
        threads.reply_to_thread(by=flow.who(Role.COORDINATOR), response=flow.response, thread=first, text="ก")


@pytest.mark.parametrize(
    "about",
    [("T8", "T4/kiosk/state"), ("T8", "T9"), ("T8", "<x>"), ("", "T8"), ("T8", "", uuid.uuid4())],
)
def test_places_that_are_not_of_the_question(flow: Flow, about: tuple[object, ...]) -> None:
    question = flow.question(str(about[0])) if about[0] else None
    with pytest.raises(RefusedError):
        start(flow, about=ThreadSubject(question, *about[1:]))  # type: ignore[arg-type]


def test_an_empty_text_and_a_thread_of_another_answer(flow: Flow) -> None:
    with pytest.raises(RefusedError):
        start(flow, text=" \x00 ")
    first = start(flow)
    of = contribution(flow.round, "PO")
    with pytest.raises(RefusedError):
        threads.reply_to_thread(by=flow.secretariat, response=of, thread=first, text="ก")
    assert Comment.objects.count() == 1


# -- answering before submission ------------------------------------------------------------------


def test_a_demand_keeps_the_answer_from_being_submitted(flow: Flow) -> None:
    flow.fill()
    first = start(flow, must_answer=True)
    told = [p for p in current_open_points(flow.response) if p.kind == "comment"]
    assert "ต้องตอบก่อนเสนอ" in told[0].message.th
    assert "submit" not in {t.name for t in states.allowed_response_transitions(flow.secretariat, flow.response)}
    reasons = dict.fromkeys(("comment@", "comment@1", "comment@2", "no_file@2"), "ไม่ทัน")
    with pytest.raises(TransitionRefused, match="1 เรื่อง"):
        workflow.submit_response(
            by=flow.secretariat, response=flow.response, points=current_open_points, reasons=reasons
        )
    with pytest.raises(RefusedError):
        threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=first)
    threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=first, text="จากแบบสอบถามหน้า 3")
    answered = [p for p in current_open_points(flow.response) if p.kind == "comment"]
    assert "ต้องตอบก่อนเสนอ" not in answered[0].message.th
    assert "submit" in {t.name for t in states.allowed_response_transitions(flow.secretariat, flow.response)}
    threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=first)
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=current_open_points, reasons=reasons)
    flow.response.refresh_from_db()
    assert flow.response.state == Response.State.SUBMITTED


def test_the_one_who_demands_can_let_go(flow: Flow) -> None:
    first = start(flow, must_answer=True)
    threads.resolve_thread(by=flow.governor, response=flow.response, thread=first)
    assert states.refusal_message(flow.secretariat, flow.response, "submit") == ""


# -- pages ----------------------------------------------------------------------------------------


def web(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def item(flow: Flow, item_id: str = "T8", response: Response | None = None) -> str:
    return reverse("survey:threads-item", args=[(response or flow.response).pk, item_id])


def test_asking_answering_and_closing_without_script(flow: Flow) -> None:
    committee, office = web(flow.who(Role.COMMITTEE)), web(flow.secretariat)
    data = {"text": "ที่มา<b>?", "about": "f:T8", "must": "1", "mention": str(flow.secretariat.pk)}
    asked = committee.post(item(flow), data)
    first = Comment.objects.get()
    assert (asked.status_code, asked["Location"]) == (302, f"{item(flow)}#c{first.pk}")
    assert (first.address, first.must_answer) == ("T8", True)
    text = office.get(item(flow)).content.decode()
    assert "ที่มา&lt;b&gt;?" in text
    assert "ต้องตอบก่อน จึง" in text
    resolve = reverse("survey:thread-resolve", args=[flow.response.pk, first.pk])
    assert office.post(resolve).status_code == 422
    answer = reverse("survey:thread-reply", args=[flow.response.pk, first.pk])
    assert office.post(answer, {"text": ""}).status_code == 422
    assert office.post(answer, {"text": "หน้า 3"}).status_code == 302
    assert office.post(resolve).status_code == 302
    listing = reverse("survey:threads", args=[flow.response.pk])
    assert "ที่มา" not in office.get(listing).content.decode()
    assert "ที่มา" in office.get(listing + "?show=done").content.decode()
    assert committee.post(reverse("survey:thread-reopen", args=[flow.response.pk, first.pk])).status_code == 302
    assert "ที่มา" in office.get(listing + "?show=must").content.decode()
    # Opened again it waits for another answer.
    assert office.post(resolve).status_code == 422
    assert office.post(answer, {"text": "หน้า 4"}).status_code == 302
    assert "ที่มา" not in office.get(listing + "?show=must").content.decode()
    assert "ตอบแล้ว ยังไม่เสร็จ" in office.get(listing).content.decode()


def test_a_script_gets_the_inner_part(flow: Flow) -> None:
    client = web(flow.secretariat)
    text = client.post(item(flow), {"text": "ถาม"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'id="threads"' in text
    assert "ถาม" in text
    refused = client.post(item(flow), {"text": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "โปรดเขียนข้อความ" in refused.content.decode()


def test_on_a_file(flow: Flow) -> None:
    flow.save("T8", {"T8": "yes"})
    file = evidence.attach_evidence(
        by=flow.secretariat,
        response=flow.response,
        question=flow.question("T8"),
        address="T8=yes",
        upload=upload(pdf(), "แบบสอบถาม.pdf"),
    ).attachment
    client = web(flow.governor)
    text = client.get(item(flow) + f"?file={file.public_id}").content.decode()
    assert f'value="e:{file.public_id}" selected' in text
    client.post(item(flow), {"text": "หน้าไหน", "about": f"e:{file.public_id}"})
    comment = Comment.objects.get()
    assert (comment.attachment, comment.address) == (file.public_id, "T8=yes")
    assert "แบบสอบถาม.pdf" in client.get(reverse("survey:threads", args=[flow.response.pk])).content.decode()
    assert client.post(item(flow), {"text": "ก", "about": f"e:{uuid.uuid4()}"}).status_code == 422


def test_on_the_whole_and_by_filter(flow: Flow) -> None:
    client, listing = web(flow.secretariat), reverse("survey:threads", args=[flow.response.pk])
    assert client.post(listing, {"text": "ทั้งฉบับดีแล้ว"}).status_code == 302
    assert client.post(listing, {"text": ""}).status_code == 422
    start(flow, flow.governor, "ไม่เกี่ยวกับใคร")
    assert "ทั้งฉบับดีแล้ว" in client.get(listing).content.decode()
    mine = client.get(listing + "?show=mine").content.decode()
    assert "ทั้งฉบับดีแล้ว" in mine
    assert "ไม่เกี่ยวกับใคร" not in mine


def test_an_agency_talks_about_its_own_answer_only(flow: Flow) -> None:
    give(flow.round, "PO", "T8", {"T8": "no"})
    give(flow.round, "SO", "T8", {"T8": "no"})
    own, other = contribution(flow.round, "PO"), contribution(flow.round, "SO")
    client = web(coordinator(agency(flow.round, "PO")))
    assert client.get(item(flow, response=own)).status_code == 200
    assert client.post(item(flow, response=own), {"text": "ตอบแล้ว"}).status_code == 302
    for response in (other, flow.response):
        assert client.get(item(flow, response=response)).status_code == 404
        assert client.post(item(flow, response=response), {"text": "ก"}).status_code == 404
    foreign = start(flow)
    assert client.post(reverse("survey:thread-reply", args=[own.pk, foreign.pk]), {"text": "ก"}).status_code == 404


def test_reading_threads_costs_the_same_for_one_and_for_many(
    flow: Flow, people: People, django_assert_max_num_queries: object
) -> None:
    for n in range(12):
        first = start(flow, text=f"เรื่องที่ {n}", mentions=[flow.secretariat])
        threads.reply_to_thread(by=flow.secretariat, response=flow.response, thread=first, text="ตอบ")
    client = web(flow.secretariat)
    for url in (reverse("survey:threads", args=[flow.response.pk]), item(flow)):
        client.get(url)
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            assert client.get(url).status_code == 200
