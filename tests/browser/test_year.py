"""The whole year of a province in the browser: opened, filled, proven, returned, approved, handed over, reopened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.roles import Role
from survey.models import Answer, Comment, FrozenResponse, Response
from tests.browser.arriving import arriving, settle
from tests.browser.conftest import PAGE_WAYS
from tests.browser.steps import Person, address, enter, open_menu
from tests.evidence.conftest import pdf
from tests.factories import PASSWORD
from tests.people import People
from tests.trial import publish

Open = Callable[..., Page]
S = Response.State
JOB_PATIENCE = 60_000  # milliseconds: a worker makes a PDF on a busy machine


@dataclass
class Year:
    """The people of the year at their browsers."""

    people: People
    admin: Person
    office: Person
    governor: Person
    committee: Person
    coordinator: Person
    paper: Path

    @property
    def response(self) -> Response:
        """The provincial response as it stands."""
        return Response.objects.select_related("round__province").get(agency=None)


@pytest.fixture(
    params=PAGE_WAYS,
    ids=lambda way: "js" if way[1] else "plain",
)
def year(request: pytest.FixtureRequest, open_page: Open, people: People, tmp_path: Path) -> Year:
    """Everybody before an empty year; nobody is signed in but those who only look."""
    publish()
    width, js = request.param
    roles = (Role.PROVINCE_ADMIN, Role.SECRETARIAT, Role.GOVERNOR, Role.COMMITTEE, Role.COORDINATOR)
    admin, office, governor, committee, coordinator = (
        Person(open_page(people.who(role), width=width, js=js), js) for role in roles
    )
    paper = tmp_path / "หลักฐาน.pdf"
    paper.write_bytes(pdf("หลักฐาน", 2))
    return Year(people, admin, office, governor, committee, coordinator, paper)


def test_the_whole_year(year: Year, worker: None) -> None:
    open_the_round(year)
    fill_words_and_choices(year.office, year.response, year.paper)
    fill_table(year.office, year.response, year.paper)
    fill_rows(year.office, year.response, year.paper)
    submit(year.office, year.response)
    send_back(year.governor, year.response)
    mend_and_submit(year.office, year.response)
    approve(year.governor, year.response)
    read_only(year)
    hand_over(year.office, year.response)
    reopen(year)


def open_the_round(year: Year) -> None:
    """The province's administrator opens the year; the secretariat signs in and finds it."""
    page = year.admin.page
    page.goto(reverse("survey:rounds", args=[year.people.a.code]))
    year.admin.look("rounds")
    with arriving(page):
        page.get_by_role("link", name="เปิดรอบ").click()
    year.admin.look("open a round")
    page.locator("#id_instrument").select_option(index=1)
    today = timezone.localdate()
    for name, days in (("opens_on", 0), ("agency_due", 7), ("committee_on", 14), ("closes_on", 21)):
        page.locator(f"#id_{name}").fill((today + timedelta(days=days)).isoformat())
    page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2570")
    year.admin.look("round, administrator")
    year.office.page.context.clear_cookies()
    enter(year.office.page, year.people.who(Role.SECRETARIAT))
    year.office.look("first page, secretariat")
    open_menu(year.office.page)
    year.office.page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name="กรอกแบบ").click()
    expect(year.office.page.get_by_role("heading", level=1)).to_have_text("ผู้ให้ข้อมูล")


def fill_words_and_choices(office: Person, response: Response, paper: Path) -> None:
    """A month and year; a question that another answer opens; its proof."""
    page = office.go("survey:fill", response, "cover")
    office.type("T0.mail", **{"T0.mail": "office@example.org"})
    with arriving(page):
        page.get_by_role("link", name="จุดบริการ →").click()
    expect(page.locator('[id="T3"]')).to_have_count(0)
    office.choose("T1", "T1=doing")
    office.type("T1", **{"T1.2": "09/2569"})
    office.choose("T2", "T2=evening", "T2=weekend")
    office.type("T3", T3="๑๐.๕")
    office.look("a filled page")
    assert stored(response, "T1") == {"T1": "doing", "T1.2": "2026-09"}
    assert stored(response, "T3") == {"T3": "10.5"}
    office.prove("T3", paper, quote="เปิดวันละสิบชั่วโมงครึ่ง")
    office.prove("T2=evening", paper)


def fill_table(office: Person, response: Response, paper: Path) -> None:
    """Cells open further cells and fields; an answer in the table opens a question on the next page."""
    page = office.go("survey:fill", response, "1.2.1")
    office.choose("T4", "T4/kiosk/state=yes", "T4/kiosk/use=pay", "T4/kiosk/use=other", "T4/van/state=no")
    more = {"T4/kiosk/amount": "12", "T4/kiosk/place": "ศาลากลาง", "T4.kiosk.year": "06/2568", "T4.kiosk.use": "จองคิว"}
    office.type("T4", **more)
    office.prove("T4/kiosk/amount", paper, quote="สิบสองตู้")
    page.get_by_role("link", name="การดูแล →").click()
    office.choose("T5.1", "T5.1=none")
    expect(page.locator('[id="T5.1.1"]')).to_be_visible()  # more than ten kiosks
    office.type("T5.1", **{"T5.1.1": "https://repair.example.org"})


