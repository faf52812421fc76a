"""28 June to 5 July: the committee, late additions, approval, and what is handed over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.roles import Role
from reports.models import Job
from survey.committee.endorsement import read_endorsement
from survey.committee.views.attendance import EMPTY_ROWS
from survey.models import (
    FrozenResponse,
    Meeting,
    Notice,
    Response,
)
from tests.browser import province as acts
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE
from tests.browser.province import YEAR, World, day
from tests.browser.real.agencies import accept, decide, waiting_questions
from tests.browser.real.common import Open, S, go
from tests.browser.real.reminders import morning, post, written
from tests.browser.steps import Person, address
from tests.caller import Caller
from tests.factories import PASSWORD
from tests.installation import until
from tests.reports.documents.test_certificate import signature_of


def meet(world: World, office: Person) -> None:
    """The meeting is planned, its paper printed by a worker that is killed over it, and what was decided recorded."""
    meeting = print_paper(world, office)
    morning(world, 7, 3)
    until(lambda: written(7, 3), "the day's word is written")
    post(world, 1)
    world.at.clock.set(day(7, 3, 11))
    record_meeting(world, office, meeting)


def print_paper(world: World, office: Person) -> Meeting:
    """The meeting is planned, and its paper comes out although the worker is killed over it."""
    page = go(office, f"{world.base}meetings/new/", world.people[Role.SECRETARIAT])
    page.locator("#id_number").fill("1/2567")
    page.locator("#id_day").fill(day(7, 3).date().isoformat())
    page.locator("#id_time").fill("09:30")
    page.locator("#id_place").fill("ศาลากลางจังหวัด")
    page.locator("#id_agenda").fill("พิจารณาร่างคำตอบ")
    with arriving(page):
        page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    meeting = Meeting.objects.get()
    page.get_by_role("button", name="ทำเอกสารประกอบการประชุมและเก็บไว้").click()
    until(lambda: Job.objects.filter(state="running").exists(), "the paper is being made")
    world.at.kill("worker")
    assert Job.objects.get().state == "running"
    world.at.start_worker()
    world.at.clock.forward(minutes=4)  # after three minutes without a sign of life the job is handed on
    world.at.tick("reports.tasks.sweep")
    until(
        lambda: Job.objects.get().state == "done",
        lambda: f"the paper is made in the end: {Job.objects.values().get()}\n{world.at.log('worker')}",
    )
    assert Job.objects.get().attempts == 2
    assert pages_of(download(world, Job.objects.get())) > 3
    return meeting


def record_meeting(world: World, office: Person, meeting: Meeting) -> None:
    """Who came, what was decided, and the conclusion."""
    where = f"{world.base}meetings/{meeting.pk}/"
    page = go(office, f"{where}attendance/", world.people[Role.SECRETARIAT])
    seats = page.locator("[id$='-came']")
    for number in range(seats.count() - EMPTY_ROWS):
        page.locator(f"#came-{number}-came").check()
    page.locator("#came-2-absent").check()
    page.get_by_role("main").get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="บันทึกผู้เข้าประชุมแล้ว")).to_be_visible()
    page = go(office, f"{where}resolutions/")
    page.locator('[id="decision-4.4-changes"]').check()
    page.locator('[id="note-4.4"]').fill("ให้ปรับตามข้อมูลล่าสุด")
    page.get_by_role("button", name="เห็นชอบทุกข้อที่ยังไม่มีมติ").click()
    expect(page.locator('[id="decision-1.1-endorse"]')).to_be_checked()
    page.get_by_role("button", name="ไปหน้าสรุปมติ").click()
    page.locator("#id_late_until").fill(day(7, 4).date().isoformat())
    page.get_by_role("main").get_by_role("button", name="สรุปมติ", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="สรุปมติแล้ว")).to_be_visible()
    office.look("a concluded meeting")
    assert world.response().state == Response.State.ENDORSED


def add_late(world: World, office: Person) -> None:
    """On the next day an agency still changes what the committee asked for; the province pulls it in."""
    world.at.clock.set(day(7, 4, 14))
    part = next(p for p in world.parts("PRD") if p.state == S.ACCEPTED and "P4.6" in world.asked(p))
    caller = world.office()
    assert acts.step(world, caller, part, "return", reason="ตามมติคณะกรรมการ")
    changed = [q for q in world.asked(part) if acts.answer(world, "PRD", [q], other=2)]
    assert changed
    coordinator = world.caller(world.coordinators["PRD"])
    assert acts.step(world, coordinator, part, "submit")
    accept(world, "PRD")
    assert set(changed) == set(waiting_questions(world))
    for question in changed:
        decide(world, question, first=(str(world.response("PRD").pk),))
    late = read_endorsement(world.response())
    assert late is not None
    assert set(changed) <= set(late.questions)
    page = go(office, address("survey:threads", world.response()), world.people[Role.SECRETARIAT])
    done = page.locator('form[action$="/resolve/"] button')
    expect(done).to_have_count(1)
    done.click()
    expect(done).to_have_count(0)


def submit(world: World, office: Person) -> None:
    """The secretariat submits with a reason for each group of what is open and for what the round asks for."""
    morning(world, 7, 5)
    until(lambda: written(7, 5), "the day's word is written")
    post(world, 1)
    assert Notice.objects.filter(kind="closing", key__endswith=":0").exists()
    world.at.clock.set(day(7, 5, 20))
    page = go(office, address("survey:submit", world.response()), world.people[Role.SECRETARIAT])
    while (folded := page.locator("details.todo:not([open]) > summary")).count():
        folded.first.click()
    for reason in page.locator("textarea[name^='all:'], textarea[name^='guard:']").all():
        reason.fill("อยู่ระหว่างดำเนินการ")
    for reason in page.locator("textarea[name^='why:']").all():
        if reason.is_visible() and not reason.input_value():
            reason.fill("อยู่ระหว่างดำเนินการ")
    page.get_by_role("button", name="เสนอผู้ว่าราชการจังหวัด").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("สรุปสำหรับผู้ว่าราชการจังหวัด")
    assert world.response().state == Response.State.SUBMITTED


def approve(world: World, sit_down: Open) -> None:
    """Nine minutes before the end the governor approves from a phone; after midnight nobody can change anything."""
    world.at.clock.set(day(7, 5, 23, 50))
    governor = sit_down(world.people[Role.GOVERNOR], PHONE)
    governor.go("survey:brief", world.response())
    page = governor.go("survey:approve", world.response())
    page.get_by_label("รหัสผ่านของท่านอีกครั้ง").fill(PASSWORD)
    page.get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(page.locator(".hash code")).to_have_text(FrozenResponse.objects.get().sha256)
    governor.look("approved on a phone")
    assert day(7, 5, 23, 49) < FrozenResponse.objects.get().approved_at < day(7, 5, 23, 59)
    world.at.clock.set(day(7, 6, 0, 5))
    page = go(governor, address("survey:reopen", world.response()), world.people[Role.GOVERNOR])
    expect(page.get_by_role("main")).to_contain_text("ปิดรอบแล้ว")
    post(world, 1)


def hand_over(world: World, office: Person, issuer: Path) -> None:
    """Result, workbook and signed certificate are made, downloaded and opened; anybody can check the certificate."""
    world.at.clock.set(day(7, 6, 10))
    response = world.response()
    page = go(office, address("reports:list", response), world.people[Role.SECRETARIAT])
    made = {}
    for kind in ("result", "questionnaire", "dga", "certificate"):
        page.locator(f"form:has(input[name=kind][value={kind}]) button").first.click()
        until(lambda kind=kind: Job.objects.filter(kind=kind, state="done").exists(), f"{kind} is made", 90)
        page.goto(address("reports:list", response))
        job = Job.objects.get(kind=kind)
        with page.expect_download() as waiting:
            page.locator(f"#job-{job.public_id} a[href$='/file/']").click()
        made[kind] = Path(waiting.value.path()).read_bytes()
        assert str(YEAR) in waiting.value.suggested_filename
    office.look("files handed over")
    assert pages_of(made["questionnaire"]) > 10
    assert load_workbook(BytesIO(made["dga"]), read_only=True).sheetnames
    assert pages_of(made["certificate"]) >= 1
    path = world.at.folder / "certificate.pdf"
    path.write_bytes(made["certificate"])
    with ThreadPoolExecutor(1) as pool:  # Playwright's event loop runs in this thread
        signed = pool.submit(signature_of, path, issuer).result()
    assert signed.intact
    assert signed.trusted
    frozen = FrozenResponse.objects.get()
    anybody = Caller(world.at.url, "nobody@example.org")
    shown = anybody.get(reverse("survey:verify", args=[frozen.public_id]))
    assert frozen.sha256 in shown.text
    assert "มีผล" in shown.text
    assert str(world.people[Role.GOVERNOR]) not in shown.text


def download(world: World, job: Job) -> bytes:
    """A file that was made."""
    return world.office().get(reverse("reports:download", args=[job.public_id])).body


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(content)) as opened:
        return len(opened.pages)
