"""Clearing, removing a row and replacing can be undone; earlier values are put back; nothing is overwritten by it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from survey.models import Answer, Assignment, Event, Response
from survey.verifying.verify import verify_journal
from tests.flow import Flow, make_flow
from tests.people import People
from tests.survey.agencies import assign, give

JSON = {"HTTP_ACCEPT": "application/json"}
ROWS: dict[str, Any] = {
    "T6": ["ra", "rb"],
    "T6#ra/T6.name": "หลักสูตรหนึ่ง",
    "T6#rb/T6.name": "หลักสูตรสอง",
    "T6#rb/T6.form": "room",
}
js_and_plain = pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


@pytest.fixture
def office(flow: Flow, client: Client) -> Client:
    client.force_login(flow.secretariat)
    return client


def post(client: Client, response: Response, question: str, data: dict[str, Any], js: bool, way: str = "") -> Any:
    """Posts to a card."""
    url = f"/r/{response.pk}/answer/{question}/{way}"
    return client.post(url, data, **(JSON if js else {}))


def shown(client: Client, reply: HttpResponse, js: bool, question: str) -> str:
    """The card after a reply."""
    if js:
        return str(json.loads(reply.content)["card"])
    page = client.get(reply.headers["Location"].split("#")[0]).content.decode()
    found = re.search(rf'<form class="q" id="q:{re.escape(question)}".*?</form>', page, re.S)
    assert found
    return found[0]


def undo_of(card: str) -> str | None:
    """The revision that the card's undo button brings back."""
    found = re.search(r'name="undo" value="(\d+)" formaction="[^"]+/restore/"', card)
    return found[1] if found else None


def stored(question: str) -> Answer:
    return Answer.objects.get(question__item_id=question)


