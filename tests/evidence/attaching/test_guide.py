"""What level 5 asks and what counts as proof: at the question, at the evidence place, in the lists."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scoring.engine.queries import get_score_sheet
from survey.answering import card_compiler
from survey.answering.actions import save_answer
from survey.answering.card_compiler import compiled_cards
from survey.instrument.schema import LocalizedText
from survey.models import Instrument
from tests.scoring.worlds import criterion
from tests.trial import REAL, TRIAL, Trial, make_trial

VERSION_1 = REAL.with_name("dg-province-2568.yaml")
LINK = re.compile(
    r'<a (class="d-block"\s+)?href="https://[^"]+"\s+target="_blank"\s+'
    r'rel="noopener noreferrer"\s+referrerpolicy="no-referrer">'
)


@pytest.fixture
def trial(db: None) -> Trial:
    return make_trial(TRIAL)


@pytest.fixture
def real(db: None) -> Trial:
    return make_trial(REAL)


def signed_in(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def guide(world: Trial, client: Client, question: str, **headers: Any) -> str:
    """The page of what a question needs."""
    answer = client.get(reverse("evidence:guide", args=[world.response.pk, question]), **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def answer(world: Trial, question: str, value: dict[str, Any]) -> None:
    """An answer of the secretariat."""
    world.response.refresh_from_db()
    result = save_answer(
        by=world.secretariat, response=world.response, question=world.question(question), value=value, base_revision=0
    )
    assert result.answer is not None


def test_a_question_says_what_counts_and_who_says_so(trial: Trial, client: Client) -> None:
    text = guide(trial, signed_in(trial, client), "T1")
    official, advised = text.index("ตามที่ สพร. ระบุ"), text.index("คำแนะนำของ dgready")
    assert official < text.index("แผนที่ประกาศใช้แล้ว") < advised < text.index("รายงานการประชุมที่เห็นชอบแผน")
    assert text.index("ไม่นับเป็นหลักฐาน") < text.index("ร่างแผน")
    assert re.search(r"<blockquote>\s*“เพิ่มจุดบริการอีก 3 แห่ง”\s*</blockquote>", text)
    assert LINK.search(text)
    assert "กฎหมายสมมุติว่าด้วยจุดบริการ" in text


def test_places_that_differ_only_in_their_example_are_told_of_together(trial: Trial, client: Client) -> None:
    text = guide(trial, signed_in(trial, client), "T2")
    assert text.count("ประกาศเวลาให้บริการ") == 1
    assert "เปิดให้บริการวันเสาร์และวันอาทิตย์" in text
    assert "เปิดให้บริการนอกเวลาราชการ" in text


def test_a_script_gets_the_inner_part_only(trial: Trial, client: Client) -> None:
    text = guide(trial, signed_in(trial, client), "T1", HTTP_HX_REQUEST="true")
    assert "<html" not in text
    assert "แผนที่ประกาศใช้แล้ว" in text


def test_what_is_missing_now_is_what_the_score_sheet_counted(real: Trial, client: Client) -> None:
    signed_in(real, client)
    asked = "มีบริการดิจิทัลสำหรับกลุ่มเปราะบางอย่างน้อย 4 จาก 7 ประเภท"
    answer(real, "P4.4", {"P4.4": "yes", "P4.4.2": ["1", "2"]})
    real.response.refresh_from_db()
    score = criterion(get_score_sheet(real.response), "vulnerable-kinds")
    assert (score.value, score.full, len(score.unproven)) == (0, Decimal(4), 2)
    for page in (guide(real, client, "P4.4"), client.get(f"/r/{real.response.pk}/score/why/4.1/").content.decode()):
        assert asked in page
        assert "ตอนนี้นับได้ 0 จาก 4 ประเภท ยังขาด 4 ประเภท" in page
        assert "ตอบแล้วแต่ขาดหลักฐาน 2" in page


def test_the_guide_costs_few_queries_and_stays_small(
    real: Trial, client: Client, django_assert_max_num_queries: Any
) -> None:
    signed_in(real, client)
    guide(real, client, "G1")
    for question in ("P1.1", "P1.2a", "P2.4", "P3.1"):
        with django_assert_max_num_queries(10):
            assert len(guide(real, client, question).encode()) < 150_000


def test_a_question_that_is_not_scored_says_why(real: Trial, client: Client) -> None:
    text = guide(real, signed_in(real, client), "P4.1")
    assert "ข้อนี้ไม่นับคะแนน" in text
    assert "ระดับ 5 ของข้อ 4.1.1 วัดเฉพาะบริการที่จังหวัดพัฒนาขึ้นเอง" in text


def test_version_1_of_the_form_is_shown_as_it_was(db: None, client: Client) -> None:
    world = make_trial(VERSION_1)
    text = guide(world, signed_in(world, client), "G1")
    assert "หลักฐานที่ใช้ได้</h2>" not in text
    panel = client.get(reverse("evidence:slot", args=[world.response.pk, "G1"]), {"at": "G1=yes"})
    assert 'class="proof"' not in panel.content.decode()


def test_the_evidence_place_tells_what_counts_until_there_is_a_file(real: Trial, client: Client) -> None:
    answer(real, "G1", {"G1": "yes"})
    page = signed_in(real, client).get(reverse("evidence:slot", args=[real.response.pk, "G1"]), {"at": "G1=yes"})
    text = page.content.decode()
    assert '<details class="proof" open>' in text
    assert "คำสั่งแต่งตั้ง PCIO Committee" in text
    assert "ตัวอย่างข้อความที่ควรพบในเอกสาร" in text
    assert LINK.search(text)


def test_the_list_of_all_evidence_names_a_document_where_none_is(real: Trial, client: Client) -> None:
    answer(real, "G1", {"G1": "yes"})
    text = signed_in(real, client).get(f"/r/{real.response.pk}/evidence/").content.decode()
    assert re.search(r"เช่น\s+(<[^>]+>)*คำสั่งแต่งตั้ง", text)


def test_the_card_says_what_level_five_asks_and_leads_on(trial: Trial, client: Client) -> None:
    text = signed_in(trial, client).get(f"/r/{trial.response.pk}/fill/1.1/").content.decode()
    assert "<b>ระดับ 5:</b> เวลาเปิดนอกราชการ: อย่างน้อย 3 ช่วง" in re.sub("</?span[^>]*>", "", text)
    assert f'href="/r/{trial.response.pk}/proof/T2/" data-panel' in text
    assert "ยังขาดอะไร ใช้หลักฐานใด" in text


def test_what_level_five_asks_is_read_once_when_cards_are_compiled(trial: Trial) -> None:
    asked: list[Instrument] = []

    def read_asks(row: Instrument) -> dict[str, tuple[LocalizedText, ...]]:
        asked.append(row)
        return {"T2": (LocalizedText("ประโยคระดับ 5"),)}

    card_compiler._cached_cards.cache_clear()
    try:
        for _time in range(3):
            assert compiled_cards(trial.instrument, "th", read_asks)["T2"]
        assert len(asked) == 1
    finally:
        card_compiler._cached_cards.cache_clear()


def test_a_score_from_outside_says_how_it_is_made_and_where_to_get_it(trial: Trial, client: Client) -> None:
    text = signed_in(trial, client).get(reverse("scoring:externals", args=[trial.response.pk])).content.decode()
    for said in ("คะแนนเฉลี่ยของผู้เข้าทดสอบ", "หนังสือแจ้งผลของศูนย์ทดสอบ", "ได้มากกว่า 75 คะแนน", "ประมาณการ"):
        assert said in text
    assert LINK.search(text)


def test_what_if_says_what_level_five_asks(trial: Trial, client: Client) -> None:
    text = signed_in(trial, client).get(reverse("scoring:whatif", args=[trial.response.pk])).content.decode()
    assert "มีอุปกรณ์ครบทุกอย่าง" in text
