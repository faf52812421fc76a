"""Large files in a real browser: in parts, over a broken connection, after a reload, on a shared machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from evidence.models import Attachment, ResumableUpload
from survey.models import Event
from tests.browser.conftest import sign_in
from tests.browser.looking import DESKTOP, PHONE, assert_accessible
from tests.browser.test_evidence import fill, slot
from tests.evidence.conftest import World, build
from tests.installation import until

Open = Callable[..., Page]
PART = 2 << 20
PATCHES = re.compile(r"/evidence/upload/.+/$")


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, in the database for good."""
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    return made


class Line:
    """The line between page and server; it lets so many parts through, then it is broken until it is mended."""

    def __init__(self, page: Page, parts: int) -> None:
        self.left, self.offsets = parts, []
        page.route(PATCHES, self.pass_on)

    def pass_on(self, route: Route) -> None:
        if route.request.method == "PATCH":
            if not self.left:
                return route.abort("connectionfailed")
            self.left -= 1
            self.offsets.append(int(route.request.headers["upload-offset"]))
        return route.continue_()

    def mend(self) -> None:
        self.left = 100


def test_goes_on_after_a_broken_connection_while_the_form_is_used(world: World, open_page: Open, large: Path) -> None:
    page = open_page(world.secretary, width=PHONE)
    line = Line(page, 1)
    fill(world, page).get_by_role("link", name="แนบหลักฐาน").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[type=file]").set_input_files(large)
    expect(dialog.locator(".evp-queue-state")).to_contain_text("ขาดการเชื่อมต่อ จะส่งต่อเอง")
    assert_accessible(page)
    page.keyboard.press("Escape")
    bar = page.get_by_role("complementary", name="ไฟล์ที่กำลังส่ง")
    expect(bar).to_contain_text("ไฟล์ที่กำลังส่ง 1 · 39%")
    assert_accessible(page)
    page.locator("[name=E1][value=done]").check()
    line.mend()
    expect(bar).to_have_count(0, timeout=20_000)
    expect(page.locator('[id="e:E1=done"] .ev-file')).to_have_text(re.compile("ภาพถ่าย.pdf"))
    assert line.offsets == [0, PART, 2 * PART]
    assert Attachment.objects.get().file.size == large.stat().st_size  # type: ignore[union-attr]
    assert Event.objects.filter(verb="evidence.attach").count() == 1


def test_goes_on_after_a_reload_and_nobody_else_sees_it(world: World, open_page: Open, large: Path) -> None:
    page = open_page(world.secretary, width=DESKTOP)
    page.on("dialog", lambda question: question.accept())
    line = Line(page, 1)
    page.goto(slot(world))
    page.locator("[type=file]").set_input_files(large)
    expect(page.locator(".evp-queue-state")).to_contain_text("ขาดการเชื่อมต่อ จะส่งต่อเอง")
    page.reload()
    unfinished = page.locator("[data-upload]")
    expect(unfinished).to_contain_text("ส่งแล้ว 39% ของ 5 MB")
    assert_accessible(page)
    with page.expect_file_chooser() as chooser:
        unfinished.get_by_role("button", name="เลือกไฟล์เดิมเพื่อส่งต่อ").click()
    chooser.value.set_files({"name": "แผน.pdf", "mimeType": "application/pdf", "buffer": b"another"})
    expect(page.get_by_role("alert")).to_contain_text("ไม่ใช่ไฟล์เดิม ไฟล์ที่ส่งค้างไว้คือ ภาพถ่าย.pdf")
    base = page.url.partition("/r/")[0]
    sign_in(page.context, base, world.coordinator)
    page.goto(reverse("evidence:slot", args=[world.contribution.pk, "E1"]) + "?at=E1%3Ddone")
    expect(page.locator("[data-evidence-upload]")).to_be_visible()
    expect(page.locator("[data-upload]")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    sign_in(page.context, base, world.secretary)
    page.goto(slot(world))
    line.mend()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="เลือกไฟล์เดิมเพื่อส่งต่อ").click()
    chooser.value.set_files(large)
    expect(page.locator("[data-file]")).to_have_count(1)
    expect(page.locator("[data-upload], .evp-queue li")).to_have_count(0)
    assert line.offsets == [0, PART, 2 * PART]


def test_pausing_giving_up_and_signing_in_again(world: World, open_page: Open, large: Path) -> None:
    page = open_page(world.secretary, width=PHONE)
    line = Line(page, 1)
    page.goto(slot(world))
    page.locator("[type=file]").set_input_files(large)
    row = page.locator(".evp-queue li")
    expect(row).to_contain_text("ขาดการเชื่อมต่อ จะส่งต่อเอง")
    row.get_by_role("button", name="พัก").click()
    expect(row).to_contain_text("พักไว้")
    line.mend()
    page.context.clear_cookies(name="sessionid")
    row.get_by_role("button", name="ส่งต่อ").click()
    expect(row).to_contain_text("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง")
    sign_in(page.context, page.url.partition("/r/")[0], world.secretary)
    page.evaluate("document.dispatchEvent(new CustomEvent('dgready:signed-in'))")
    expect(page.locator("[data-file]")).to_have_count(1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as on coming back from signing in
    expect(page.locator("#session-warning")).to_be_hidden()
    line.left = 0
    page.locator("[type=file]").set_input_files({"name": "ข.pdf", "mimeType": "", "buffer": b"x" * (3 << 20)})
    expect(row).to_contain_text("ขาดการเชื่อมต่อ จะส่งต่อเอง")
    row.get_by_role("button", name="ยกเลิก").click()
    expect(row).to_contain_text("ยกเลิกแล้ว")
    until(lambda: not ResumableUpload.objects.filter(state="receiving").exists(), "it is gone there too", 10)
    assert line.offsets == [0, PART, 2 * PART]


def test_a_large_file_that_is_refused_says_why(world: World, open_page: Open, settings: Any) -> None:
    page = open_page(world.secretary)
    page.goto(slot(world))
    program = {"name": "โปรแกรม.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" + bytes(3 << 20)}
    page.locator("[type=file]").set_input_files(program)
    expect(page.locator(".evp-queue li.is-bad")).to_contain_text("โปรแกรมของ Windows")
    settings.EVIDENCE_QUOTA_BYTES = 1000
    page.locator("[type=file]").set_input_files({**program, "name": "ข.pdf"})
    expect(page.locator(".evp-queue li.is-bad").last).to_contain_text("พื้นที่เก็บหลักฐานไม่พอ")