def fill_rows(office: Person, response: Response, paper: Path) -> None:
    """Rows within rows, with proof of their own; a second row opens a question; a contradiction is saved."""
    page = office.go("survey:fill", response, "2.1")
    existing = page.locator('[id="T6"] > li')
    expect(existing).to_have_count(1)  # the least there must be stands ready
    first = f"T6#{page.locator('[name=T6]').first.input_value()}/"
    office.type("T6", **{f"{first}T6.name": "หลักสูตรออนไลน์"})
    office.choose("T6", f"{first}T6.form=online")
    office.type("T6", **{f"{first}T6.link": "https://lessons.example.org"})
    inner = office.row("T6", f"{first}T6.rounds")
    office.type("T6", **{f"{inner}T6.seats": "30", f"{inner}T6.came": "30"})
    second = office.row("T6", "T6")
    office.type("T6", **{f"{second}T6.name": "หลักสูตรในห้อง"})
    office.choose("T6", f"{second}T6.form=room")
    office.choose("T7", "T7=yes")
    office.choose("T8", "T8=yes")
    one_bad_field(office, response)
    office.look("rows within rows")
    office.prove(first.rstrip("/"), paper, quote="หลักสูตรออนไลน์")
    value = stored(response, "T6")
    assert value[f"{first}T6.name"] == "หลักสูตรออนไลน์"
    assert value[f"{inner}T6.came"] == "30"
    assert len(value["T6"]) == 2


def one_bad_field(office: Person, response: Response) -> None:
    """What is right is saved, what is not stays on the screen and is explained."""
    score = office.page.locator('[name="T8.1"]')
    office.page.locator('[name="T8.1.of"]').fill("5")
    score.fill("เก้า")
    if office.js:
        score.press("Tab")
    else:
        office.save("T8")
    expect(office.page.locator('[id="err:T8.1"]')).to_be_visible()
    expect(score).to_have_value("เก้า")
    expect(score).to_have_attribute("aria-invalid", "true")
    office.look("a bad field")
    assert stored(response, "T8") == {"T8": "yes", "T8.1.of": "5"}
    office.type("T8", **{"T8.1": "9"})
    expect(office.page.locator('[id="err:T8.1"]')).to_have_count(0)


def give_reasons(page: Page) -> None:
    """One for each guard that fails, for each group of open points, and for each point that stands alone."""
    while (folded := page.locator("details.todo:not([open]) > summary")).count():
        folded.first.click()
    for reason in page.locator("form textarea:is([name^='guard:'], [name^='all:'], [name^='why:'])").all():
        reason.fill("รอข้อมูลจากหน่วยงาน")


def submit(office: Person, response: Response) -> None:
    """The checker's links land on the field; what stays open is submitted with reasons."""
    page = office.go("survey:check", response)
    expect(page.get_by_text("คะแนนที่ได้มากกว่าคะแนนเต็ม")).to_be_visible()
    page.get_by_role("link", name="ช่วงค่ำ").or_(page.locator('a[href$="T2%3Devening"]')).first.click()
    expect(page.locator('[id="e:T2=evening"]')).to_be_in_viewport()
    office.go("survey:submit", response)
    page.get_by_role("button", name="เสนอผู้ว่าราชการจังหวัด").click()
    expect(page.get_by_role("alert")).to_be_visible()
    office.look("submitting without reasons")
    give_reasons(page)
    page.get_by_role("button", name="เสนอผู้ว่าราชการจังหวัด").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("สรุปสำหรับผู้ว่าราชการจังหวัด")
    assert Response.objects.get(pk=response.pk).state == S.SUBMITTED


def send_back(governor: Person, response: Response) -> None:
    """The governor reads the brief and returns one question with a remark."""
    page = governor.go("survey:brief", response)
    expect(page.get_by_text("คะแนนที่ได้มากกว่าคะแนนเต็ม").first).to_be_attached()
    governor.go("survey:answers", response)
    governor.go("survey:return", response)
    page.get_by_label("ข้อความถึงฝ่ายเลขานุการ").fill("ขอแก้ไขก่อนอนุมัติ")
    page.get_by_label("ข้อคำถาม").first.select_option("T8")
    page.get_by_label("สิ่งที่ขอให้แก้ไข").first.fill("คะแนนเกินคะแนนเต็ม")
    with arriving(page):
        page.get_by_role("button", name="ส่งกลับให้แก้ไข").click()
    assert Response.objects.get(pk=response.pk).is_editable
    governor.look("returned")


