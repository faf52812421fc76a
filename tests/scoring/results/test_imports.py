"""Official results and national figures from tables: faults by cell, dry run, once only, in the journal."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import AccountEvent, Province, User
from accounts.roles import Role
from scoring.models import Benchmark, OfficialResult
from scoring.results.actions import benchmarks
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.tables import ImportOutcome
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import published

HEAD = ",".join(results.COLUMNS)
GOOD = "2570,TH-43,total,total,80.5,,,official,s"
NATIONAL = "framework,kind,code,code_2568,relation,option,label_th,label_en,percent,count,n,unit,from,source,note"
FIGURE = "2567,question,1.1,P1.1,same,done,เสร็จ,done,80.26,61,76,provinces,official,report,"


@pytest.fixture
def province(db: None) -> Province:
    """The sample province."""
    return ProvinceFactory(code="TH-43")


@pytest.fixture
def centre(province: Province) -> User:
    """Somebody of the centre."""
    return MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user


def table(*lines: str, head: str = HEAD) -> str:
    return "\n".join([head, *lines]) + "\n"


# -- faults by cell -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x,TH-43,total,total,1,,,official,s", "แถว 3 คอลัมน์ framework: “x” ไม่ใช่จำนวนเต็ม"),
        ("2567,TH-99,total,total,1,,,official,s", "แถว 3 คอลัมน์ subject: ไม่รู้จัก “TH-99”"),
        ("2567,TH-43,whole,total,1,,,official,s", "แถว 3 คอลัมน์ kind: “whole”"),
        ("2567,TH-43,pilar,1,1,,,official,s", "คอลัมน์ kind: ไม่มีรหัส “pilar” หมายถึง pillar ใช่หรือไม่"),
        ("2567,TH-34,total,total,1,,,official,s", "คอลัมน์ subject: ไม่มีรหัส “TH-34” หมายถึง TH-43 ใช่หรือไม่"),
        ("2567,TH-43,total,total,101,,,official,s", "แถว 3 คอลัมน์ score: “101” ไม่ใช่ตัวเลข 0–100"),
        ("2567,TH-43,total,total,,,,official,s", "แถว 3 คอลัมน์ score"),
        ("2567,TH-43,total,total,1.234,,,official,s", "ทศนิยมเกิน 2"),
        ("2567,TH-43,total,total,NaN,,,official,s", "คอลัมน์ score"),
        ("2567,TH-43,total,total,1,x,,official,s", "คอลัมน์ rank: “x”"),
        ("2567,TH-43,total,total,1,1,6,official,s", "คอลัมน์ level: “6”"),
        ("2567,TH-43,total,total,1,,,guessed,s", "คอลัมน์ from: “guessed”"),
        ("2567,TH-43,total,total,1,,,official,", "คอลัมน์ source: ต้องไม่ว่าง"),
        ("2567,TH-43,total,1.1,1,,,official,s", "คอลัมน์ code: ไม่มีรหัส “1.1”"),
        ("2567,TH-43,sub_pillar,9.9,1,,,official,s", "คอลัมน์ code: ไม่มีรหัส “9.9” ในกรอบปี 2567"),
        ("2567,TH-43,pillar,8,1,,,official,s", "คอลัมน์ code: ไม่มีรหัส “8”"),
        (f"2567,TH-43,total,total,1,,,official,{'s' * 501}", "ยาวเกิน 500"),
        (GOOD, "แถว 3 เป็นตัวเลขเดียวกับแถว 2"),
        ("2567,TH-43", "แถว 3 มี 2 ช่อง แต่หัวตารางมี 9"),
    ],
)
def test_a_faulty_table_of_results_stores_nothing(province: Province, line: str, fault: str) -> None:
    with pytest.raises(TableRejected, match=fault):
        results.import_official_results(table=published(table(GOOD, line)))
    assert not OfficialResult.objects.exists()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2567,whole,1.1,,,a,ก,a,1,,,provinces,official,s,", "คอลัมน์ kind"),
        ("2567,question,,,,a,ก,a,1,,,provinces,official,s,", "คอลัมน์ code: ต้องไม่ว่าง"),
        ("2567,question,1.2,P1.2,equal,a,ก,a,1,,,provinces,official,s,", "คอลัมน์ relation"),
        ("2567,question,1.2,,,a,ก,a,,,,provinces,official,s,", "ต้องมี percent หรือ count"),
        ("2567,question,1.2,,,a,ก,a,1,9,3,provinces,official,s,", "คอลัมน์ count: มากกว่า n"),
        ("2567,question,1.2,,,a,,a,1,,,provinces,official,s,", "คอลัมน์ label_th: ต้องไม่ว่าง"),
        ("2567,question,1.2,,,a,ก,a,1,,,provinces,official,,", "คอลัมน์ source: ต้องไม่ว่าง"),
        (FIGURE, "เป็นตัวเลขเดียวกับแถว 2"),
    ],
)
def test_a_faulty_table_of_national_figures_stores_nothing(db: None, line: str, fault: str) -> None:
    with pytest.raises(TableRejected, match=fault):
        benchmarks.import_benchmarks(table=published(table(FIGURE, line, head=NATIONAL)))
    assert not Benchmark.objects.exists()


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("framework,subject", "ไม่มีคอลัมน์ kind"),
        (HEAD + ",more", "ไม่รู้จักคอลัมน์ more"),
        (HEAD + ",score", "คอลัมน์ score มีสองครั้ง"),
        (HEAD, "ไม่มีแถวข้อมูล"),
        ("", "ไม่มีคอลัมน์ framework"),
    ],
)
def test_columns_must_be_the_right_ones(db: None, head: str, fault: str) -> None:
    with pytest.raises(TableRejected, match=fault):
        results.import_official_results(table=published(head + "\n"))


def test_thai_digits_semicolons_and_marks_are_understood(province: Province) -> None:
    text = "\ufeff" + table("๒๕๖๗;TH-43;sub_pillar;3.3*;๔๙.๘๓%;;;official;s").replace(HEAD, HEAD.replace(",", ";"))
    assert results.import_official_results(table=published(text)).added == 1
    row = OfficialResult.objects.get()
    assert (row.year, row.code, row.score) == (2567, "3.3", Decimal("49.83"))


# -- stored once, and in the journal --------------------------------------------------------------


def test_a_second_time_changes_nothing(province: Province, centre: User) -> None:
    text = table(GOOD, "2570,average,total,total,50,,,official,s")
    told = results.import_official_results(table=published(text), store=False)
    assert (told.added, told.changes[0].what) == (2, "2570 TH-43 total total")
    assert not OfficialResult.objects.exists()
    assert not AccountEvent.objects.filter(verb="import_results").exists()
    assert results.import_official_results(table=published(text), by=centre, name="a.csv").added == 2
    assert results.import_official_results(table=published(text), by=centre, name="a.csv") == ImportOutcome(0, 0, 2)
    event = AccountEvent.objects.get(verb="import_results")
    assert (event.by, event.province, event.data["after"]["file"]) == (centre, None, "a.csv")
    assert event.data["after"]["figures"][0] == ["2570 TH-43 total total", "", "80.50"]
    results.import_official_results(table=published(table(GOOD.replace("80.5", "81"))), by=centre)
    newest = AccountEvent.objects.filter(verb="import_results").first()
    assert newest is not None
    assert newest.province == province
    assert newest.data["after"]["figures"] == [["2570 TH-43 total total", "80.50", "81.00"]]


def test_national_figures_load_once(db: None) -> None:
    text = Path("fixtures/benchmarks/2567.csv").read_text(encoding="utf-8")
    assert benchmarks.import_benchmarks(table=published(text), store=False).added == 197
    assert not Benchmark.objects.exists()
    assert benchmarks.import_benchmarks(table=published(text), name="2567.csv").added == 197
    assert benchmarks.import_benchmarks(table=published(text)) == ImportOutcome(0, 0, 197)
    row = Benchmark.objects.get(code="1.1", option="done")
    assert (row.percent, row.base, row.linked_year, row.linked) == (Decimal("80.26"), 76, 2568, ["P1.1"])
    assert AccountEvent.objects.filter(verb="import_benchmarks").count() == 1


def test_the_command_can_only_look(province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.csv"
    file.write_text(table(FIGURE, head=NATIONAL), encoding="utf-8")
    call_command("load_results", str(file), "--dry-run")
    assert "1 added" in capsys.readouterr().out
    assert not Benchmark.objects.exists()
    call_command("load_results", str(file))
    assert Benchmark.objects.count() == 1


# -- the page -------------------------------------------------------------------------------------


def send(client: Client, data: bytes, *, store: bool = False) -> str:
    """The page after a file was checked, and stored where it can be."""
    file = SimpleUploadedFile("figures.xlsx", data)
    page = client.post(reverse("scoring:results-import"), {"file": file}, follow=True).content.decode()
    signed = re.search(r'name="signed" value="([^"]+)"', page)
    if not store or signed is None:
        return page
    return client.post(reverse("scoring:results-store"), {"signed": signed[1]}, follow=True).content.decode()


def workbook(*rows: list[object]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_centre_brings_national_figures_in(client: Client, centre: User) -> None:
    client.force_login(centre)
    row = [
        "2567",
        "question",
        1.1,
        "P1.1",
        "same",
        "done",
        "เสร็จ",
        "done",
        0.8026,
        61,
        76,
        "provinces",
        "official",
        "r",
    ]
    book = workbook([*NATIONAL.split(",")[:-1]], row)
    book.active["I2"].number_format = "0.00%"
    assert "จะเพิ่ม 1" in send(client, saved(book))
    assert not Benchmark.objects.exists()
    page = send(client, saved(book), store=True)
    assert Benchmark.objects.get().percent == Decimal("80.26")
    assert "figures.xlsx" in page, "the newest imports are listed"
    assert centre.get_full_name() in page


def test_a_province_does_not_change_national_figures(client: Client, province: Province) -> None:
    client.force_login(MembershipFactory(role=Role.SECRETARIAT, province=province).user)
    assert "เฉพาะส่วนกลาง" in send(client, table(FIGURE, head=NATIONAL).encode(), store=True)
    assert not Benchmark.objects.exists()


def test_a_province_sees_only_its_own_imports(client: Client, province: Province, centre: User) -> None:
    other = ProvinceFactory(code="TH-10")
    results.import_official_results(
        table=published(table("2570,TH-10,total,total,1,,,official,s")), by=centre, name="others.csv"
    )
    results.import_official_results(table=published(table(GOOD)), by=centre, name="own.csv")
    assert AccountEvent.objects.filter(province=other).exists()
    client.force_login(MembershipFactory(role=Role.SECRETARIAT, province=province).user)
    page = client.get(reverse("scoring:results-import")).content.decode()
    assert "own.csv" in page
    assert "others.csv" not in page


def test_faults_of_a_workbook_name_their_cells(client: Client, centre: User) -> None:
    client.force_login(centre)
    book = workbook(HEAD.split(","), [2570, "TH-43", "total", "total", 80.123, None, None, "official", "s"])
    assert "แถว 2 คอลัมน์ score" in send(client, saved(book), store=True)
    assert "ไม่ใช่ไฟล์ Excel" in send(client, b"PK\x03\x04broken")


def test_the_page_costs_few_queries(client: Client, centre: User, django_assert_max_num_queries) -> None:
    client.force_login(centre)
    results.import_official_results(table=published(table(GOOD)), by=centre, name="a.csv")
    with django_assert_max_num_queries(10):
        client.get(reverse("scoring:results-import"))
