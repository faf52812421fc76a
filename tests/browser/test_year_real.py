"""The sample province's year 2567 by its real calendar: thirty agencies, real processes, and what goes wrong in them.

Opened on 5 June, endorsed by the committee on 3 July, added to until 4 July, approved on 5 July before midnight.
Four people work in browsers (desk and phone), the other agencies post the same forms without one. In between the
worker is killed while people answer, while it sends letters and while it prints, and the mail server goes down.
What the server said it took is kept in a ledger; at the end the database and the mail server are counted against it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from dgready import demo
from dgready.play.plan import entries
from evidence.models import Attachment
from reports.models import Job
from survey import committee
from survey.models import (
    Answer,
    Assignment,
    Chore,
    Comment,
    Event,
    FrozenResponse,
    Letter,
    Meeting,
    Notice,
    Response,
    Round,
)
from survey.parts import target_of
from tests.browser import province as acts
from tests.browser.conftest import DESKTOP, HEIGHTS, PATIENCE, PHONE, watch
from tests.browser.province import CODE, YEAR, World, day
from tests.browser.steps import Person, address, enter
from tests.caller import Caller
from tests.evidence.conftest import pdf
from tests.factories import PASSWORD, ProvinceFactory
from tests.installation import ROOT, installed, until
from tests.reports.test_certificate import authority, signature_of

__all__ = ["authority"]
pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]
WORKERS = 2  # processes of the worker
AT_ONCE = 3  # agencies that post at the same time
LATE = tuple(row["code"] for row in acts.agency_rows()[-2:])  # these hand in after the day
ASKED = ("ENERGY", "SOCIAL", "PRD")  # these are asked something they must answer first
S = Assignment.State
Open = Callable[..., Person]


@pytest.fixture
def world(
    transactional_db: None, tmp_path: Path, authority: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The province before its year, everything running."""
    schemes = tmp_path / "schemes"
    instrument = acts.publish_past(schemes)
    province = ProvinceFactory(code=CODE, name_th="หนองคาย", name_en="Nong Khai")
    more = {
        "DGREADY_TEST_SCHEMES": str(schemes),
        "SIGNING_KEY": str(authority[0]),
        "SIGNING_CERT": str(authority[1]),
    }
    with installed(tmp_path / "var", more) as at:
        at.clock.set(day(6, 5, 8))
        monkeypatch.setattr(timezone, "now", at.clock.now)  # this process reads the same clock
        yield World(at, instrument, province, acts.people(province))


@pytest.fixture
def sit_down(browser: Browser, world: World) -> Iterator[Open]:
    """Puts somebody at a browser of their own; afterwards no page may have had a fault."""
    contexts, faults = [], list[str]()

    def opened(user: User, width: int) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            base_url=world.at.url,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        enter(page, user)
        return Person(page)

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "faults on the page:\n" + "\n".join(faults)


def test_the_real_year(world: World, sit_down: Open, tmp_path: Path, authority: tuple[Path, Path, Path]) -> None:
    clock = Stopwatch()
    admin = sit_down(world.people[Role.PROVINCE_ADMIN], DESKTOP)
    open_the_round(world, admin)
    office = sit_down(world.people[Role.SECRETARIAT], DESKTOP)
    expected = assign_from_excel(world, office, tmp_path)
    acts.hire(world)
    clock.lap("opened and assigned")

    world.at.clock.set(day(6, 10))
    desk = sit_down(world.coordinators["SO"], DESKTOP)
    phone = sit_down(world.coordinators["PH"], PHONE)
    first_answers(world)
    clock.lap("thirty agencies answer; the worker is killed")
    by_hand(world, desk, phone, tmp_path)
    clock.lap("coordinators at their browsers")

    remind_while_the_worker_dies(world)
    remind_while_the_mail_server_is_down(world)
    remind_and_never_hear_the_answer(world)
    remind_while_killed_in_mid_sentence(world)
    clock.lap("reminders through three kills and an outage")

    hand_in(world)
    clock.lap("handed in")
    review(world, office, phone)
    clock.lap("reviewed")
    consolidate(world, office)
    clock.lap("consolidated")
    meet(world, office)
    clock.lap("endorsed")
    add_late(world, office)
    submit(world, office)
    approve(world, sit_down)
    clock.lap("approved")
    hand_over(world, office, authority[2])
    clock.lap("handed over")
    count_everything(world, expected)
    clock.lap("counted")


