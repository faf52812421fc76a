"""Trying changes, planning and following in a real browser: at desk and phone, with and without scripts, axe clean."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from scoring.models import ActionPlan, PlannedAction, Scenario, WorkEffort
from survey.models import Answer
from tests.browser.arriving import arriving
from tests.browser.conftest import PAGE_WAYS
from tests.browser.looking import PHONE, shoot
from tests.browser.steps import Person
from tests.factories import ProvinceFactory
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial

Open = Callable[..., Page]


@pytest.fixture
def real(transactional_db: None) -> Trial:
    """The real year of the sample province, nothing answered, with the published results."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    return make_trial(REAL, province)


@pytest.fixture(
    params=PAGE_WAYS,
    ids=lambda way: "js" if way[1] else "plain",
)
def office(request: pytest.FixtureRequest, open_page: Open, real: Trial) -> Person:
    """The secretariat at its browser."""
    width, js = request.param
    return Person(open_page(real.secretariat, width=width, js=js), js)


ESTIMATED = "8.25"  # of an empty form: what is estimated of the scores from outside


def test_trying_changes(office: Person, real: Trial) -> None:
    page = office.go("scoring:whatif", real.response)
    for code in ("1.3", "3.1"):
        page.locator("details.sub-pillar", has_text=code).locator("summary").first.click()
    result = page.locator("#whatif-result")
    expect(result.locator(".total-score strong")).to_have_text(ESTIMATED)
    # The keyboard alone: to the group, down to its last option.
    page.locator('input[name="c:internal-rule"][value=""]').focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator('input[name="c:internal-rule"][value="done"]')).to_be_checked()
    page.locator('input[name="c:committee"][value="yes"]').check()
    if not office.js:
        page.get_by_role("button", name="คิดคะแนน").click()
    expect(result.locator(".total-score strong")).not_to_have_text(ESTIMATED)
    expect(page.locator("#whatif-said")).to_contain_text(f"คะแนนรวม {ESTIMATED} เป็น")
    office.look("tried")
    shoot(office.page, "whatif")
    page.get_by_role("button", name="บันทึกชุดคำตอบทดลองนี้").click()
    expect(page.get_by_text("ใส่ชื่อชุดคำตอบทดลองก่อนบันทึก")).to_be_visible()
    office.look("unnamed")
    page.get_by_label("ชื่อชุดคำตอบทดลอง").fill("ออกกฎภายใน")
    page.get_by_role("button", name="บันทึกชุดคำตอบทดลองนี้").click()
    expect(page.get_by_role("link", name="ออกกฎภายใน")).to_be_visible()
    office.look("saved")
    assert not Answer.objects.exists()
    page.get_by_label("เทียบ ออกกฎภายใน").check()
    page.get_by_role("button", name="เทียบชุดที่เลือก").click()
    expect(page.get_by_role("columnheader", name="ออกกฎภายใน")).to_be_visible()
    office.look("compared")
    shoot(office.page, "compare")
    page.get_by_role("link", name="กลับไปทดลองต่อ").click()
    page.get_by_role("button", name="ลบ ออกกฎภายใน").click()
    expect(page.get_by_text("ลบชุดคำตอบทดลองแล้ว")).to_be_visible()
    assert not Scenario.objects.filter(dropped_at=None).exists()
    office.look("dropped")
    page.get_by_role("button", name="เลิกทำ ออกกฎภายใน").click()
    expect(page.get_by_role("link", name="ออกกฎภายใน")).to_be_visible()


def test_planning_and_following(office: Person, real: Trial) -> None:
    page = office.go("scoring:plan", real.response)
    page.get_by_label("เป้าหมาย", exact=False).first.select_option("total")
    page.get_by_label("ค่าเป้าหมาย").fill("40")
    page.locator('[name="e:P4.2.count"]').fill("3")
    page.get_by_role("button", name="คิดแผน").click()
    expect(page.get_by_role("heading", name="แผนที่เสนอ")).to_be_visible()
    expect(page.locator("summary", has_text="สิ่งที่แผนไม่ได้รวม")).to_be_visible()
    page.get_by_text("ข้อเสนอแนะของ 1.3").click()
    office.look("proposed")
    shoot(office.page, "plan")
    page.get_by_role("button", name="ใช้แผนนี้").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("แผนสู่คะแนนรวม 40")
    office.look("taken up")
    page.get_by_text("ทำแล้ว 0 จาก").first.click()
    with arriving(page):
        page.get_by_role("link", name="แก้ไข ผู้รับผิดชอบ กำหนด และสถานะ 1", exact=True).click()
    page.get_by_label("ผู้รับผิดชอบ", exact=True).fill("ฝ่ายยุทธศาสตร์")
    page.get_by_label("กำหนดเสร็จ").fill("xx")
    page.keyboard.press("Tab")  # what is wrong is said below the field, and moves the button
    if office.js:
        expect(page.locator("[id$='-said']").filter(has_text="วัน/เดือน/ปี พ.ศ.")).to_be_visible()
    with arriving(page):
        page.get_by_role("main").get_by_role("button", name="บันทึก", exact=True).click()
    office.look("a wrong date")
    page.get_by_label("กำหนดเสร็จ").fill("1/3/2570")
    page.get_by_label("สถานะ").select_option("done")
    page.get_by_role("main").get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("แจ้งว่าเสร็จแล้ว แต่คำตอบหรือหลักฐานในแบบยังไม่ถึงเป้า")).to_be_visible()
    office.look("followed")
    shoot(office.page, "follow")
    row = PlannedAction.objects.get(order=1)
    assert (row.owner, row.state, str(row.due)) == ("ฝ่ายยุทธศาสตร์", "done", "2027-03-01")
    page.locator("summary", has_text="ลบแผนนี้").click()
    page.get_by_role("button", name="ยืนยันลบแผน").click()
    expect(page.get_by_text("ลบแผนแล้ว")).to_be_visible()
    assert not ActionPlan.objects.filter(dropped_at=None).exists()


def test_efforts(office: Person, real: Trial) -> None:
    page = office.go("scoring:efforts", real.response)
    page.get_by_label("แนบหลักฐาน").fill("0")
    with arriving(page):
        page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    office.look("a wrong effort")
    page.get_by_label("แนบหลักฐาน").fill("2")
    page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("แผนยกระดับ")
    assert list(WorkEffort.objects.values_list("kind", "effort")) == [("evidence", 2)]


def test_in_english(open_page: Open, real: Trial) -> None:
    person = Person(open_page(real.secretariat, width=PHONE, locale="en-US"))
    for name in ("efforts", "plan", "whatif"):
        page = person.go(f"scoring:{name}", real.response)
        heading = page.get_by_role("heading", level=1).inner_text()
        assert heading.isascii(), heading
    page.locator("details.sub-pillar", has_text="1.3").locator("summary").first.click()
    page.locator('input[name="c:internal-rule"][value="done"]').check()
    expect(page.locator("#whatif-said")).to_contain_text(f"Total {ESTIMATED} to")
    person.look("tried in English")
