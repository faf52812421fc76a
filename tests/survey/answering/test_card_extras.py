"""Short options, the rest of a table, contradictions: what the cards say and do beside taking answers."""

import json
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from survey.answering.contradictions import checks_of, contradictions_around, contradictions_by_question
from survey.answering.option_layout import display_width, lies_on_one_line, negative_option
from survey.answering.rest_of_table import answer_rest, rest_name, take_back_rest
from survey.instrument.path import resolve_path
from survey.models import Answer
from tests.trial import REAL, Trial, make_trial

JSON = {"HTTP_ACCEPT": "application/json"}
REST = "P5.1/*/state=no"


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def page(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def url(world: Trial, question: str) -> str:
    return f"/r/{world.response.pk}/answer/{question}/"


def card(world: Trial, page: Client, question: str, query: str = "") -> str:
    section = world.compiled.items[question].section
    text = page.get(f"/r/{world.response.pk}/fill/{section}/{query}").content.decode()
    return text.split(f'id="q:{question}"')[1].split("</form>")[0]


# -- short options ----------------------------------------------------------------------------------------


def test_marks_above_and_below_take_no_room() -> None:
    assert display_width("ที่นี่") == 2
    assert display_width("yes") == 3


def test_short_sets_lie_side_by_side_and_long_ones_do_not(world: Trial) -> None:
    items = world.compiled.items
    assert lies_on_one_line(items["P5.1"].columns[0].options, "th")
    assert lies_on_one_line(items["P2.1.1"].options, "th") is all(
        display_width(o.label.th) <= 28 for o in items["P2.1.1"].options
    )
    long = next(i for i in items.values() if i.kind == "multi" and len(i.options) > 5)
    assert not lies_on_one_line(long.options, "th")


def test_what_an_option_opens_comes_below_the_line_of_options(world: Trial, page: Client) -> None:
    text = card(world, page, "P4.1")
    line = text.split("opts-line")[1].split("</div>")[0]
    assert line.count('type="radio"') == 2
    assert "then" not in line
    assert 'data-when="P4.1" data-is="count"' in text


def test_only_an_option_that_asks_nothing_more_is_given_to_all_rows(world: Trial) -> None:
    columns = {c.key: c for c in world.compiled.items["P5.1"].columns}
    no = negative_option(columns["state"])
    assert no is not None
    assert no.key == "no"
    assert negative_option(next(c for c in world.compiled.items["P4.6"].columns if c.kind == "multi")) is None


# -- the rest of a table ----------------------------------------------------------------------------------


def test_only_rows_without_an_answer_are_filled_and_exactly_these_taken_back(world: Trial) -> None:
    table = world.compiled.items["P5.1"]
    assert rest_name("P5.1", table.columns[0]) == REST
    first, second = (key for key, _row in table.answer_rows[:2])
    posted = {f"P5.1/{first}/state": ["yes"], f"P5.1/{second}/state": [""]}
    filled, rows = answer_rest(table, posted, REST)
    assert filled[f"P5.1/{first}/state"] == ["yes"]
    assert len(rows) == len(table.answer_rows) - 1
    filled[f"P5.1/{second}/state"] = ["yes"]  # changed meanwhile
    left = take_back_rest(table, filled, f"{REST}:{','.join(rows)}")
    assert left == {f"P5.1/{first}/state": ["yes"], f"P5.1/{second}/state": ["yes"]}


@pytest.mark.parametrize("name", ["", "x", "P5.1/*/state=yes", "P4.6/*/state=no", "P5.1/*/other=no", "Z#r1/P5.1/*/"])
def test_a_name_of_something_else_fills_nothing(world: Trial, name: str) -> None:
    assert answer_rest(world.compiled.items["P5.1"], {}, name) == ({}, [])


def test_the_rest_of_a_table_without_a_script_and_back(world: Trial, page: Client) -> None:
    keys = [key for key, _row in world.compiled.items["P5.1"].answer_rows]
    yes = {f"P5.1/{keys[0]}/state": "yes"}
    reply = page.post(url(world, "P5.1"), {"_revision": "0", **yes, "_rest": REST})
    assert reply.status_code == 303
    place = urlsplit(reply.headers["Location"])
    assert place.fragment == "rest:P5.1/state"
    stored = Answer.objects.get().value
    assert stored == {**yes, **{f"P5.1/{key}/state": "no" for key in keys[1:]}}
    text = card(world, page, "P5.1", f"?{place.query}")
    assert 'id="rest:P5.1/state"' in text
    name = parse_qs(place.query)["rest"][0]
    assert f'name="_unrest" value="{name}"' in unescape(text)
    page.post(url(world, "P5.1"), {"_revision": "1", **stored, "_unrest": name})
    assert Answer.objects.get().value == yes


def test_readers_of_a_closed_form_have_no_such_button(world: Trial, page: Client) -> None:
    type(world.response).objects.update(state="submitted")
    assert "_rest" not in card(world, page, "P5.1")


# -- contradictions ---------------------------------------------------------------------------------------

SERVICES = {"P4.1": "count", "P4.1.count": "10"}
DIGITAL = {"P4.1.1": "count", "P4.1.1.count": "15"}


def test_a_contradiction_is_said_in_both_questions(world: Trial) -> None:
    found = contradictions_by_question(resolve_path(world.compiled, {**SERVICES, **DIGITAL}))
    assert list(found["P4.1.1"]) == ["P4.1.1.count"]
    assert list(found["P4.1"]) == ["P4.1.count"]
    agreed = resolve_path(world.compiled, {**SERVICES, **DIGITAL, "P4.1.1.count": "9"})
    assert contradictions_by_question(agreed) == {}
    assert contradictions_around(agreed, {"P4.1.1.count"}) == {"P4.1.1.count": (), "P4.1.count": ()}
    assert checks_of(world.compiled, {"P4.1.count"})
    assert not checks_of(world.compiled, {"G1"})


def test_a_save_by_script_says_it_and_takes_it_back(world: Trial, page: Client) -> None:
    page.post(url(world, "P4.1"), {"_revision": "0", **SERVICES}, **JSON)
    data = json.loads(page.post(url(world, "P4.1.1"), {"_revision": "0", **DIGITAL}, **JSON).content)
    assert "มากกว่า" in data["clashes"]["P4.1.1.count"]
    assert data["clashes"]["P4.1.count"] == data["clashes"]["P4.1.1.count"]
    better = {**DIGITAL, "P4.1.1.count": "9", "_revision": "1"}
    data = json.loads(page.post(url(world, "P4.1.1"), better, **JSON).content)
    assert data["clashes"] == {"P4.1.1.count": "", "P4.1.count": ""}


def test_the_page_says_it_at_both_fields(world: Trial, page: Client) -> None:
    page.post(url(world, "P4.1"), {"_revision": "0", **SERVICES})
    page.post(url(world, "P4.1.1"), {"_revision": "0", **DIGITAL})
    for question, field in (("P4.1", "P4.1.count"), ("P4.1.1", "P4.1.1.count")):
        text = card(world, page, question)
        assert f'id="clash:{field}"' in text
        assert f'aria-describedby="clash:{field}"' in text
    page.post(url(world, "P4.1"), {"_revision": "1", **SERVICES, "P4.1.count": "20"})
    assert "clash:" not in card(world, page, "P4.1.1")


def test_a_save_that_can_contradict_nothing_asks_no_more(
    world: Trial, page: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(13):
        data = json.loads(page.post(url(world, "G1"), {"_revision": "0", "G1": "no"}, **JSON).content)
    assert "clashes" not in data
    page.post(url(world, "P4.1"), {"_revision": "0", **SERVICES}, **JSON)
    with django_assert_max_num_queries(14):  # one to read the answers that it is compared with
        page.post(url(world, "P4.1.1"), {"_revision": "0", **DIGITAL}, **JSON)


# -- tools ------------------------------------------------------------------------------------------------


def test_clearing_lies_apart_from_saving(world: Trial, page: Client) -> None:
    foot = card(world, page, "G1").split("q-foot")[1]
    tools, more = foot.split("<details")
    assert "q-save" in tools
    assert "_clear" not in tools
    assert "_clear" in more
    assert "btn" not in more.replace("btn-quiet", "")


# -- folding ----------------------------------------------------------------------------------------------


def test_answered_cards_of_a_long_section_lie_folded(world: Trial, page: Client) -> None:
    page.post(url(world, "P7.1.1"), {"_revision": "0", "P7.1.1": "no"}, **JSON)
    assert "q-fold" not in card(world, page, "P7.1.1")  # the page is short as long as nothing more is open
    rows = ["ra", "rb", "rc"]
    for question in ("P7.1.2", "P7.1.5", "P7.1.7", "P7.1.9"):
        listed = next(i for i in world.compiled.items[question].card() if i.kind == "repeat")
        data = {"_revision": "0", question: "yes", listed.id: rows}
        fields = {f"{listed.id}#{row}/{i.id}": "x" for row in rows for i in listed.items if i.kind == "text"}
        page.post(url(world, question), {**data, **fields}, **JSON)
    folded = card(world, page, "P7.1.2")
    assert '<details class="q-fold"><summary>ตอบแล้ว' in folded
    assert "ขาดหลักฐาน 3 จุด" in folded
    assert "q-fold" in card(world, page, "P7.1.1")
    assert "q-fold" not in card(world, page, "P7.1.3")  # not answered
    for query in ("?saved=P7.1.2", "?point=unsure:P7.1.2"):
        assert "q-fold" not in card(world, page, "P7.1.2", query)