@js_and_plain
def test_what_was_cleared_comes_back_exactly(flow: Flow, office: Client, js: bool) -> None:
    flow.save("T5.2", {"T5.2": "บรรทัดหนึ่ง\nสอง"}, unsure=True, note="ถามก่อน")
    fields = {"_revision": "1", "T5.2": "บรรทัดหนึ่ง\nสอง", "_unsure": "1", "_note": "ถามก่อน"}
    card = shown(office, post(office, flow.response, "T5.2", {**fields, "_clear": "1"}, js), js, "T5.2")
    assert stored("T5.2").value == {}
    assert "ล้างแล้ว" in card
    assert "บันทึกแล้ว" not in card
    assert undo_of(card) == "1"
    again = post(office, flow.response, "T5.2", {"_revision": "2", "T5.2": "", "undo": "1"}, js, "restore/")
    card = shown(office, again, js, "T5.2")
    assert "นำค่ากลับแล้ว" in card
    row = stored("T5.2")
    assert (row.value, row.unsure, row.note, row.revision) == ({"T5.2": "บรรทัดหนึ่ง\nสอง"}, True, "ถามก่อน", 3)
    verbs = list(Event.objects.filter(question__item_id="T5.2").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["answer.save", "answer.clear", "answer.restore"]
    assert verify_journal().ok


@js_and_plain
def test_what_was_typed_but_not_saved_comes_back_too(flow: Flow, office: Client, js: bool) -> None:
    flow.save("T5.2", {"T5.2": "เก่า"})
    reply = post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": "พิมพ์ใหม่", "_clear": "1"}, js)
    card = shown(office, reply, js, "T5.2")
    assert (stored("T5.2").value, undo_of(card)) == ({}, "2")
    post(office, flow.response, "T5.2", {"_revision": "3", "T5.2": "", "undo": "2"}, js, "restore/")
    assert stored("T5.2").value == {"T5.2": "พิมพ์ใหม่"}


def test_a_row_removed_without_javascript_comes_back(flow: Flow, office: Client) -> None:
    flow.save("T6", ROWS)
    typed = {**ROWS, "T6#ra/T6.name": "แก้พร้อมกัน"}
    reply = post(office, flow.response, "T6", {"_revision": "1", **typed, "_remove": "T6#rb"}, False)
    card = shown(office, reply, False, "T6")
    assert stored("T6").value == {"T6": ["ra"], "T6#ra/T6.name": "แก้พร้อมกัน"}
    assert "ลบรายการแล้ว" in card
    undo = undo_of(card)
    fields = {"T6": ["ra"], "T6#ra/T6.name": "แก้พร้อมกัน"}
    post(office, flow.response, "T6", {"_revision": "3", **fields, "undo": undo}, False, "restore/")
    assert stored("T6").value == typed


def test_a_row_removed_by_the_script_is_said(flow: Flow, office: Client) -> None:
    flow.save("T6", ROWS)
    fields = {"T6": ["ra"], "T6#ra/T6.name": "หลักสูตรหนึ่ง"}
    data = post(office, flow.response, "T6", {"_revision": "1", **fields, "_did": "remove"}, True).json()
    assert data["status"].startswith("ลบรายการแล้ว")
    assert "card" not in data
    data = post(office, flow.response, "T6", {"_revision": "2", **ROWS, "_did": "restore"}, True).json()
    assert data["status"].startswith("นำค่ากลับแล้ว")


@js_and_plain
def test_an_answer_changed_since_is_asked_not_overwritten(flow: Flow, office: Client, js: bool) -> None:
    flow.save("T5.2", {"T5.2": "เดิม"})
    post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": "เดิม", "_clear": "1"}, js)
    flow.save("T5.2", {"T5.2": "ของเพื่อน"}, by=flow.who(Role.PROVINCE_ADMIN))
    reply = post(office, flow.response, "T5.2", {"_revision": "2", "T5.2": "", "undo": "1"}, js, "restore/")
    assert reply.status_code == 409
    panel = json.loads(reply.content)["conflict"] if js else reply.content.decode()
    assert "คำตอบข้อนี้ถูกแก้ไขหลังจากนั้นแล้ว จึงยังไม่ได้นำค่าเดิมกลับมา" in panel
    assert "ของเพื่อน" in panel
    assert "เดิม" in panel
    assert stored("T5.2").value == {"T5.2": "ของเพื่อน"}


@js_and_plain
def test_typing_after_clearing_is_not_lost_by_undo(flow: Flow, office: Client, js: bool) -> None:
    flow.save("T5.2", {"T5.2": "เดิม"})
    post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": "เดิม", "_clear": "1"}, js)
    reply = post(office, flow.response, "T5.2", {"_revision": "2", "T5.2": "พิมพ์ต่อ", "undo": "1"}, js, "restore/")
    assert reply.status_code == 409
    assert stored("T5.2").value == {"T5.2": "พิมพ์ต่อ"}


@js_and_plain
def test_a_value_replaced_in_a_conflict_comes_back(flow: Flow, office: Client, js: bool) -> None:
    flow.save("T5.2", {"T5.2": "ของเพื่อน"}, by=flow.who(Role.PROVINCE_ADMIN))
    assert post(office, flow.response, "T5.2", {"_revision": "0", "T5.2": "ของฉัน"}, js).status_code == 409
    chosen = {"_revision": "1", "T5.2": "ของฉัน", "_ask": "T5.2", "_pick:T5.2": "mine", "_note": ""}
    card = shown(office, post(office, flow.response, "T5.2", chosen, js), js, "T5.2")
    assert "บันทึกตามที่เลือกแล้ว" in card
    assert undo_of(card) == "1"
    assert Event.objects.filter(question__item_id="T5.2").order_by("seq").last().data["merged"] is True
    post(office, flow.response, "T5.2", {"_revision": "2", "T5.2": "ของฉัน", "undo": "1"}, js, "restore/")
    assert stored("T5.2").value == {"T5.2": "ของเพื่อน"}


def test_choosing_theirs_leaves_nothing_to_undo(flow: Flow, office: Client) -> None:
    flow.save("T5.2", {"T5.2": "ของเพื่อน"}, by=flow.who(Role.PROVINCE_ADMIN))
    chosen = {"_revision": "1", "T5.2": "ของฉัน", "_ask": "T5.2", "_pick:T5.2": "theirs", "_note": ""}
    data = post(office, flow.response, "T5.2", chosen, True).json()
    assert undo_of(data["card"]) is None


def test_the_status_of_an_empty_answer_says_cleared(flow: Flow, office: Client) -> None:
    flow.save("T5.2", {"T5.2": "x"})
    data = post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": ""}, True).json()
    assert data["status"].startswith("ล้างแล้ว")
    page = office.get(f"/r/{flow.response.pk}/fill/1.2.2/").content.decode()
    assert re.search(r'id="s:T5.2" role="status">ล้างแล้ว', page)
    assert 'name="undo"' not in page


def test_an_old_address_offers_no_undo_after_a_later_change(flow: Flow, office: Client) -> None:
    flow.save("T5.2", {"T5.2": "x"})
    reply = post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": "x", "_clear": "1"}, False)
    flow.save("T5.2", {"T5.2": "ใหม่"})
    assert undo_of(shown(office, reply, False, "T5.2")) is None
    for query in ("?done=clear&item=T5.2&back=x", "?done=evil&item=T5.2&back=1", "?done=clear", "?back=1"):
        assert office.get(f"/r/{flow.response.pk}/fill/1.2.2/{query}").status_code == 200


# -- the history ----------------------------------------------------------------------------------


def history(client: Client, flow: Flow, question: str = "T5.2", **more: Any) -> str:
    return client.get(f"/r/{flow.response.pk}/history/{question}/", **more).content.decode()


@js_and_plain
def test_any_line_of_the_history_can_be_put_back(flow: Flow, office: Client, js: bool) -> None:
    for text in ("หนึ่ง", "สอง", "สาม"):
        flow.save("T5.2", {"T5.2": text})
    page = history(office, flow, **({"HTTP_HX_REQUEST": "true"} if js else {}))
    assert re.findall(r'name="to"\s+value="(\d+)"', page) == ["2", "1"]
    assert 'name="_revision" value="3"' in page
    reply = post(office, flow.response, "T5.2", {"_revision": "3", "to": "1"}, js, "restore/")
    card = shown(office, reply, js, "T5.2")
    assert "นำค่ากลับแล้ว" in card
    assert undo_of(card) == "3"
    assert stored("T5.2").value == {"T5.2": "หนึ่ง"}
    assert "นำค่าเดิมกลับมา" in history(office, flow)
    assert "ค่าของครั้งที่ 1" in history(office, flow)
    assert verify_journal().ok


def test_putting_back_onto_a_newer_answer_is_asked(flow: Flow, office: Client) -> None:
    for text in ("หนึ่ง", "สอง", "สาม"):
        flow.save("T5.2", {"T5.2": text})
    reply = post(office, flow.response, "T5.2", {"_revision": "2", "to": "1"}, True, "restore/")
    assert reply.status_code == 409
    assert "conflict" in reply.json()
    assert stored("T5.2").value == {"T5.2": "สาม"}


@pytest.mark.parametrize("to", ["", "x", "9", "-1", "99999999999", "๑"])
def test_a_revision_that_is_none_is_refused(flow: Flow, office: Client, to: str) -> None:
    flow.save("T5.2", {"T5.2": "หนึ่ง"})
    reply = post(office, flow.response, "T5.2", {"_revision": "1", "to": to}, True, "restore/")
    assert (reply.status_code, "refused" in reply.json()) == (409, True)
    assert stored("T5.2").revision == 1


def test_the_history_of_many_pages_numbers_its_lines(flow: Flow, office: Client) -> None:
    for number in range(25):
        flow.save("T5.2", {"T5.2": str(number)})
    url = f"/r/{flow.response.pk}/history/T5.2/"
    with CaptureQueriesContext(connection) as queries:
        page = office.get(f"{url}?page=2").content.decode()
    assert re.findall(r'name="to"\s+value="(\d+)"', page) == ["5", "4", "3", "2", "1"]
    assert len(queries) <= 12


def test_only_who_may_edit_puts_back(flow: Flow, client: Client) -> None:
    for text in ("หนึ่ง", "สอง"):
        flow.save("T5.2", {"T5.2": text})
    client.force_login(flow.governor)
    assert 'name="to"' not in history(client, flow)
    assert post(client, flow.response, "T5.2", {"_revision": "2", "to": "1"}, True, "restore/").status_code == 404
    client.force_login(flow.secretariat)
    Response.objects.filter(pk=flow.response.pk).update(state=Response.State.SUBMITTED)
    assert 'name="to"' not in history(client, flow)
    reply = post(client, flow.response, "T5.2", {"_revision": "2", "to": "1"}, True, "restore/")
    assert (reply.status_code, stored("T5.2").value) == (403, {"T5.2": "สอง"})


def test_an_agency_puts_back_its_own_part_only(flow: Flow, client: Client) -> None:
    assign(flow.round, "A1", "T5.2", Assignment.State.OPEN)
    response = give(flow.round, "A1", "T5.2", {"T5.2": "ก"})
    client.force_login(flow.who(Role.COORDINATOR))
    post(client, response, "T5.2", {"_revision": "1", "T5.2": "ข"}, True)
    assert post(client, response, "T5.2", {"_revision": "2", "to": "1"}, True, "restore/").status_code == 200
    assert Answer.objects.get(response=response).value == {"T5.2": "ก"}
    Assignment.objects.update(state=Assignment.State.SUBMITTED)
    assert post(client, response, "T5.2", {"_revision": "3", "to": "2"}, True, "restore/").status_code == 403


# -- the note and the merge -------------------------------------------------------------------------


@js_and_plain
def test_a_note_typed_without_the_tick_is_kept(flow: Flow, office: Client, js: bool) -> None:
    reply = post(office, flow.response, "T8", {"_revision": "0", "T8": "no", "_note": "ขอให้ตรวจยอด"}, js)
    row = stored("T8")
    assert (row.unsure, row.note) == (True, "ขอให้ตรวจยอด")
    if js:
        assert reply.json()["unsure"] is True
    # Taking the tick away takes the note along, although its text still comes with the form.
    post(office, flow.response, "T8", {"_revision": "1", "T8": "no", "_note": "ขอให้ตรวจยอด"}, js)
    row = stored("T8")
    assert (row.unsure, row.note) == (False, "")


def test_a_note_without_the_tick_survives_a_merge(flow: Flow, office: Client) -> None:
    flow.save("T8", {"T8": "yes", "T8.1": "3"})
    flow.save("T8", {"T8": "yes", "T8.1": "4"}, by=flow.who(Role.PROVINCE_ADMIN))
    data = {"_revision": "1", "T8": "yes", "T8.1": "3", "_note": "ตรวจยอด"}
    assert post(office, flow.response, "T8", data, True).status_code == 200
    row = stored("T8")
    assert (row.value["T8.1"], row.unsure, row.note) == ("4", True, "ตรวจยอด")
    assert "รวมกับการแก้ไขของผู้อื่นที่บันทึกไว้ก่อน" in history(office, flow, "T8")


def test_a_save_costs_no_query_more(flow: Flow, office: Client) -> None:
    flow.save("T5.2", {"T5.2": "x"})
    office.get(f"/r/{flow.response.pk}/fill/1.2.2/")
    with CaptureQueriesContext(connection) as queries:
        assert post(office, flow.response, "T5.2", {"_revision": "1", "T5.2": "y"}, True).status_code == 200
    # Session, user, roles; response under lock, answer, its update, event, head; around them the transaction's own.
    assert len([q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]) <= 9
