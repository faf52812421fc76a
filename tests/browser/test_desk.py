"""Assigning, the desk and the board in a real browser: at desk and phone, axe clean; DGREADY_SHOTS keeps pictures."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from survey.models import Assignment, Event, Response
from tests.browser.looking import assert_accessible
from tests.crowd import Crowd, make_crowd
from tests.survey.assigning.test_assignments_import import book

Open = Callable[..., Page]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def crowd(transactional_db: None) -> Crowd:
    return make_crowd(12)


def test_the_secretariats_pages(open_page: Open, crowd: Crowd) -> None:
    page = open_page(crowd.secretariat)
    agency = crowd.agencies[0].code
    part = Assignment.objects.filter(round=crowd.round).first()
    waiting = Assignment.objects.filter(round=crowd.round, state=Assignment.State.SUBMITTED).first()
    assert part is not None
    assert waiting is not None
    for name, path in {
        "board": "board/",
        "board-status": "board/?status=overdue&pillar=4",
        "board-agency": f"board/{agency}/",
        "waiting": "waiting/",
        "part": f"parts/{waiting.pk}/",
        "matrix": "assignments/",
        "matrix-open": "assignments/?open=5.2",
        "cell": f"assignments/{agency}/5.2/",
        "add": "assignments/add/",
        "edit": f"assignments/{part.pk}/",
        "remove": f"assignments/{part.pk}/remove/",
        "reassign": "assignments/reassign/",
        "import": "assignments/import/",
        "print": "assignments/print/",
    }.items():
        page.goto(crowd.base + path)
        expect(page.locator("h1")).to_be_visible()
        assert_accessible(page, name)


def test_a_list_is_tried_and_parts_are_moved(open_page: Open, crowd: Crowd) -> None:
    page = open_page(crowd.secretariat, js=False)
    seen = open_page(crowd.secretariat)
    first, second = (a.code for a in crowd.agencies[:2])
    good, bad = book([first, "1.1", "A"], [second, "P6.2.1", "R", "ใช่"]), book(["?", "9.9", "Q"])
    for name, content in (("dry-run", good), ("faults", bad)):
        for one in (page, seen):
            one.goto(crowd.base + "assignments/import/")
            one.get_by_label("ไฟล์ Excel").set_input_files(
                [{"name": "รายการ.xlsx", "mimeType": XLSX, "buffer": content}]
            )
            one.get_by_role("button", name="ตรวจไฟล์ก่อน").click()
            expect(one.locator("table")).to_be_visible()
        assert_accessible(seen, name)
    expect(page.locator("table")).to_contain_text("A2")
    page.goto(crowd.base + "assignments/reassign/")
    seen.goto(crowd.base + "assignments/reassign/")
    for one in (page, seen):
        one.get_by_label("จากหน่วยงานหรือผู้ประสานงาน").select_option(index=1)
        one.get_by_label("ให้หน่วยงาน").select_option(index=4)
        one.get_by_role("button", name="ดูตัวอย่าง").click()
        expect(one.locator("main li, main tr").first).to_be_visible()
    assert_accessible(seen, "reassign-preview")
    assert not Event.objects.filter(verb__in=["assignment.import", "assignment.reassign"]).exists()
    page.locator("button[name=apply]").click()
    expect(page.get_by_text("รายการจาก")).to_be_visible()
    assert Event.objects.get(verb="assignment.reassign").response.round == crowd.round


def test_the_desk(open_page: Open, crowd: Crowd) -> None:
    page = open_page(crowd.coordinator)
    page.goto(crowd.base + "desk/")
    expect(page.locator("h1")).to_be_visible()
    assert_accessible(page, "desk")
    page.get_by_role("link", name=re.compile("^กรอก(?!ด้วย)")).first.click()
    expect(page.locator("form.q").first).to_be_visible()
    assert_accessible(page, "fill")
    response = Response.objects.get(round=crowd.round, agency=crowd.agencies[0])
    for name, path in {"check": "check/", "everything": "fill/1.3/?all=1", "threads": "threads/"}.items():
        page.goto(f"/r/{response.pk}/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert_accessible(page, name)


def test_a_part_is_reviewed_handed_in_and_taken_back(open_page: Open, crowd: Crowd) -> None:
    mine = Assignment.objects.filter(round=crowd.round, agency=crowd.agencies[0], state=Assignment.State.RETURNED)
    page = open_page(crowd.coordinator)
    for part in mine:
        page.goto(f"{crowd.base}parts/{part.pk}/review/")
        if page.get_by_role("button", name="ส่งส่วนนี้").count():
            break
    assert_accessible(page, "review")
    for why in page.locator("textarea[required]:visible").all():
        why.fill("รอประกาศ")
    page.get_by_role("button", name="ส่งส่วนนี้").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ส่งส่วนนี้แล้ว")
    assert_accessible(page, "done")
    part.refresh_from_db()
    assert part.state == Assignment.State.SUBMITTED
    page.get_by_role("button", name="ถอนกลับมาแก้ไข").click()
    expect(page.locator(f"#part-{part.pk}")).to_be_in_viewport()
    page.goto(f"{crowd.base}parts/{part.pk}/review/")
    page.get_by_text("ไม่ใช่งานของเรา").first.click()
    assert_accessible(page)
    page.goto(f"/p/{crowd.round.province.code}/stand-ins/{crowd.agencies[0].code}/")
    expect(page.locator("h1")).to_be_visible()
    assert_accessible(page, "stand-ins")
