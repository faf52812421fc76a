"""An agency's form on its way: downloaded, filled, sent back, looked at, applied once."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.roles import Role
from evidence.models import Attachment
from evidence.placing.actions.adding import add_document
from reports.jobs.sweeping import sweep
from reports.models import ReturnedWorkbook
from reports.proof.verify import verify_all
from survey.models import Answer, Channel, Event, Response
from tests.assigned import Assigned, make_assigned
from tests.evidence.conftest import pdf
from tests.people import People
from tests.reports.offline_form.filling import put, rows_of
from tests.test_matrix import signed_in

REASON = "ยังไม่มีงบประมาณ"


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


@pytest.fixture
def desk(world: Assigned) -> Client:
    """The coordinator of agency a1."""
    return signed_in(world.coordinator)


def base(world: Assigned, agency: str = "A1") -> str:
    return f"{world.base}offline/{agency}/"


def download(client: Client, url: str, path: Path) -> Path:
    reply = client.get(f"{url}file/")
    assert reply.status_code == 200
    path.write_bytes(reply.content)
    return path


def send(client: Client, url: str, path: Path) -> Any:
    return client.post(url, {"file": SimpleUploadedFile("แบบ.xlsx", path.read_bytes())})


def first_option(path: Path, address: str) -> str:
    """The title of the first option of a drop-down, as the hidden sheet has it."""
    hidden = load_workbook(path)["_dgready"]
    rows = ([c.value for c in row] for row in hidden.iter_rows(max_col=4))
    return next(title for tag, name, _key, title in rows if (tag, name) == ("option", address))


def values(world: Assigned) -> Mapping[str, Any]:
    rows = Answer.objects.filter(response__agency=world.people.a1).values_list("value", flat=True)
    return {address: value for row in rows for address, value in row.items()}


def test_only_the_agencys_questions_that_it_may_answer_now(world: Assigned, desk: Client, tmp_path: Path) -> None:
    def asked() -> set[str]:
        rows = rows_of(load_workbook(download(desk, base(world), tmp_path / "f.xlsx")))
        return {address.split(".")[0].split("=")[0] for address in rows}

    assert asked() == {"T1", "T2", "T3", "T8"}
    world.submitted()
    assert asked() == {"T8"}


def test_nothing_is_saved_before_it_is_applied_and_then_once(world: Assigned, desk: Client, tmp_path: Path) -> None:
    path = download(desk, base(world), tmp_path / "f.xlsx")
    put(path, {"T1": first_option(path, "T1"), "T1.1": REASON})
    page = send(desk, base(world), path)
    assert page.status_code == 302
    with CaptureQueriesContext(connection) as queries:
        shown = desk.get(page["Location"])
    assert REASON in shown.content.decode()
    assert len(queries) <= 10, [q["sql"][:150] for q in queries]
    assert not Answer.objects.filter(response__agency=world.people.a1).exists()
    for _press in range(2):
        assert desk.post(f"{page['Location']}apply/").status_code == 302
    assert values(world) == {"T1": "none", "T1.1": REASON}
    response = world.contribution()
    assert response.channel == Channel.WORKBOOK
    verbs = list(Event.objects.filter(response=response).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["response.open", "answer.save", "response.channel"]
    assert verify_all().faults == []


def test_a_newer_answer_is_asked_about_and_not_overwritten(world: Assigned, desk: Client, tmp_path: Path) -> None:
    world.answer("T1", {"T1": "none", "T1.1": "เดิม"})
    path = put(download(desk, base(world), tmp_path / "f.xlsx"), {"T1.1": "ของไฟล์"})
    world.answer("T1", {"T1": "none", "T1.1": "ของระบบ"})
    page = send(desk, base(world), path)["Location"]
    assert desk.post(f"{page}apply/").status_code == 409
    asked = desk.get(page).content.decode()
    assert asked.count('name="pick:T1.1"') == 2
    assert "ของระบบ" in asked
    assert "ของไฟล์" in asked
    shown_before = "mine:2"
    world.answer("T1", {"T1": "none", "T1.1": "ของระบบอีกครั้ง"})
    assert desk.post(f"{page}apply/", {"pick:T1.1": shown_before}).status_code == 409  # not what it was shown with
    assert values(world)["T1.1"] == "ของระบบอีกครั้ง"
    assert desk.post(f"{page}apply/", {"pick:T1.1": "theirs:3"}).status_code == 302
    assert values(world)["T1.1"] == "ของระบบอีกครั้ง"
    page = send(desk, base(world), path)["Location"]
    assert desk.post(f"{page}apply/", {"pick:T1.1": "mine:3"}).status_code == 302
    assert values(world)["T1.1"] == "ของไฟล์"


def test_a_part_handed_in_meanwhile_stays(world: Assigned, desk: Client, tmp_path: Path) -> None:
    path = put(download(desk, base(world), tmp_path / "f.xlsx"), {"T1.1": "ใหม่"})
    world.submitted()
    page = send(desk, base(world), path)["Location"]
    assert "ไม่อยู่ในส่วนที่หน่วยงานแก้ไขได้" in desk.get(page).content.decode()
    desk.post(f"{page}apply/")
    assert values(world)["T1.1"] == "เหตุผล"


def test_other_forms_are_refused_with_plain_words(world: Assigned, desk: Client, tmp_path: Path) -> None:
    other = signed_in(world.people.who(Role.COORDINATOR, "a2"))
    path = download(other, base(world, "A2"), tmp_path / "f.xlsx")
    reply = send(desk, base(world), path)
    assert (reply.status_code, "แบบของหน่วยงานอื่น" in reply.content.decode()) == (422, True)
    for name, value, words in (
        ("province", "TH-92", "แบบของผู้ตอบอื่น"),
        ("year", "2569", "ปี 2569"),
        ("kind", "x", "ไม่ใช่แบบ"),
    ):
        mine = download(desk, base(world), tmp_path / "mine.xlsx")
        book = load_workbook(mine)
        for row in book["_dgready"].iter_rows(max_col=3):
            if row[1].value == name:
                row[2].value = value
        book.save(mine)
        reply = send(desk, base(world), mine)
        assert (reply.status_code, words in reply.content.decode()) == (422, True), name
    assert not ReturnedWorkbook.objects.exists()


def test_a_file_of_the_library_is_offered_and_attached(world: Assigned, desk: Client, tmp_path: Path) -> None:
    upload = SimpleUploadedFile("คำสั่งจังหวัด.pdf", pdf())
    add_document(by=world.coordinator, province=world.people.a.pk, agency=world.people.a1.pk, upload=upload)
    path = download(desk, base(world), tmp_path / "f.xlsx")
    titles = load_workbook(path)["_dgready"]
    done = next(r[3].value for r in titles.iter_rows(max_col=4) if [r[1].value, r[2].value] == ["T1", "done"])
    put(put(path, {"T1": done}), {"T1": "คำสั่งจังหวัด.PDF\nไม่มีไฟล์นี้.pdf", "T8": "หลุด.pdf"}, "G")
    page = send(desk, base(world), path)["Location"]
    text = desk.get(page).content.decode()
    assert "ไม่พบ “ไม่มีไฟล์นี้.pdf”" in text
    assert "ไม่ได้ใช้ “หลุด.pdf”" in text
    key = text.partition('name="file"')[2].partition('value="')[2].partition('"')[0]
    desk.post(f"{page}apply/", {"file": key})
    assert [a.address for a in Attachment.objects.filter(response__agency=world.people.a1)] == ["T1=done"]


def test_a_preview_is_private_and_expires(world: Assigned, desk: Client, tmp_path: Path) -> None:
    path = put(download(desk, base(world), tmp_path / "f.xlsx"), {"T1.1": "ใหม่"})
    page = send(desk, base(world), path)["Location"]
    assert signed_in(world.people.who(Role.COORDINATOR, "a2")).get(page).status_code == 404
    ReturnedWorkbook.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert desk.get(page).status_code == 404
    sweep()
    assert not ReturnedWorkbook.objects.exists()


def test_the_commands_do_the_same(world: Assigned, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    where = ["--province", world.people.a.code, "--year", str(world.round.year)]
    call_command("export", "form", *where, "--agency", "A1", "--out", str(path))
    put(path, {"T1": first_option(path, "T1"), "T1.1": REASON})

    def run(*more: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command("import", "form", str(path), "--format", "json", *more, stdout=out)
        told: dict[str, Any] = json.loads(out.getvalue())
        return told

    told = run("--dry-run")
    assert [line["address"] for line in told["changes"]] == ["T1", "T1.1"]
    assert (told["applied"], Response.objects.filter(agency=world.people.a1).count()) == (False, 0)
    assert run()["saved"] == 1
    assert values(world) == {"T1": "none", "T1.1": REASON}
    assert (run()["saved"], run()["changes"]) == (0, [])
    put(path, {"T1.1": "ใหม่", "T3": "สาม"})
    with pytest.raises(CommandError, match="1 cells have faults"):
        run()
    assert values(world)["T1.1"] == REASON


def test_the_secretariats_workbook_comes_back_by_the_same_way(world: Assigned, tmp_path: Path) -> None:
    """All questions, the agencies' answers beside; `import form` tells the kinds apart by the hidden head."""
    world.answer("T1", {"T1": "none", "T1.1": "ของหน่วยงาน"})
    path = tmp_path / "bulk.xlsx"
    where = ["--province", world.people.a.code, "--year", str(world.round.year)]
    call_command("export", "bulk", *where, "--out", str(path))
    rows = rows_of(load_workbook(path))
    assert {"T0.mail", "T1", "T4/kiosk/state", "T5.1", "T8"} <= rows.keys()
    sheet, row = rows["T1.1"]
    assert (sheet.cell(2, 9).value, sheet.cell(row, 9).value) == (world.people.a1.name, "ของหน่วยงาน")
    assert sheet.cell(row, 9).protection.locked
    put(path, {"T1": first_option(path, "T1"), "T1.1": "ของจังหวัด"})
    assert send(signed_in(world.coordinator), base(world), path).status_code == 422
    out = io.StringIO()
    call_command("import", "form", str(path), "--by", world.secretariat.email, "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["saved"] == 1
    answers = Answer.objects.filter(response__agency=None).values_list("value", flat=True)
    assert {"T1": "none", "T1.1": "ของจังหวัด"} in list(answers)
    assert values(world)["T1.1"] == "ของหน่วยงาน"
