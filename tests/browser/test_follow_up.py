"""Notices, journal and board in a real browser: desk and phone, Thai and English, axe clean, also without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from survey.models import MailChoice, Notice
from survey.notices import actions as notices
from survey.notices import letters
from tests.assigned import Assigned, make_assigned
from tests.browser.arriving import assert_fits
from tests.browser.looking import PHONE, assert_accessible, assert_fits_in_english
from tests.people import make_people

Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> Assigned:
    made = make_assigned(make_people())
    made.flow.save("T8", {"T8": "yes"})
    made.submitted()
    made.move("return", reason="ขอฉบับลงนาม และระบุวันที่ประชุมของคณะกรรมการที่เห็นชอบ")
    made.due(3)
    return made


def test_the_pages(open_page: Open, world: Assigned) -> None:
    stop = letters.unsubscribe_url(world.coordinator)
    journal = f"/p/{world.people.a.code}/journal/"
    for user, pages in (
        (world.coordinator, {"notices": "/notices/", "desk": world.base + "desk/"}),
        (
            world.secretariat,
            {
                "notices-office": "/notices/?unread=1",
                "board": world.base + "board/?q=A",
                "journal": journal,
                "journal-narrow": journal + f"?person={world.secretariat.pk}&verb=answer.save&question=T8",
            },
        ),
        (None, {"stop": stop}),
    ):
        page = open_page(user)
        for name, path in pages.items():
            page.goto(path)
            expect(page.locator("h1")).to_be_visible()
            assert_accessible(page, name)
            if user:
                assert_fits_in_english(page)
    User.objects.update(language="en")  # a page one comes to from a letter speaks the letter's
    page = open_page(width=PHONE)
    page.goto(stop)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert_fits(page)


@pytest.mark.parametrize("js", [True, False])
def test_a_coordinator_reads_and_stops_the_digest(open_page: Open, world: Assigned, js: bool) -> None:
    page = open_page(world.coordinator, width=PHONE, js=js)
    page.goto("/notices/")
    page.get_by_role("button", name="ส่งกลับให้แก้ไข 1.1").click()
    expect(page.locator("h1")).to_have_text(world.people.a1.name_th)
    expect(page.locator(f"#part-{world.part().pk}")).to_contain_text("ขอฉบับลงนาม")
    assert Notice.objects.get(user=world.coordinator, kind="part.return").read_at is not None
    page.goto("/notices/")
    page.get_by_role("button", name="อ่านทั้งหมดแล้ว").click()
    expect(page.locator(".notice.is-new")).to_have_count(0)
    page.get_by_role("button", name="หยุดส่งสรุปประจำวัน").click()
    expect(page.get_by_text("ท่านไม่รับสรุปประจำวันทางอีเมล")).to_be_visible()
    notices.set_digest_preference(user=world.coordinator, digest=True)
    visitor = open_page(width=PHONE, js=js)
    visitor.goto(letters.unsubscribe_url(world.coordinator))
    visitor.get_by_role("button", name="หยุดส่งสรุปประจำวัน").click()
    expect(visitor.get_by_text("หยุดส่งสรุปประจำวันแล้ว เรื่องกำหนดเวลายังส่งถึงท่านตามเดิม")).to_be_visible()
    assert MailChoice.objects.get(user=world.coordinator).digest is False


@pytest.mark.parametrize("js", [True, False])
def test_the_journal_is_narrowed_and_taken_along(open_page: Open, world: Assigned, js: bool) -> None:
    page = open_page(world.secretariat, js=js)
    page.goto(f"/p/{world.people.a.code}/journal/")
    page.get_by_label("เหตุการณ์", exact=True).select_option("answer.save")
    page.get_by_label("ข้อคำถาม").select_option("T8")
    page.get_by_role("main").get_by_role("button", name="แสดง").click()
    expect(page.locator(".log > li")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "T8" in lines[1]


@pytest.mark.parametrize("js", [True, False])
def test_the_board_is_narrowed_to_an_agency(open_page: Open, world: Assigned, js: bool) -> None:
    page = open_page(world.secretariat, js=js)
    page.goto(world.base + "board/")
    rows = page.locator("table.board tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("หน่วยงาน", exact=True).fill("a1")
    page.get_by_role("main").get_by_role("button", name="แสดง").click()
    expect(rows).to_have_count(1)
    page.locator(".tiles a.s-returned").click()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("หน่วยงาน", exact=True)).to_have_value("a1")
