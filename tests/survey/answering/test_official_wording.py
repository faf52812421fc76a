"""The paper's own words on the filling page: plain wording first, theirs folded beside each part."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from survey.instrument.actions import attach_official_texts
from survey.instrument.official.matching import MatchState, OfficialWording
from survey.instrument.official.places import OfficialPlace, sought_places
from survey.instrument.queries import _read_official_texts, official_texts
from survey.models import OfficialText
from tests.trial import REAL, TRIAL, Trial, make_trial

SUMMARY = "ตามถ้อยคำของ DGA"

pytestmark = pytest.mark.any_database


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(TRIAL)


@pytest.fixture
def reader(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def attach(world: Trial, texts: dict[OfficialPlace, str], doubts: tuple[tuple[int, int], ...] = ()) -> None:
    state = MatchState.DOUBTFUL if doubts else MatchState.MATCHED
    wordings = [OfficialWording(place, place.owner, text, state, 1.0, doubts) for place, text in texts.items()]
    attach_official_texts(instrument=world.instrument, wordings=wordings)


def section(world: Trial, reader: Client, name: str) -> str:
    answer = reader.get(f"/r/{world.response.pk}/fill/{name}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_part_has_its_wording_in_its_place(world: Trial, reader: Client) -> None:
    places = {
        OfficialPlace("question", "T2"): "ถ้อยคำของข้อ {{ 7*7 }} <b>",
        OfficialPlace("note", "T2"): "ถ้อยคำของหมายเหตุ",
        OfficialPlace("option", "T2", "weekend"): "ถ้อยคำของตัวเลือก",
        OfficialPlace("question", "T2.1"): "ถ้อยคำข้างใน",
        OfficialPlace("definition", "1.1"): "ถ้อยคำของนิยาม",
    }
    assert SUMMARY not in section(world, reader, "1.1")
    attach(world, places)
    text = section(world, reader, "1.1")
    assert "ถ้อยคำของข้อ &#123;&#123; 7*7 &#125;&#125; &lt;b&gt;" in text
    order = ["ถ้อยคำของนิยาม", 'id="h:T2"', "ถ้อยคำของข้อ", "ถ้อยคำของหมายเหตุ", "ถ้อยคำของตัวเลือก", "ถ้อยคำข้างใน"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_rows_and_columns_have_theirs(world: Trial, reader: Client) -> None:
    places = {
        OfficialPlace("row", "T4", "kiosk"): "ถ้อยคำของแถว",
        OfficialPlace("note", "T4", "kiosk"): "ถ้อยคำของหมายเหตุแถว",
        OfficialPlace("column", "T4", "amount"): "ถ้อยคำของคอลัมน์",
        OfficialPlace("option", "T4", "use=pay"): "ถ้อยคำของตัวเลือกในคอลัมน์",
    }
    attach(world, places)
    text = section(world, reader, "1.2.1")
    for words in places.values():
        assert text.count(f"{words}<") == 1, words


def test_what_a_repeat_repeats_is_said_once(world: Trial, reader: Client) -> None:
    repeat = next(i for i in world.compiled.items.values() if i.kind == "repeat" and i.items)
    attach(world, {OfficialPlace("question", repeat.items[0].id): "ถ้อยคำของช่องซ้ำ"})
    assert section(world, reader, repeat.section).count("ถ้อยคำของช่องซ้ำ") == 1


def test_a_group_of_questions_has_its_own(world: Trial, reader: Client) -> None:
    group = next(i for i in world.compiled.items.values() if i.kind == "group" and i.question is None)
    attach(world, {OfficialPlace("question", group.id): "ถ้อยคำของกลุ่ม"})
    text = section(world, reader, group.section)
    assert text.index(f'id="q:{group.id}"') < text.index("ถ้อยคำของกลุ่ม")


def test_same_words_are_left_out_and_doubts_are_marked(world: Trial, reader: Client) -> None:
    ours = world.compiled.items["T2"].by_key["evening"].label.th
    attach(world, {OfficialPlace("option", "T2", "evening"): f"{ours} (แนบเอกสารหลักฐาน)"})
    assert SUMMARY not in section(world, reader, "1.1")
    attach(world, {OfficialPlace("question", "T2"): "ถ้อยคำฆฌใหม่"}, ((6, 8),))
    text = section(world, reader, "1.1")
    assert "<mark>ฆฌ</mark>" in text
    assert "อ่านจากต้นฉบับได้ไม่ชัด" in text


def test_a_new_wording_is_seen_at_once(world: Trial, reader: Client) -> None:
    for words in ("ถ้อยคำแรก", "ถ้อยคำที่สอง"):
        attach(world, {OfficialPlace("question", "T1"): words})
        assert words in section(world, reader, "1.1")
    assert "ถ้อยคำแรก" not in section(world, reader, "1.1")


def test_texts_of_an_earlier_release_are_questions(world: Trial) -> None:
    OfficialText.objects.create(instrument=world.instrument, item_id="T1", text="ถ้อยคำเดิม")
    _read_official_texts.cache_clear()
    try:
        texts = official_texts(world.instrument).of_question(world.compiled.items["T1"])
        assert [text.text for text in texts] == ["ถ้อยคำเดิม"]
    finally:
        _read_official_texts.cache_clear()


def question_of(world: Trial, place: OfficialPlace) -> str:
    """The question or group on whose card a place stands."""
    return world.compiled.items[place.owner].question or place.owner


@pytest.mark.slow
def test_every_wording_is_one_press_away_on_small_pages_without_a_query_more(
    db: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    world = make_trial(REAL)
    client.force_login(world.secretariat)
    texts = {p.place: f"ถ้อยคำ {p.label} {p.label[: len(p.label) // 3].strip()}" for p in sought_places(world.compiled)}
    notes = {OfficialPlace("note", q.id): "หมายเหตุ " + "ก" * 300 for q in world.compiled.questions}
    attach(world, texts | notes)
    for shown in world.compiled.sections:
        section(world, client, shown.id)
        with django_assert_max_num_queries(10):
            text = section(world, client, shown.id)
        assert len(text.encode()) < 150_000, shown.id
        folded = "".join(re.findall(r"<details class=\"q-help q-dga\">.*?</details>", text, re.DOTALL))
        heads = "".join(re.findall(r"<thead>.*?</thead>", text, re.DOTALL))
        cards = set(re.findall(r'data-question="([^"]+)"|class="q-group" id="q:([^"]+)"', text))
        shown_questions = {question or group for question, group in cards}
        wordings = [words for place, words in texts.items() if question_of(world, place) in shown_questions]
        assert len(wordings) > 3
        plain = unescape(re.sub(r"</?span[^>]*>", "", folded))
        assert [words for words in wordings if f"{words}<" not in plain] == []
        assert SUMMARY not in heads  # a small screen shows no head of a table
