"""The bundle and the index: folders, hashes, formulas, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from evidence.attaching import actions
from evidence.models import Attachment, File, ScanState
from reports.handover.gathering import gather_package
from reports.handover.package import Scope
from reports.handover.writers import write_package
from tests.evidence.conftest import World, pdf
from tests.reports.conftest import read_back, squeezed
from tests.reports.handover.conftest import quiet

FORMULA = "=HYPERLINK(1).pdf"
Written = Callable[[str], Path]

pytestmark = pytest.mark.any_database


@pytest.fixture
def evidence(world: World) -> World:
    """A plan that proves two questions, a file with a formula for a name, a web address, an infected file."""
    world.answer({"E1": "done", "E1a": ["1"], "E1b": 3})
    world.answer({"E2": "yes"}, "E2")
    world.mark(world.attach("E1=done", pdf("plan", 2), name="แผน/../ลับ.pdf"), "2", "=SUM(A1)")
    world.mark(world.attach("E2=yes", pdf("plan", 2), name="แผน.pdf"))
    world.attach("E1b", pdf("formula"), name=FORMULA)
    question = world.question("E2")
    given = {"by": world.secretary, "response": world.response, "question": question, "address": "E2=yes"}
    actions.attach_evidence(**given, url="https://example.org/หน้า")
    world.attach("E1a=1", pdf("virus"), name="ไวรัส.pdf")
    File.objects.filter(attachments__name="ไวรัส.pdf").update(scan_state=ScanState.INFECTED)
    return world


@pytest.fixture
def written(evidence: World, tmp_path: Path) -> Written:
    """Writes the evidence in one of the forms."""

    def write(form: str) -> Path:
        path = tmp_path / form
        write_package(form, gather_package(evidence.response, Scope()), path, quiet)
        return path

    return write


def test_files_lie_by_pillar_and_question_and_their_hashes_beside_them(written: Written) -> None:
    path = written("bundle.zip")
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        folder = "1 ด้านตัวอย่าง/E1 มีแผนหรือไม่"
        assert f"{folder}/001 ลับ.pdf" in names
        assert f"{folder}/003 =HYPERLINK(1).pdf" in names
        assert any(name.startswith("1 ด้านตัวอย่าง/E2 ") and "001 ดูข้อ E1" in name for name in names)
        assert not any(part in ("", ".", "..") for name in names for part in name.split("/"))
        assert all(info.flag_bits & 0x800 for info in bundle.infolist() if not info.filename.isascii())
        sums = dict(reversed(line.split("  ", 1)) for line in bundle.read("SHA256SUMS").decode().splitlines())
        assert sorted(sums) == sorted(set(names) - {"SHA256SUMS"})
        for name, digest in sums.items():
            assert hashlib.sha256(bundle.read(name)).hexdigest() == digest
        virus = next(name for name in names if "ไวรัส" in name)
        assert "พบไวรัสในไฟล์" in bundle.read(virus).decode()
        rows = json.loads(bundle.read("index.json"))["rows"]
        assert {row["path"] for row in rows} <= set(names)
    first = path.read_bytes()
    assert written("bundle.zip").read_bytes() == first


def test_what_looks_like_a_formula_is_text_in_xlsx_and_csv(written: Written) -> None:
    sheet = load_workbook(written("index.xlsx")).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert {cell.value for cell in cells} == {FORMULA, "=SUM(A1)"}
    assert {cell.data_type for cell in cells} == {"s"}
    rows = list(csv.reader(io.StringIO(written("index.csv").read_bytes().decode("utf-8-sig"))))
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row)
    assert any(f"'{FORMULA}" in row for row in rows)


def test_the_index_tells_hash_pages_quote_verdict_and_what_else_is_proved(evidence: World, written: Written) -> None:
    Attachment.objects.filter(name="แผน.pdf").update(
        verdict="outdated", verdict_reason="เก่าไป", verdict_by=evidence.secretary, verdict_at="2026-01-01T00:00Z"
    )
    rows = json.loads(written("index.json").read_bytes())["rows"]
    plan = next(row for row in rows if row["name"] == "ลับ.pdf")
    assert (plan["pages"], plan["quote"], plan["also"], plan["verdict"]) == ("2", "=SUM(A1)", "E2", "ยังไม่ตรวจ")
    assert plan["sha256"] == hashlib.sha256(pdf("plan", 2)).hexdigest()
    again = next(row for row in rows if row["name"] == "แผน.pdf")
    assert (again["document"], again["verdict"], again["counts"]) == (plan["document"], "เก่าเกินไป", "ยังไม่ได้")
    path = written("index.pdf")
    read = squeezed(read_back(path))
    for word in (plan["sha256"], "เก่าเกินไป", "ลับ.pdf", "https://example.org/หน้า"):
        assert squeezed(word) in read
    with pikepdf.open(path) as made:
        count = len(made.pages)
    assert squeezed(f"รวม {count}/{count}") in read


def test_the_same_name_twice_is_two_files(world: World, tmp_path: Path) -> None:
    world.answer({"E1": "done"})
    for text in ("a", "b"):
        world.attach("E1=done", pdf(text), name="แผน.pdf")
    path = tmp_path / "b.zip"
    write_package("bundle.zip", gather_package(world.response, Scope()), path, quiet)
    with zipfile.ZipFile(path) as bundle:
        assert len(set(bundle.namelist())) == len(bundle.namelist())
        assert sum(name.endswith("แผน.pdf") for name in bundle.namelist()) == 2


def test_a_web_address_gives_the_copy_of_its_page(evidence: World, written: Written) -> None:
    file = evidence.attach("E1b", pdf("copy"), name="สำเนา.pdf").file
    Attachment.objects.exclude(url=None).update(copy=file)
    with zipfile.ZipFile(written("bundle.zip")) as bundle:
        assert any("example.org" in name and name.endswith(".pdf") for name in bundle.namelist())
