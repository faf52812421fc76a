"""A round from last year's in a real browser: opened without script, confirmed on a phone, seen on the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from evidence.models import Attachment
from survey.models import Answer, Response, Round
from tests.assigned import Assigned, make_assigned
from tests.browser.looking import assert_accessible
from tests.people import make_people
from tests.survey.carrying.test_years import FILE, NEXT, start
from tests.trial import publish

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None, settings: Any) -> Assigned:
    settings.LINK_DIRS = [FILE.parent]
    world = make_assigned(make_people())
    world.flow.fill()
    world.flow.save("T8", {"T8": "yes", "T8.1": "4", "T8.1.of": "5"})
    proof = world.flow.prove("T8=yes", name="รายงานผลสำรวจความพึงพอใจของผู้เข้าอบรมประจำปี.pdf")
    Attachment.objects.filter(pk=proof.pk).update(document_date=date(2027, 3, 1))
    world.answer("T1", {"T1": "doing", "T1.2": "2027-12"})
    publish(NEXT)
    return world


def test_the_next_round_is_opened_without_script(world: Assigned, open_page: Open) -> None:
    page = open_page(world.people.who(Role.PROVINCE_ADMIN), js=False)
    page.goto(world.base)
    page.goto(f"{world.base}next/")
    assert_accessible_without_script(open_page, world, f"{world.base}next/")
    page.get_by_role("button", name="เปิดรอบใหม่").click()
    expect(page.get_by_role("heading", name="คำตอบจากปีก่อน")).to_be_visible()
    assert Round.objects.get(year=2571).previous == world.round
    expect(page.get_by_text("รอยืนยัน").first).to_be_visible()


def assert_accessible_without_script(open_page: Open, world: Assigned, path: str) -> None:
    """axe is a script itself: the same page is looked at with scripts on."""
    page = open_page(world.people.who(Role.PROVINCE_ADMIN))
    page.goto(path)
    assert_accessible(page)


def test_last_years_answers_are_confirmed_one_by_one(world: Assigned, open_page: Open) -> None:
    response = Response.objects.get(round=start(world), agency=None)
    page = open_page(world.secretariat)
    page.goto(reverse("survey:carried", args=[response.pk]))
    expect(page.get_by_text("อยู่นอกช่วงเวลาของปีนี้")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="T10").click()
    card = page.locator("[id='q:T10']")
    expect(card.get_by_text("คำตอบปี 2570 รอให้ยืนยัน")).to_be_visible()
    expect(card.get_by_text("ลงวันที่นอกช่วงเวลาของปีนี้")).to_be_visible()
    assert_accessible(page)
    card.get_by_role("button", name="ใช้คำตอบนี้").click()
    expect(page.get_by_text("ใช้คำตอบปีก่อนแล้ว")).to_be_visible()
    expect(card.get_by_text("รอให้ยืนยัน")).to_have_count(0)
    assert Answer.objects.get(response=response).value["T10"] == "yes"
    page.get_by_role("button", name="ไม่ใช้").first.click()
    expect(page.get_by_text("ไม่ใช้คำตอบปีก่อนในข้อนี้")).to_be_visible()
    assert Answer.objects.filter(response=response).count() == 1


def test_the_desk_shows_last_year_beside_this_one(world: Assigned, open_page: Open) -> None:
    made = start(world)
    page = open_page(world.coordinator)
    page.goto(reverse("survey:desk", args=[world.people.a.code, made.year]))
    page.get_by_text("คำตอบปี 2570").first.click()
    expect(page.locator("dl.last").first).to_be_visible()
    assert_accessible(page)
