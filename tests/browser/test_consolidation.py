"""Consolidation and threads in a real browser: with script, without it, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evidence.attaching import actions as evidence
from survey.instrument.queries import questions_by_item_id
from survey.models import Answer, Comment
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from tests.browser.arriving import arriving
from tests.browser.looking import assert_accessible
from tests.evidence.conftest import pdf, upload
from tests.survey.agencies import agency, contribution, coordinator, give
from tests.trial import Trial, make_trial

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def trial(transactional_db: None) -> Trial:
    trial = make_trial()
    give(trial.round, "PO", "T2", {"T2": ["evening"]})
    give(trial.round, "SO", "T2", {"T2": ["weekend", "other"], "T2.1": "วันหยุดราชการ"})
    give(trial.round, "PO", "T5.2", {"T5.2": "ตรงกัน"})
    give(trial.round, "SO", "T5.2", {"T5.2": "ตรงกัน"})
    for code in ("PO", "SO"):
        give(trial.round, code, "T6", {"T6": ["r1"], "T6#r1/T6.name": f"หลักสูตร {code}", "T6#r1/T6.form": "room"})
    return trial


def item(trial: Trial, item_id: str) -> str:
    return reverse("survey:consolidate-item", args=[trial.response.pk, item_id])


def test_the_answer_is_built_as_one_chooses(trial: Trial, open_page: Open) -> None:
    page = open_page(trial.secretariat)
    page.goto(item(trial, "T2"))
    built = page.locator("#built")
    expect(built).to_contain_text("ยังไม่ได้เลือก 1 ช่อง")
    page.get_by_label("รวมทุกตัวเลือกที่มีผู้เลือก").check()
    expect(built).to_contain_text("เสาร์และอาทิตย์")
    expect(built).not_to_contain_text("ยังไม่ได้เลือก")
    # Taking one option away is choosing by hand.
    page.locator('input[name="t:T2"][value="other"]').uncheck()
    expect(page.locator('input[name="p:T2"][value="edit"]')).to_be_checked()
    expect(built).not_to_contain_text("วันหยุดราชการ")
    assert_accessible(page)
    page.get_by_role("button", name="บันทึกคำตอบจังหวัด").click()
    expect(page.get_by_text("บันทึกคำตอบจังหวัดจาก 2 หน่วยงานแล้ว")).to_be_visible()
    assert Answer.objects.get(response=trial.response).value == {"T2": ["evening", "weekend"]}


def test_evidence_follows_the_choice_unless_it_was_cleared(trial: Trial, open_page: Open) -> None:
    for code, option in (("PO", "evening"), ("SO", "weekend")):
        response = contribution(trial.round, code)
        by, question = coordinator(agency(trial.round, code)), questions_by_item_id(trial.round.instrument)["T2"]
        file, address = upload(pdf(code), f"{code}.pdf"), f"T2={option}"
        made = evidence.attach_evidence(by=by, response=response, question=question, address=address, upload=file)
        evidence.save_mark(by=by, attachment=made.attachment, pages="1", quote="ข้อความ")
    page = open_page(trial.secretariat)
    page.goto(item(trial, "T2"))
    first, second = page.locator("input[name=ev]").all()
    expect(first).not_to_be_checked()
    page.get_by_label("รวมทุกตัวเลือกที่มีผู้เลือก").check()
    expect(first).to_be_checked()
    expect(second).to_be_checked()
    first.uncheck()
    built = page.locator("#built")
    expect(built).to_contain_text("ไม่ได้นำหลักฐานไปด้วย 1 รายการ")
    page.locator('input[name="t:T2"][value="other"]').uncheck()
    expect(built).not_to_contain_text("วันหยุดราชการ")
    expect(first).not_to_be_checked()
    page.get_by_role("button", name="บันทึกคำตอบจังหวัด").click()
    expect(page.get_by_text("พร้อมหลักฐาน 1 รายการแล้ว: SO.pdf ไม่ได้นำหลักฐานไปด้วย 1 รายการ")).to_be_visible()


def test_without_script_and_on_a_phone(trial: Trial, open_page: Open) -> None:
    page = open_page(trial.secretariat, js=False)
    page.goto(item(trial, "T6"))
    page.get_by_label("รายการที่ 1").uncheck()
    page.get_by_role("button", name="ดูผลก่อนบันทึก").click()
    expect(page.locator("#built")).not_to_contain_text("หลักสูตร PO")
    with arriving(page):
        page.get_by_role("button", name="บันทึกแล้วไปข้อถัดไป").click()
    value: dict[str, Any] = Answer.objects.get(response=trial.response).value
    assert len(value["T6"]) == 1


def test_pages_can_be_used_by_everybody(trial: Trial, open_page: Open) -> None:
    question = questions_by_item_id(trial.round.instrument)["T2"]
    threads.start_thread(
        by=trial.secretariat, response=trial.response, text="ถามก่อน", about=ThreadSubject(question), must_answer=True
    )
    page = open_page(trial.secretariat)
    pk = trial.response.pk
    for name, args in [
        ("consolidate", []),
        ("consolidate-agreed", []),
        ("consolidate-item", ["T2"]),
        ("consolidate-item", ["T6"]),
        ("threads", []),
        ("threads-item", ["T2"]),
    ]:
        page.goto(reverse(f"survey:{name}", args=[pk, *args]))
        assert_accessible(page)


def test_one_click_takes_what_agrees(trial: Trial, open_page: Open) -> None:
    page = open_page(trial.secretariat)
    page.goto(reverse("survey:consolidate", args=[trial.response.pk]))
    page.get_by_role("button", name="ใช้คำตอบที่ตรงกันทั้งหมด (1)").click()
    expect(page.get_by_role("status").filter(has_text="แล้ว 1 ข้อ")).to_be_visible()
    expect(page.get_by_text("หน่วยงานตอบต่างกัน").first).to_be_visible()
    assert_accessible(page)


def test_answering_in_place(trial: Trial, open_page: Open) -> None:
    question = questions_by_item_id(trial.round.instrument)["T2"]
    threads.start_thread(by=trial.secretariat, response=trial.response, text="ถามก่อน", about=ThreadSubject(question))
    page = open_page(trial.secretariat)
    page.goto(reverse("survey:threads-item", args=[trial.response.pk, "T2"]))
    page.get_by_label("คำตอบ", exact=True).fill("ตอบแล้ว")
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.locator(".said .is-reply")).to_contain_text("ตอบแล้ว")
    assert Comment.objects.filter(parent__isnull=False).count() == 1
