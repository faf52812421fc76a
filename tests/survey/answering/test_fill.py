"""The filling page and the saving of cards, by script and by plain form post."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.roles import Role
from demo.content import sample_values, values_by_question
from dgready.middleware import EXTEND_INTERVAL, LAST_EXTENDED_KEY
from survey.answering import actions as answers
from survey.instrument.path import resolve_path
from survey.instrument.values import item_or_column_at
from survey.models import Answer, Response
from tests.trial import REAL, Trial, make_trial

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def page(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def url(world: Trial, question: str) -> str:
    return f"/r/{world.response.pk}/answer/{question}/"


def fill(world: Trial, section: str, **query: str) -> str:
    return f"/r/{world.response.pk}/fill/{section}/"


@pytest.mark.slow
def test_every_page_opens_and_stays_small(world: Trial, page: Client) -> None:
    for section in world.compiled.sections:
        answer = page.get(fill(world, section.id))
        assert answer.status_code == 200
        assert len(answer.content) < 150_000
        for question in world.compiled.questions_of(section.id):
            assert f'id="q:{question.id}"' in answer.content.decode()


@pytest.mark.parametrize("language", ["th", "en"])
def test_pages_speak_the_readers_language(world: Trial, page: Client, language: str) -> None:
    page.cookies["django_language"] = language
    text = page.get(fill(world, "1.1")).content.decode()
    option = world.compiled.items["P1.1"].options[0].label.to(language)
    assert option in text


def test_queries_do_not_grow(world: Trial, page: Client, django_assert_max_num_queries: Any) -> None:
    page.get(fill(world, "7.1"))
    with django_assert_max_num_queries(10):
        page.get(fill(world, "7.1"))
    data = {"_revision": "0", "P7.1.1": "yes"}
    with django_assert_max_num_queries(12):  # ten, and the savepoint of the test's transaction
        page.post(url(world, "P7.1.1"), data, **JSON)


def test_save_by_script(world: Trial, page: Client) -> None:
    answer = page.post(url(world, "G1"), {"_revision": "0", "G1": "no"}, **JSON)
    data = json.loads(answer.content)
    assert (answer.status_code, data["revision"], data["changed"], data["errors"]) == (200, 1, True, {})
    assert {"G2", "G3"} <= set(data["stale"])
    assert str(world.secretariat) in data["status"]
    cards = json.loads(page.get(fill(world, "3.1"), {"cards": "G2,G3"}).content)
    assert "G1" in cards["G2"]
    assert "q-skipped" in cards["G2"]


def test_save_by_plain_post_comes_back_to_the_card(world: Trial, page: Client) -> None:
    answer = page.post(url(world, "G1"), {"_revision": "0", "G1": "no"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#q:G1")
    text = page.get(fill(world, "3.1")).content.decode()
    assert "q-skipped" in text


@pytest.mark.parametrize("script", [True, False])
def test_one_bad_field_does_not_block_the_rest(world: Trial, page: Client, script: bool) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    data = {"_revision": "0", "P4.1": "count", number: "สิบสอง<"}
    answer = page.post(url(world, "P4.1"), data, **(JSON if script else {}))
    assert answer.status_code == 422
    assert Answer.objects.get().value == {"P4.1": "count"}
    text = answer.content.decode()
    if script:
        assert list(json.loads(text)["errors"]) == [number]
    else:
        assert "สิบสอง&lt;" in text
        assert f'id="err:{number}"' in text
        assert 'aria-invalid="true"' in text


def test_a_stored_value_survives_a_bad_one(world: Trial, page: Client) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    page.post(url(world, "P4.1"), {"_revision": "0", "P4.1": "count", number: "7"}, **JSON)
    page.post(url(world, "P4.1"), {"_revision": "1", "P4.1": "count", number: "x"}, **JSON)
    assert Answer.objects.get().value[number] == "7"


@pytest.mark.parametrize("script", [True, False])
def test_conflict_shows_both_and_lets_choose(world: Trial, page: Client, script: bool) -> None:
    number = next(i.id for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    page.post(url(world, "P4.1"), {"_revision": "0", "P4.1": "count", number: "7"}, **JSON)
    late = {"_revision": "0", "P4.1": "count", number: "9"}
    answer = page.post(url(world, "P4.1"), late, **(JSON if script else {}))
    assert answer.status_code == 409
    shown = json.loads(answer.content)["conflict"] if script else answer.content.decode()
    assert f'name="_pick:{number}"' in shown
    assert "7" in shown
    assert "9" in shown
    assert Answer.objects.get().value[number] == "7"
    pick = {**late, "_revision": "1", f"_pick:{number}": "theirs"}
    page.post(url(world, "P4.1"), pick, **JSON)
    assert Answer.objects.get().value[number] == "7"
    page.post(url(world, "P4.1"), {**pick, f"_pick:{number}": "mine"}, **JSON)
    assert Answer.objects.get().value[number] == "9"


def test_rows_without_script(world: Trial, page: Client) -> None:
    first = page.post(url(world, "G3"), {"_revision": "0", "G3": "yes", "_add": "G3.list"})
    text = page.get(first.headers["Location"].split("#")[0]).content.decode()
    assert text.count('class="row-card"') >= 2  # a row to fill, and the one in the template
    inner = [i.id for i in world.compiled.items["G3.list"].items]
    rows = {"G3.list": ["ra", "rb"], f"G3.list#ra/{inner[0]}": "หนึ่ง", f"G3.list#rb/{inner[0]}": "สอง"}
    page.post(url(world, "G3"), {"_revision": "1", "G3": "yes", **rows})
    assert Answer.objects.get().value["G3.list"] == ["ra", "rb"]
    page.post(url(world, "G3"), {"_revision": "2", "G3": "yes", **rows, "_remove": "G3.list#ra"})
    assert Answer.objects.get().value == {"G3": "yes", "G3.list": ["rb"], f"G3.list#rb/{inner[0]}": "สอง"}


def test_too_many_rows_are_explained(world: Trial, page: Client) -> None:
    data = {"_revision": "0", "G3": "yes", "G3.list": [f"r{n}" for n in range(6)]}
    answer = page.post(url(world, "G3"), data, **JSON)
    assert answer.status_code == 422
    assert "5" in json.loads(answer.content)["errors"]["G3.list"]


def test_clear(world: Trial, page: Client) -> None:
    page.post(url(world, "G1"), {"_revision": "0", "G1": "no"}, **JSON)
    page.post(url(world, "G1"), {"_revision": "1", "G1": "no", "_clear": "1"})
    assert Answer.objects.get().value == {}


def test_handed_in_answers_are_read_only(world: Trial, page: Client) -> None:
    Response.objects.update(state=Response.State.SUBMITTED)
    answer = page.post(url(world, "G1"), {"_revision": "0", "G1": "no"}, **JSON)
    assert answer.status_code == 403
    assert json.loads(answer.content)["refused"]
    text = page.get(fill(world, "3.1")).content.decode()
    assert "<fieldset" in text
    assert " disabled>" in text
    assert 'type="submit">' not in text.split('id="q:G1"')[1].split("</form>")[0]


def test_committee_reads_and_cannot_save(world: Trial, client: Client) -> None:
    client.force_login(world.user(Role.COMMITTEE))
    assert client.get(fill(world, "1.1"), follow=True).status_code == 200
    assert client.post(url(world, "G1"), {"_revision": "0", "G1": "no"}).status_code == 404
    assert not Answer.objects.exists()


def test_unknown_places_are_404(world: Trial, page: Client) -> None:
    assert page.get(fill(world, "9.9")).status_code == 404
    assert page.post(url(world, "Z1"), {}).status_code == 404
    assert page.post(f"/r/{world.response.pk}/present/zzz/").status_code == 404


def test_presence_names_the_others(world: Trial, page: Client, client: Client) -> None:
    other = Client()
    other.force_login(world.user(Role.SECRETARIAT))
    other.post(f"/r/{world.response.pk}/present/1.1/")
    text = page.post(f"/r/{world.response.pk}/present/1.1/").content.decode()
    assert "สมชาย" in text
    assert str(world.secretariat) not in text


def test_a_page_left_open_prolongs_no_session(world: Trial, page: Client) -> None:
    page.get(fill(world, "1.1"))
    session = page.session
    session[LAST_EXTENDED_KEY] = old = session[LAST_EXTENDED_KEY] - EXTEND_INTERVAL
    session.save()
    assert page.post(f"/r/{world.response.pk}/present/1.1/").status_code == 200
    assert page.session[LAST_EXTENDED_KEY] == old
    page.get(fill(world, "1.1"))
    assert page.session[LAST_EXTENDED_KEY] > old


def test_typed_markup_stays_text(world: Trial, page: Client) -> None:
    data = {"_revision": "0", "P1.1": "none", "P1.1a1": "</textarea><script>{{ 7*7 }}</script>"}
    page.post(url(world, "P1.1"), data, **JSON)
    text = page.get(fill(world, "1.1")).content.decode()
    assert "&lt;/textarea&gt;&lt;script&gt;{{ 7*7 }}" in text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_stored_is_what_is_shown(world: Trial, page: Client, seed: int) -> None:
    values = sample_values(world.compiled, seed=seed, share=1.0)
    for question, mine in values_by_question(world.compiled, values).items():
        row = world.question(question)
        answers.save_answer(by=world.secretariat, response=world.response, question=row, value=mine, base_revision=0)
    html = "".join(page.get(fill(world, s.id)).content.decode() for s in world.compiled.sections)
    picked = 0
    for address, value in resolve_path(world.compiled, values).values.items():
        owner = item_or_column_at(world.compiled, address)
        if owner and owner.kind in ("single", "multi"):
            for key in value if isinstance(value, list) else [value]:
                assert f'name="{address}" value="{key}" checked' in html, address
                picked += 1
        elif owner and owner.kind in ("text", "url", "number"):
            assert escape(value) in html, address
    assert html.count(" checked") == picked