def mend_and_submit(office: Person, response: Response) -> None:
    """The remark stands at the question; it is mended, answered, and submitted again with reasons given anew."""
    page = office.go("survey:fill", response, "2.1")
    expect(office.card("T8").get_by_text("คะแนนเกินคะแนนเต็ม")).to_be_visible()
    office.type("T8", **{"T8.1.of": "10"})
    for thread in Comment.objects.filter(response=response, must_answer=True):
        where = ("survey:threads-item", thread.question.item_id) if thread.question else ("survey:threads",)
        office.go(where[0], response, *where[1:])
        form = page.locator(f'#c{thread.pk} form[action$="/reply/"]')
        if not form.is_visible():
            page.locator(f"#c{thread.pk} .thread-reply summary").click()
        form.locator("textarea[name=text]").fill("แก้ไขแล้ว")
        form.get_by_role("button", name="ส่งคำตอบ").click()
        expect(page.locator(f"#c{thread.pk} .is-reply")).to_have_count(1)
    office.go("survey:threads", response)
    while (done := page.get_by_role("button", name="เสร็จแล้ว")).count():
        with arriving(page):
            done.first.click()
    office.go("survey:submit", response)
    expect(page.locator(".earlier").first).to_contain_text("รอข้อมูลจากหน่วยงาน")
    expect(page.locator("textarea[name^='why:']").first).to_have_value("")
    give_reasons(page)
    with arriving(page):
        page.get_by_role("button", name="เสนอผู้ว่าราชการจังหวัด").click()
    assert Response.objects.get(pk=response.pk).state == S.SUBMITTED


def approve(governor: Person, response: Response) -> None:
    """A wrong password approves nothing; the right one freezes the answer."""
    page = governor.go("survey:approve", response)
    for password in ("wrong", PASSWORD):
        page.get_by_label("รหัสผ่านของท่านอีกครั้ง").fill(password)
        with arriving(page):
            page.get_by_role("button", name="อนุมัติ", exact=True).click()
        if password == "wrong":
            expect(page.locator("#wrong")).to_be_visible()
            governor.look("a wrong password")
    expect(page.locator(".hash code")).to_have_text(FrozenResponse.objects.get().sha256)
    governor.look("approved")


def read_only(year: Year) -> None:
    """Nobody can change an approved answer; its hash is proven; everybody sees what they may and no more."""
    response = year.response
    page = year.office.go("survey:fill", response, "1.1")
    expect(page.locator('[name="T1"]').first).to_be_disabled()
    expect(page.locator(".q button")).to_have_count(0)
    for person in (year.office, year.committee):
        page = person.go("survey:versions", response)
        page.get_by_role("link", name="ฉบับที่ 1").click()
        expect(page.get_by_text("เนื้อหาตรงกับรหัสที่บันทึกไว้เมื่ออนุมัติ")).to_be_visible()
        person.look("a version")
    page = year.committee.go("survey:brief", response)
    expect(page.get_by_role("link", name="เปิดให้แก้ไข")).to_have_count(0)
    for name in ("evidence:listing", "scoring:score", "survey:check"):
        year.committee.go(name, response)
    page = year.coordinator.page
    page.goto("/")
    year.coordinator.look("home of a coordinator")
    answer = page.goto(address("survey:fill", response, "1.1"))
    assert answer is not None
    assert answer.status == 404


def hand_over(office: Person, response: Response) -> None:
    """PDF and workbook are made by the worker, shown while they are made, and downloaded."""
    page = office.go("reports:list", response)
    links = page.locator("[id^=job-] a[href$='/file/']")
    for number, (kind, magic) in enumerate((("result", b"%PDF-"), ("dga", b"PK")), 1):
        page.locator(f"form:has(input[name=kind][value={kind}]) button").first.click()
        if not office.js:
            settle(page)
            while links.count() < number:
                page.wait_for_timeout(500)
                with arriving(page):
                    page.get_by_role("link", name="ดูความคืบหน้าล่าสุด").click()
        expect(links).to_have_count(number, timeout=JOB_PATIENCE)
        with page.expect_download() as waiting:
            links.first.click()
        made = Path(waiting.value.path()).read_bytes()
        assert made.startswith(magic)
        assert "2570" in waiting.value.suggested_filename
        page.goto(address("reports:list", response))
    office.look("files made")
    assert load_workbook(BytesIO(made), read_only=True).sheetnames
    expect(page.locator("#downloads > li")).to_have_count(2)


def reopen(year: Year) -> None:
    """Reopening needs a reason and voids the approval; the old version stays readable."""
    page = year.governor.go("survey:reopen", year.response)
    page.get_by_role("button", name="เปิดให้แก้ไข").click()
    expect(page.locator("#refused")).to_be_visible()
    page.get_by_label("เหตุผลที่เปิดให้แก้ไข").fill("พบตัวเลขผิด")
    with arriving(page):
        page.get_by_role("button", name="เปิดให้แก้ไข").click()
    page = year.committee.go("survey:versions", year.response)
    expect(page.get_by_text("พบตัวเลขผิด")).to_be_visible()
    page.get_by_role("link", name="ฉบับที่ 1").click()
    expect(page.get_by_text("เนื้อหาตรงกับรหัสที่บันทึกไว้เมื่ออนุมัติ")).to_be_visible()
    year.committee.look("a void version")
    page = year.office.go("survey:fill", year.response, "1.1")
    expect(page.locator('[name="T1"]').first).to_be_enabled()
    year.office.go("survey:journal", year.response)


def stored(response: Response, question: str) -> dict[str, Any]:
    """The value of a question as it is stored."""
    value: dict[str, Any] = Answer.objects.get(response=response, question__item_id=question).value
    return value