class Stopwatch:
    """Says how long each act took."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def lap(self, name: str) -> None:
        """An act is over."""
        now = time.monotonic()
        print(f"{now - self.last:6.1f} s  {name}")
        self.last = now


def go(person: Person, path: str, user: User | None = None) -> Page:
    """Opens a page and looks at it; signs in again where a night has passed."""
    person.page.goto(path)
    if "/accounts/sign-in/" in person.page.url and user is not None:
        enter(person.page, user)
        person.page.goto(path)
    person.look(path)
    return person.page


def at_once(work: Callable[[str], Any], agencies: Iterable[str]) -> None:
    """Several agencies at the same time. A fault of one is a fault of the test."""

    def one(code: str) -> Any:
        try:
            return work(code)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, agencies))


# -- 5 June: opened and assigned ------------------------------------------------------------------


def open_the_round(world: World, admin: Person) -> None:
    """The administrator enters the agencies and opens the year by its real calendar."""
    caller = world.caller(world.people[Role.PROVINCE_ADMIN])
    for row in acts.agency_rows():
        form = caller.get(f"/p/{CODE}/agencies/new/").form("/agencies/new/")
        given = {k: row[k] for k in ("code", "kind", "name_th", "name_en")}
        assert caller.post(form.action, form.filled(**given)).status == 200
    assert world.province.agencies.count() == acts.AGENCIES
    page = go(admin, f"/p/{CODE}/rounds/new/")
    page.locator("#id_instrument").select_option(index=1)
    dates = {"opens_on": day(6, 5), "agency_due": day(6, 24), "committee_on": day(7, 3), "closes_on": day(7, 5)}
    for name, when in dates.items():
        page.locator(f"#id_{name}").fill(when.date().isoformat())
    page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(YEAR))
    assert world.round.closes_at == day(7, 5, 23, 59).replace(second=59)


def assign_from_excel(world: World, office: Person, folder: Path) -> set[tuple[str, str, str]]:
    """The list of the sample province, through the workbook the page gives: faults first, then dry run and import."""
    data = demo.load()["assignments"]
    page = go(office, f"{world.base}assignments/import/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ดาวน์โหลด Excel").click()
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    rows = [
        (to.get("agency", "ALL"), target, to["role"], "ใช่" if to.get("if_any") else "")
        for row in data
        for target in targets_of(row)
        for to in row["to"]
    ]
    for row in rows:
        book.worksheets[0].append(row)
    faulty, right = folder / "faulty.xlsx", folder / "right.xlsx"
    book.save(right)
    last = book.worksheets[0].max_row
    book.worksheets[0].cell(last, 1).value, book.worksheets[0].cell(last - 1, 3).value = "NOBODY", "X"
    book.save(faulty)
    page.locator("#id_file").set_input_files(faulty)
    page.get_by_role("button", name="ตรวจไฟล์ก่อน").click()
    for cell in (f"A{last}", f"C{last - 1}"):
        expect(page.get_by_role("cell", name=cell, exact=True)).to_be_visible()
    office.look("faults of a workbook")
    assert not Assignment.objects.exists()
    page.locator("#id_file").set_input_files(right)
    page.get_by_role("button", name="ตรวจไฟล์ก่อน").click()
    codes = [row["code"] for row in acts.agency_rows()]
    expected = {(e.agency, str(e.target), e.role) for e in entries(world.compiled, codes, data)}
    page.get_by_role("button", name=f"นำเข้า {len(expected)} รายการ").click()
    expect(page.get_by_role("status").filter(has_text="นำเข้าแล้ว")).to_be_visible()
    office.look("the matrix of assignments")
    assert assigned(world) == expected
    return expected


def targets_of(row: Mapping[str, Any]) -> list[str]:
    """What a line of the sample province's list is about, as people write it into the workbook."""
    return [row["part"]] if "part" in row else row.get("questions") or [row.get("sub_pillar") or row["pillar"]]


