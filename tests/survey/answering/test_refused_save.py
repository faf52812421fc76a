"""A plain form post on an answer that cannot change any more: said on the page, with what was typed."""

import pytest
from django.test import Client

from accounts.roles import Role
from survey.instrument.queries import compiled_instrument
from survey.models import Answer, Response
from tests.flow import Flow, make_flow
from tests.people import People

TYPED = "ช้าไปหนึ่งนาที <b>"


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED])
def test_what_was_typed_stays_on_the_page(flow: Flow, client: Client, state: str) -> None:
    flow.save("T5.2", {"T5.2": "ก่อนเสนอ"})
    Response.objects.filter(pk=flow.response.pk).update(state=state)
    client.force_login(flow.secretariat)
    data = {"_revision": "1", "T5.2": TYPED, "_unsure": "1", "_note": "หมายเหตุที่พิมพ์"}
    reply = client.post(f"/r/{flow.response.pk}/answer/T5.2/", data)
    assert reply.status_code == 403
    text = reply.content.decode()
    assert "แก้ไขไม่ได้ในขณะนี้" in text
    assert "ช้าไปหนึ่งนาที &lt;b&gt;" in text
    assert "หมายเหตุที่พิมพ์" in text
    assert Answer.objects.get().value == {"T5.2": "ก่อนเสนอ"}


def test_rows_and_what_is_invalid_are_shown_too(flow: Flow, client: Client) -> None:
    Response.objects.filter(pk=flow.response.pk).update(state=Response.State.SUBMITTED)
    client.force_login(flow.secretariat)
    rows = {"T6": ["ra", "rb"], "T6#ra/T6.name": "หลักสูตรหนึ่ง", "T6#rb/T6.name": "หลักสูตรสอง", "T6#rb/T6.form": "room"}
    text = client.post(f"/r/{flow.response.pk}/answer/T6/", {"_revision": "0", **rows}).content.decode()
    assert "หลักสูตรหนึ่ง" in text
    assert "หลักสูตรสอง" in text
    data = {"_revision": "0", "T8": "yes", "T8.1": "สิบสอง"}
    reply = client.post(f"/r/{flow.response.pk}/answer/T8/", data)
    assert reply.status_code == 403
    assert "สิบสอง" in reply.content.decode()


def test_every_kind_of_question_can_be_refused(flow: Flow, client: Client) -> None:
    Response.objects.filter(pk=flow.response.pk).update(state=Response.State.SUBMITTED)
    client.force_login(flow.who(Role.SECRETARIAT))
    for question in compiled_instrument(flow.round.instrument).questions:
        data = {"_revision": "0", question.id: "x"}
        assert client.post(f"/r/{flow.response.pk}/answer/{question.id}/", data).status_code == 403, question.id
