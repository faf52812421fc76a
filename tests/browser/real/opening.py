"""5 June and the weeks after: the round is opened and assigned, the agencies answer while the worker is killed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.roles import Role
from demo.sample_file import load_sample
from demo.simulation.assignment_plan import simulated_assignments
from survey.assigning.queries import assignment_target
from survey.models import (
    Answer,
    Assignment,
    Response,
)
from tests.browser import province as acts
from tests.browser.province import CODE, YEAR, World, day
from tests.browser.real.common import S, at_once, go
from tests.browser.steps import Person, address
from tests.evidence.conftest import pdf
from tests.installation import until


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
    data = load_sample()["assignments"]
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
    expected = {(e.agency, str(e.target), e.role) for e in simulated_assignments(world.compiled, codes, data)}
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
    found = {(a.agency.code, str(assignment_target(world.instrument, a)), a.role) for a in rows}
    assert len(found) == len(rows)
    return found


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
    page = go(phone, f"{world.base}parts/{part.pk}/review/")
    card = page.locator("#other")
    card.locator("summary", has_text="ไม่ใช่งานของเรา").click()
    card.locator("#decline-why").fill("อยู่ในความรับผิดชอบของหน่วยงานอื่น")
    card.get_by_label("หน่วยงานที่ควรทำแทน (ถ้าทราบ)").select_option(to)
    card.get_by_role("button", name="แจ้งว่าไม่ใช่งานของเรา").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ไม่ใช่งานของหน่วยงาน")
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