def assigned(world: World) -> set[tuple[str, str, str]]:
    """Who has what, as it stands; nothing twice."""
    rows = list(Assignment.objects.filter(round=world.round).select_related("agency"))
    found = {(a.agency.code, str(target_of(world.instrument, a)), a.role) for a in rows}
    assert len(found) == len(rows)
    return found


# -- June: answers --------------------------------------------------------------------------------


def first_answers(world: World) -> None:
    """Every agency answers half of its parts and says something; meanwhile the worker is killed and comes back."""
    world.forms()

    def work(code: str) -> None:
        acts.open_desk(world, code)
        mine = world.parts(code)
        asked = list(dict.fromkeys(q for part in mine[: len(mine) // 2] for q in world.asked(part)))
        acts.answer(world, code, asked)
        acts.prove(world, code, f"หลักฐาน {code}.pdf", pdf(f"หลักฐาน {code}", 1), most=2)
        caller = world.caller(world.coordinators[code])
        acts.comment(world, caller, code, asked[0], f"ความเห็นของ {code}")

    codes = list(world.coordinators)
    third = len(codes) // 3
    at_once(work, codes[:third])
    world.at.kill("worker")
    at_once(work, codes[third : 2 * third])
    world.at.start_worker()
    at_once(work, codes[2 * third :])


def by_hand(world: World, desk: Person, phone: Person, folder: Path) -> None:
    """Statistics at a desk answers and proves; Public Health on a phone asks, and declines what is not its own."""
    paper = folder / "นโยบาย.pdf"
    paper.write_bytes(pdf("นโยบายธรรมาภิบาลข้อมูล", 2))
    page = go(desk, f"{world.base}desk/")
    response = world.response("SO")
    page.goto(address("survey:fill", response, world.compiled.items["P1.7"].section))
    before = revision(response, "P1.7")
    already = page.locator('[name="P1.7"][value="done"]').is_checked()
    desk.choose("P1.7", "P1.7=none" if already else "P1.7=done")
    until(lambda: revision(response, "P1.7") == before + 1, "the choice is stored")
    world.ledger.answer("SO", "P1.7", stored(response, "P1.7"))
    if not already:
        desk.prove("P1.7=done", paper, quote="นโยบายธรรมาภิบาลข้อมูล")
        world.ledger.file("SO", "P1.7=done", paper.name)
    page = go(phone, f"{world.base}desk/")
    part = next(p for p in world.parts("PH") if p.state == S.OPEN and p.if_any)
    to = handed_to(world, part)
    card = page.locator(f"#part-{part.pk}")
    card.get_by_text("ไม่ใช่งานของเรา").click()
    card.get_by_label("เหตุผล").fill("อยู่ในความรับผิดชอบของหน่วยงานอื่น")
    card.get_by_label("หน่วยงานที่ควรทำแทน (ถ้าทราบ)").select_option(to)
    card.get_by_role("button", name="แจ้งว่าไม่เกี่ยวข้อง").click()
    expect(page.locator(f"#part-{part.pk}")).to_contain_text("แจ้งว่าไม่ใช่งานของหน่วยงาน")
    world.ledger.step("decline", part.pk)
    response = world.response("PH")
    question = Answer.objects.filter(response=response).earliest("pk").question
    page = phone.go("survey:threads-item", response, question.item_id)
    page.get_by_label("ข้อความ").fill("ถามจากโทรศัพท์")
    page.get_by_role("button", name="ส่ง", exact=True).click()
    expect(page.get_by_text("ถามจากโทรศัพท์").first).to_be_visible()
    world.ledger.comment("ถามจากโทรศัพท์")


def handed_to(world: World, part: Assignment) -> str:
    """An agency that has no part in it."""
    names = {"sub_pillar": part.sub_pillar, "question": part.question, "item_id": part.item_id}
    has = Assignment.objects.filter(round=world.round, **names).values_list("agency__code", flat=True)
    free = [code for code in world.coordinators if code not in set(has)]
    return free[0] if free else "EDU"


def revision(response: Response, question: str) -> int:
    """Which revision of an answer stands; 0 for none."""
    row = Answer.objects.filter(response=response, question__item_id=question).first()
    return row.revision if row else 0


def stored(response: Response, question: str) -> dict[str, Any]:
    """An answer as it is stored."""
    value: dict[str, Any] = Answer.objects.get(response=response, question__item_id=question).value
    return value


# -- reminders ------------------------------------------------------------------------------------


def morning(world: World, month: int, number: int) -> None:
    """It is half past seven, and the clock's tasks are put into the queue."""
    world.at.clock.set(day(month, number, 7, 30))
    world.at.tick("survey.tasks.daily")


def written(month: int, number: int) -> bool:
    """Whether the day's word has been written to the end."""
    return Chore.objects.filter(name="daily", day=day(month, number).date()).exists()


def finish(world: World, month: int, number: int) -> None:
    """What a killed worker left of the day's word is written when the clock asks again."""
    world.at.tick("survey.tasks.daily")
    until(lambda: written(month, number), "the day's word is written")


def waiting(world: World) -> int:
    """Letters that are not sent, but for those in doubt."""
    return Letter.objects.filter(sent_at=None).exclude(pk__in=world.doubtful).count()


def post(world: World, minutes: float) -> None:
    """The clock's tasks of the next minutes; afterwards every letter is out."""
    for _ in range(6):
        world.at.clock.forward(minutes=minutes)
        world.at.tick("survey.tasks.send_letters")
        try:
            until(lambda: not waiting(world), "letters are out", 5)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{waiting(world)} letters are not sent: {world.at.log('worker')}")


def owing(world: World) -> set[int]:
    """The agencies that have something to hand in."""
    rows = Assignment.objects.filter(round=world.round, role__in=("R", "S"), state__in=(S.OPEN, S.RETURNED))
    return set(rows.values_list("agency", flat=True))


def told(world: World, days: int) -> set[int]:
    """The agencies whose people were reminded so many days before; each person once."""
    rows = Notice.objects.filter(kind="part.due", key__endswith=f":{days}")
    people = list(rows.values_list("user", flat=True))
    assert len(people) == len(set(people))
    agency = {user.pk: code for code, user in world.coordinators.items()}
    keys = dict(world.province.agencies.values_list("code", "pk"))
    return {keys[agency[pk]] for pk in people}


def remind_while_the_worker_dies(world: World) -> None:
    """A week before: the worker is killed between two letters. Nothing had gone out on the line: all come, once."""
    post(world, 1)
    owed, before = owing(world), len(world.at.mail.taken)
    with world.at.mail.held("rcpt", at=4) as held:
        morning(world, 6, 17)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.kill("worker")
    assert len(world.at.mail.taken) - before == 3
    world.at.start_worker()
    finish(world, 6, 17)
    post(world, 11)  # after ten minutes a claim belongs to nobody
    assert told(world, 7) == owed
    once(world)


def remind_while_the_mail_server_is_down(world: World) -> None:
    """Three days before: the server is down when the letters are written, then hangs up in the middle."""
    owed, before = owing(world), len(world.at.mail.taken)
    world.at.mail.stop()
    morning(world, 6, 21)
    until(lambda: written(6, 21), "the day's word is written")
    until(lambda: Letter.objects.filter(sent_at=None, tries__gt=0), "somebody has tried")
    assert len(world.at.mail.taken) == before
    world.at.mail.start()
    with world.at.mail.held("rcpt", at=5) as held:
        world.at.clock.forward(minutes=2)
        world.at.tick(*["survey.tasks.send_letters"] * WORKERS)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.mail.stop()
    world.at.mail.start()
    post(world, 11)
    assert told(world, 3) == owed
    once(world)


def remind_and_never_hear_the_answer(world: World) -> None:
    """The day before: the server has taken a text, and the worker is killed before it hears so: not sent again."""
    owed = owing(world)
    with world.at.mail.held("data", at=3) as held:
        morning(world, 6, 23)
        until(lambda: held.waiting == WORKERS, "both processes of the worker wait for an answer")
        world.at.kill("worker")
    world.doubtful = set(Letter.objects.filter(sent_at=None, posted_at__isnull=False).values_list("pk", flat=True))
    assert len(world.doubtful) == WORKERS
    world.at.start_worker()
    finish(world, 6, 23)
    post(world, 11)
    world.at.tick("survey.tasks.send_letters")  # marks what stays without an answer
    until(lambda: Letter.objects.filter(fault__startswith="unknown").count() == WORKERS, "doubt is on record")
    assert told(world, 1) == owed
    once(world)


def remind_while_killed_in_mid_sentence(world: World) -> None:
    """The day itself: the worker is killed when half of the people have been told. Nobody is told twice."""
    owed = owing(world)
    somebody = list(world.coordinators.values())[len(world.coordinators) // 2]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=somebody.pk)  # nothing can be told to this person until we let go
        morning(world, 6, 24)
        until(held_up, "the worker comes to this person")
        world.at.kill("worker")
    assert not told(world, 0)
    world.at.start_worker()
    finish(world, 6, 24)
    post(world, 1)
    assert told(world, 0) == owed
    once(world)


def held_up() -> int:
    """How many others wait for a lock in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return int(cursor.fetchone()[0])


def once(world: World) -> None:
    """Every letter is at the server exactly once, and nothing else is."""
    times = world.at.mail.times()
    letters = set(Letter.objects.values_list("message_id", flat=True))
    assert set(times) == letters
    assert set(times.values()) <= {1}


# -- 24 and 25 June: handed in --------------------------------------------------------------------


def hand_in(world: World) -> None:
    """The secretariat asks three agencies; everybody answers the rest and submits, two of them a day late."""
    world.at.clock.set(day(6, 23, 14))
    for code in ASKED:
        response = world.response(code)
        question = Answer.objects.filter(response=response).earliest("pk").question.item_id
        acts.comment(world, world.office(), code, question, f"ต้องตอบ {code}", must="1")
    world.at.clock.set(day(6, 24, 10))
    at_once(lambda code: submit_parts(world, code), [c for c in world.coordinators if c not in LATE])
    morning(world, 6, 25)
    until(lambda: written(6, 25), "the day's word is written")
    overdue = Notice.objects.filter(kind="part.overdue").values_list("user__email", flat=True)
    assert sorted(overdue) == sorted(world.coordinators[code].email for code in LATE)
    post(world, 1)
    at_once(lambda code: submit_parts(world, code), LATE)
    assert not owing(world)


def submit_parts(world: World, code: str) -> None:
    """Answers what is left, replies to what must be answered, and submits part by part."""
    caller = world.caller(world.coordinators[code])
    mine = [p for p in world.parts(code) if p.state == S.OPEN]
    answered = set(Answer.objects.filter(response=world.response(code)).values_list("question__item_id", flat=True))
    acts.answer(world, code, [q for p in mine for q in world.asked(p) if q not in answered])
    page = caller.get(f"{world.base}desk/")
    for part in mine:
        done = acts.step(world, caller, page, part, "submit")
        if not done and reply_to_demands(world, code, caller):
            done = acts.step(world, caller, page, part, "submit")
        if not done:  # nothing to say there
            done = acts.step(world, caller, page, part, "decline", reason="หน่วยงานไม่มีข้อมูลในเรื่องนี้")
        assert done, (code, str(part))


def reply_to_demands(world: World, code: str, caller: Any) -> int:
    """Replies to what must be answered first and closes it; how many."""
    response = world.response(code)
    rows = Comment.objects.filter(response=response, must_answer=True, resolved_at=None).select_related("question")
    for first in rows:
        page = caller.get(reverse("survey:threads-item", args=[response.pk, first.question.item_id]))
        form = page.form(f"threads/{first.pk}/reply/")
        text = f"ตอบแล้วโดย {code}"
        assert caller.post(form.action, form.filled(text=text)).status == 200
        world.ledger.comment(text)
        page = caller.get(page.url)
        form = page.form(f"threads/{first.pk}/resolve/")
        assert caller.post(form.action, form.fields).status == 200
    return len(rows)


# -- 26 to 28 June: reviewed and consolidated -----------------------------------------------------


def review(world: World, office: Person, phone: Person) -> None:
    """One part is returned and mended from a phone, one is handed on; the rest is accepted agency by agency."""
    world.at.clock.set(day(6, 26))
    page = go(office, f"{world.base}board/", world.people[Role.SECRETARIAT])
    part = next(p for p in world.parts("PH") if p.state == S.SUBMITTED and not p.if_any and world.asked(p))
    page = go(office, f"{world.base}board/PH/")
    card = page.locator(f"#part-{part.pk}")
    card.get_by_text("ส่งกลับให้แก้ไข").first.click()
    card.get_by_label("สิ่งที่ขอให้แก้ไข").fill("ขอให้ตรวจอีกครั้ง")
    card.get_by_role("button", name="ส่งกลับ", exact=True).click()
    expect(page.locator(f"#part-{part.pk}")).to_contain_text("ขอให้ตรวจอีกครั้ง")
    world.ledger.step("return", part.pk)
    passed = next(p for p in world.parts("PH") if p.state == S.DECLINED and p.suggested_id)
    page.locator(f"#part-{passed.pk}").get_by_role("button", name="มอบให้").click()
    expect(page.locator(f"#part-{passed.pk}")).to_have_count(0)
    mended = [q for q in world.asked(part) if acts.answer(world, "PH", [q], other=1)]
    assert mended
    page = go(phone, f"{world.base}desk/", world.coordinators["PH"])
    card = page.locator(f"#part-{part.pk}")
    expect(card).to_contain_text("ขอให้ตรวจอีกครั้ง")
    card.get_by_role("button", name="ส่งส่วนนี้").click()
    expect(page.locator(f"#part-{part.pk}")).to_contain_text("ส่งแล้ว")
    world.ledger.step("submit", part.pk)
    for code in world.coordinators:
        accept(world, code)


def accept(world: World, code: str) -> None:
    """Accepts all that the agency has submitted."""
    found = [p.pk for p in world.parts(code) if p.state == S.SUBMITTED]
    if not found:
        return
    caller = world.office()
    form = caller.get(f"{world.base}board/{code}/").form(f"board/{code}/accept/")
    assert caller.post(form.action, form.fields).status == 200
    for pk in found:
        world.ledger.step("accept", pk)


def consolidate(world: World, office: Person) -> None:
    """What agrees is taken with one click; the rest is united question by question."""
    world.at.clock.set(day(6, 28))
    response = world.response()
    page = go(office, address("survey:consolidate", response), world.people[Role.SECRETARIAT])
    office.go("survey:consolidate-agreed", response)
    page.get_by_role("main").locator("form button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    office.look("what was taken at once")
    taken = Event.objects.get(response=response, verb="consolidation.agreed").data["taken"]
    assert taken
    one = next(iter(waiting_questions(world)))
    office.go("survey:consolidate-item", response, one)
    done = [question for question in waiting_questions(world) if decide(world, question)]
    print(f"          taken at once {len(taken)}, decided {len(done)}, left {waiting_questions(world)}")
    assert not waiting_questions(world)


def waiting_questions(world: World) -> list[str]:
    """Questions that wait for a decision."""
    from survey import consolidation

    book = consolidation.read(world.response())
    return [e.question.id for e in consolidation.overview(book) if e.is_open]


def decide(world: World, question: str, first: Iterable[str] = ()) -> bool:
    """Unites the contributions; where that gives no whole answer, takes the first that does. `first`: before all."""
    caller, response = world.office(), world.response()
    path = reverse("survey:consolidate-item", args=[response.pk, question])
    contributions = Response.objects.filter(round=response.round, answers__question__item_id=question)
    keys = contributions.exclude(agency=None).order_by("pk").values_list("pk", flat=True)
    for take in (*first, "all", *map(str, keys)):
        page = caller.get(f"{path}?take={take}")
        form = next(form for form in page.forms() if "_revision" in dict(form.fields))
        got = caller.send(form, _do="save")
        if got.status in (302, 303):
            return True
        assert got.status == 422, (question, take, got.status)
    raise AssertionError(f"no contribution to {question} is a whole answer")


# -- 28 June to 4 July: the committee -------------------------------------------------------------


def meet(world: World, office: Person) -> None:
    """The meeting is planned, its paper printed by a worker that is killed over it, and what was decided recorded."""
    page = go(office, f"{world.base}meetings/new/")
    page.locator("#id_number").fill("1/2567")
    page.locator("#id_day").fill(day(7, 3).date().isoformat())
    page.locator("#id_time").fill("09:30")
    page.locator("#id_place").fill("ศาลากลางจังหวัด")
    page.locator("#id_agenda").fill("พิจารณาร่างคำตอบ")
    page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    meeting = Meeting.objects.get()
    page.get_by_role("button", name="ทำเอกสารประกอบการประชุม").click()
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

    morning(world, 7, 3)
    until(lambda: written(7, 3), "the day's word is written")
    post(world, 1)
    world.at.clock.set(day(7, 3, 11))
    where = f"{world.base}meetings/{meeting.pk}/"
    page = go(office, f"{where}attendance/", world.people[Role.SECRETARIAT])
    page.locator("#came-2").select_option("absent")
    page.get_by_role("main").get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="บันทึกผู้เข้าประชุมแล้ว")).to_be_visible()
    page = go(office, f"{where}resolutions/")
    page.locator('[id="decision-4.4-changes"]').check()
    page.locator('[id="note-4.4"]').fill("ให้ปรับตามข้อมูลล่าสุด")
    page.get_by_role("button", name="เห็นชอบทุกข้อที่ยังไม่มีมติ").click()
    expect(page.locator('[id="decision-1.1-endorse"]')).to_be_checked()
    page.locator("#id_late_until").fill(day(7, 4).date().isoformat())
    page.get_by_role("button", name="บันทึกและสรุปมติ").click()
    expect(page.get_by_role("status").filter(has_text="สรุปมติแล้ว")).to_be_visible()
    office.look("a concluded meeting")
    assert world.response().state == Response.State.ENDORSED


def add_late(world: World, office: Person) -> None:
    """On the next day an agency still changes what the committee asked for; the province pulls it in."""
    world.at.clock.set(day(7, 4, 14))
    part = next(p for p in world.parts("PRD") if p.state == S.ACCEPTED and "P4.6" in world.asked(p))
    caller = world.office()
    page = caller.get(f"{world.base}board/PRD/")
    assert acts.step(world, caller, page, part, "return", reason="ตามมติคณะกรรมการ")
    changed = [q for q in world.asked(part) if acts.answer(world, "PRD", [q], other=2)]
    assert changed
    coordinator = world.caller(world.coordinators["PRD"])
    assert acts.step(world, coordinator, coordinator.get(f"{world.base}desk/"), part, "submit")
    accept(world, "PRD")
    assert set(changed) == set(waiting_questions(world))
    for question in changed:
        decide(world, question, first=(str(world.response("PRD").pk),))
    late = committee.endorsement_of(world.response())
    assert late is not None
    assert set(changed) <= set(late.questions)
    page = go(office, address("survey:threads", world.response()), world.people[Role.SECRETARIAT])
    done = page.locator('form[action$="/resolve/"] button')
    expect(done).to_have_count(1)
    done.click()
    expect(done).to_have_count(0)


# -- 5 July: approved -----------------------------------------------------------------------------


def submit(world: World, office: Person) -> None:
    """The secretariat submits with one reason for all that is open."""
    morning(world, 7, 5)
    until(lambda: written(7, 5), "the day's word is written")
    post(world, 1)
    assert Notice.objects.filter(kind="closing", key__endswith=":0").exists()
    world.at.clock.set(day(7, 5, 20))
    page = go(office, address("survey:submit", world.response()), world.people[Role.SECRETARIAT])
    for reason in page.locator("textarea[name^='all:']").all():
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
    for kind in ("result", "dga", "certificate"):
        page.locator(f"form:has(input[name=kind][value={kind}]) button").first.click()
        until(lambda kind=kind: Job.objects.filter(kind=kind, state="done").exists(), f"{kind} is made", 90)
        page.goto(address("reports:list", response))
        job = Job.objects.get(kind=kind)
        with page.expect_download() as waiting:
            page.locator(f"#job-{job.public_id} a[download]").click()
        made[kind] = Path(waiting.value.path()).read_bytes()
        assert str(YEAR) in waiting.value.suggested_filename
    office.look("files handed over")
    assert pages_of(made["result"]) > 10
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


# -- counted --------------------------------------------------------------------------------------


def count_everything(world: World, expected: set[tuple[str, str, str]]) -> None:
    """Nothing that the server took is lost or there twice, and nothing is there that nobody sent."""
    round_ = world.round
    handed = Event.objects.get(verb="assignment.reassign").data
    count_assignments(world, expected, handed)
    contributions = Q(response__round=round_, response__agency__isnull=False)
    count_answers(world, contributions)
    count_words(world, round_)
    rows = Event.objects.filter(contributions, verb__startswith="part.").values_list("verb", "data__assignment")
    steps = rows.annotate(n=Count("pk")).values_list("verb", "data__assignment", "n")
    assert {(verb.removeprefix("part."), pk): n for verb, pk, n in steps.order_by()} == dict(world.ledger.steps)
    files = Attachment.objects.filter(contributions, removed_at=None).values_list(
        "response__agency__code", "address", "name"
    )
    assert sorted(files) == sorted(world.ledger.files.elements())
    once(world)
    assert not waiting(world)
    assert not Notice.objects.filter(kind__in=("part.due", "part.overdue", "closing"), mailed_at=None).exists()
    assert Job.objects.values_list("kind").annotate(n=Count("pk")).filter(n__gt=1).count() == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    proof = subprocess.run(
        [sys.executable, "manage.py", "journal", "verify", "--format", "json"],
        cwd=ROOT,
        env=world.at.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(proof.stdout)
    assert (proof.returncode, told["ok"], told["faults"]) == (0, True, [])
    assert told["responses"] == acts.AGENCIES + 1
    print(
        f"          {len(expected)} assignments, {sum(map(len, world.ledger.answers.values()))} answers saved, "
        f"{Comment.objects.count()} comments, {Notice.objects.count()} notices, {Letter.objects.count()} letters, "
        f"{told['events']} events"
    )


def count_assignments(world: World, expected: set[tuple[str, str, str]], handed: dict[str, Any]) -> None:
    """The list of the workbook, less and more what was handed on."""
    moved = {(row["agency"], row["part"], row["role"]) for row in handed["before"]}
    now = assigned(world)
    assert expected - now == moved
    assert now - expected <= {(handed["to"], part, role) for _agency, part, role in moved}


def count_answers(world: World, contributions: Q) -> None:
    """Each answer stands as it was sent last, with a revision and an event for each time it was sent."""
    rows = Answer.objects.filter(contributions).select_related("response__agency", "question")
    found = {(a.response.agency.code, a.question.item_id): a for a in rows}
    assert found.keys() == world.ledger.answers.keys()
    events = Event.objects.filter(contributions, verb="answer.save").order_by()
    saved = {
        (agency, question): n
        for agency, question, n in events.values_list("response__agency__code", "question__item_id").annotate(
            n=Count("pk")
        )
    }
    for key, sent in world.ledger.answers.items():
        assert found[key].value == sent[-1], key
        assert found[key].revision == saved[key] == len(sent), key


def count_words(world: World, round_: Round) -> None:
    """Each comment once; besides them only what the committee's resolution left as a remark."""
    texts = Comment.objects.filter(response__round=round_).order_by().values_list("text").annotate(n=Count("pk"))
    found = dict(texts)
    assert {text: n for text, n in found.items() if text in world.ledger.comments} == dict(world.ledger.comments)
    rest = [text for text in found if text not in world.ledger.comments]
    assert len(rest) == 1
    assert "4.4" in rest[0]
