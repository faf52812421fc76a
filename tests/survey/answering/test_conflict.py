"""Saving on an older revision: what one side changed merges by itself, what both changed is asked."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from survey.answering.earlier_answer import answer_before
from survey.journal.queries import newest_answer_changes
from survey.models import Answer, Event
from survey.verifying.verify import verify_journal
from tests.trial import REAL, Trial, make_trial

JSON = {"HTTP_ACCEPT": "application/json"}
MAIL, MOBILE = "cover.contact.email", "cover.contact.mobile"


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def colleague(world: Trial) -> Any:
    return world.user(Role.SECRETARIAT)


class Page:
    """A page of one person: posts cards on the revision that it was opened at."""

    def __init__(self, world: Trial, user: Any) -> None:
        self.client, self.world = Client(), world
        self.client.force_login(user)

    def post(self, question: str, revision: int, fields: dict[str, Any], *, js: bool = True) -> Any:
        """Post a card."""
        url = f"/r/{self.world.response.pk}/answer/{question}/"
        return self.client.post(url, {"_revision": str(revision), **fields}, **(JSON if js else {}))


@pytest.fixture
def mine(world: Trial) -> Page:
    return Page(world, world.secretariat)


@pytest.fixture
def theirs(world: Trial, colleague: Any) -> Page:
    return Page(world, colleague)


def panel_fields(answer: HttpResponse) -> dict[str, list[str]]:
    """What a panel posts when nothing is chosen."""
    text = answer.content.decode()
    html = (
        json.loads(text)["conflict"]
        if text.startswith("{")
        else re.findall(r"<form[^>]*data-conflict.*?</form>", text, re.S)[0]
    )
    assert "checked" not in html
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', html):
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(unescape(value))
    return fields


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_two_fields_of_one_card_both_stand(world: Trial, mine: Page, theirs: Page, colleague: Any, js: bool) -> None:
    question = world.compiled.items[MAIL].question or ""
    mine.post(question, 0, {MAIL: "old@example.org"})
    theirs.post(question, 1, {MAIL: "new@example.org"})
    answer = mine.post(question, 1, {MAIL: "old@example.org", MOBILE: "081-000-0000"}, js=js)
    assert Answer.objects.get().value == {MAIL: "new@example.org", MOBILE: "081-000-0000"}
    assert Event.objects.filter(verb="answer.save").order_by("seq").last().data == {
        "before": {},
        "after": {MOBILE: "081-000-0000"},
        "merged": True,
    }
    said = f"รวมกับการแก้ไขของ {colleague} แล้ว"
    if js:
        data = json.loads(answer.content)
        assert (answer.status_code, data["revision"], data["status"]) == (200, 3, said)
        assert "new@example.org" in data["card"]
    else:
        assert answer.status_code == 303
        target = answer.headers["Location"].split("#")[0]
        assert said in mine.client.get(target).content.decode()
        assert said not in mine.client.get(target).content.decode()
    assert not list(verify_journal().faults)


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_only_what_both_changed_is_asked(world: Trial, mine: Page, theirs: Page, js: bool) -> None:
    numbers = [i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number"]
    mine.post("P4.1", 0, {"P4.1": "count", numbers[0]: "7"})
    theirs.post("P4.1", 1, {"P4.1": "count", numbers[0]: "8", "_unsure": "1", "_note": "ถามก่อน"})
    asked = mine.post("P4.1", 1, {"P4.1": "count", numbers[0]: "9"}, js=js)
    assert asked.status_code == 409
    fields = panel_fields(asked)
    assert fields["_ask"] == [numbers[0]]
    assert fields["_note"] == ["ถามก่อน"]
    again = mine.post("P4.1", 2, fields, js=js)
    assert again.status_code == 422
    assert panel_fields(again) == fields
    assert Answer.objects.get().value[numbers[0]] == "8"
    mine.post("P4.1", 2, {**fields, f"_pick:{numbers[0]}": "mine"}, js=js)
    stored = Answer.objects.get()
    assert (stored.value, stored.unsure, stored.note) == ({"P4.1": "count", numbers[0]: "9"}, True, "ถามก่อน")


@pytest.mark.parametrize(("pick", "left"), [("keep", ["ra", "rb", "rc"]), ("remove", ["ra", "rc"])])
@pytest.mark.parametrize("remover", ["mine", "theirs"])
def test_a_row_that_one_removes_and_the_other_changes(
    world: Trial, mine: Page, theirs: Page, pick: str, left: list[str], remover: str
) -> None:
    name = world.compiled.items["G3.list"].items[0].id

    def rows(**texts: str) -> dict[str, Any]:
        return {"G3": "yes", "G3.list": list(texts), **{f"G3.list#{row}/{name}": t for row, t in texts.items()}}

    mine.post("G3", 0, rows(ra="หนึ่ง", rb="สอง"))
    removed, changed = rows(ra="หนึ่ง"), rows(ra="หนึ่ง", rb="แก้แล้ว", rc="ใหม่")
    theirs.post("G3", 1, changed if remover == "mine" else removed)
    asked = mine.post("G3", 1, removed if remover == "mine" else changed)
    fields = panel_fields(asked)
    assert fields["_ask"] == ["G3.list#rb"]
    assert mine.post("G3", 2, fields).status_code == 422
    assert mine.post("G3", 2, {**fields, "_pick:G3.list#rb": pick}).status_code == 200
    value = Answer.objects.get().value
    assert sorted(value["G3.list"]) == left
    assert value.get(f"G3.list#rb/{name}") == ("แก้แล้ว" if pick == "keep" else None)


def test_rows_added_on_both_sides_stay(world: Trial, mine: Page, theirs: Page) -> None:
    name = world.compiled.items["G3.list"].items[0].id
    theirs.post("G3", 0, {"G3": "yes", "G3.list": ["ra"], f"G3.list#ra/{name}": "หนึ่ง"})
    assert mine.post("G3", 0, {"G3": "yes", "G3.list": ["rb"], f"G3.list#rb/{name}": "สอง"}).status_code == 200
    assert Answer.objects.get().value["G3.list"] == ["ra", "rb"]


def test_more_rows_than_fit_are_asked(world: Trial, mine: Page, theirs: Page) -> None:
    name = world.compiled.items["G3.list"].items[0].id
    many = world.compiled.items["G3.list"].max_rows or 0

    def rows(letter: str) -> dict[str, Any]:
        ids = [f"r{letter}{number}" for number in range(many)]
        return {"G3": "yes", "G3.list": ids, **{f"G3.list#{row}/{name}": row for row in ids}}

    theirs.post("G3", 0, rows("a"))
    fields = panel_fields(mine.post("G3", 0, rows("b")))
    assert fields["_ask"] == ["G3.list"]
    mine.post("G3", 1, {**fields, "_pick:G3.list": "theirs"})
    assert Answer.objects.get().value == rows("a")


@pytest.mark.django_db
def test_options_merge_unless_they_exclude_each_other() -> None:
    world = make_trial()
    mine, theirs = Page(world, world.secretariat), Page(world, world.user(Role.SECRETARIAT))
    items = [i for question in world.compiled.questions for i in question.card()]
    item = next(i for i in items if i.kind == "multi" and any(o.exclusive for o in i.options))
    question, keys = item.question or "", [o.key for o in item.options if not o.exclusive]
    alone = next(o.key for o in item.options if o.exclusive)
    theirs.post(question, 0, {item.id: [keys[1]]})
    assert mine.post(question, 0, {item.id: [keys[0]]}).status_code == 200
    assert Answer.objects.get().value[item.id] == keys[:2]
    theirs.post(question, 2, {item.id: [alone]})
    assert panel_fields(mine.post(question, 2, {item.id: keys[:3]}))["_ask"] == [item.id]


def test_what_was_sent_without_a_reply_is_no_conflict_with_oneself(world: Trial, mine: Page, theirs: Page) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    lost = {"P4.1": "count", number: "1"}
    mine.post("P4.1", 0, lost)
    answer = mine.post("P4.1", 0, {**lost, number: "12", "_sent": [urlencode(lost)]})
    assert answer.status_code == 200
    assert "รวมกับ" not in json.loads(answer.content)["status"]
    assert Answer.objects.get().value[number] == "12"
    theirs.post("P4.1", 2, {**lost, number: "5"})
    again = mine.post("P4.1", 0, {**lost, number: "123", "_sent": [urlencode(lost), urlencode({**lost, number: "12"})]})
    assert panel_fields(again)["_ask"] == [number]
    assert Answer.objects.get().value[number] == "5"


def test_what_is_invalid_stays_typed_in_the_merged_card(world: Trial, mine: Page, theirs: Page) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    mine.post("P4.1", 0, {"P4.1": "count"})
    theirs.post("P4.1", 1, {"P4.1": "count", "_unsure": "1", "_note": "ถามก่อน"})
    answer = mine.post("P4.1", 1, {"P4.1": "count", number: "สิบ"})
    data = json.loads(answer.content)
    assert (answer.status_code, list(data["errors"])) == (422, [number])
    assert "สิบ" in data["card"]
    assert Answer.objects.get().unsure


def test_without_a_base_every_difference_is_asked(world: Trial, mine: Page, theirs: Page) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    theirs.post("P4.1", 0, {"P4.1": "count", number: "7"})
    Answer.objects.update(revision=5)  # as by hand: the journal does not know these revisions
    assert panel_fields(mine.post("P4.1", 1, {"P4.1": "count"}))["_ask"] == [number]


def test_every_earlier_revision_is_rebuilt(world: Trial, mine: Page) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    states: list[dict[str, Any]] = [{}]
    for fields in ({"P4.1": "count"}, {"P4.1": "count", number: "3", "_unsure": "1", "_note": "ก"}, {number: "4"}):
        mine.post("P4.1", len(states) - 1, fields)
        stored = Answer.objects.get()
        states.append({**stored.value, **({"_unsure": stored.note} if stored.unsure else {})})
    for revision, state in enumerate(states):
        changes = newest_answer_changes(world.response, world.question("P4.1"), stored.revision - revision)
        assert answer_before(stored, changes, revision) == state


def test_a_merge_costs_no_more_with_more_changes(
    world: Trial, mine: Page, theirs: Page, django_assert_max_num_queries: Any
) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    mine.post("P4.1", 0, {"P4.1": "count"})
    for revision in range(1, 6):
        theirs.post("P4.1", revision, {"P4.1": "count", number: str(revision)})
    with django_assert_max_num_queries(22):
        assert mine.post("P4.1", 1, {"P4.1": "count", "_unsure": "1"}).status_code == 200


def test_a_save_without_a_conflict_never_reads_the_journal(world: Trial, mine: Page) -> None:
    mine.post("P4.1", 0, {"P4.1": "count"})
    with CaptureQueriesContext(connection) as queries:
        assert mine.post("P4.1", 1, {"P4.1": "count", "_unsure": "1"}).status_code == 200
    assert len(queries) <= 8  # with the savepoints of the test's transaction
    assert not [q for q in queries if q["sql"].startswith("SELECT") and "survey_event" in q["sql"]]
