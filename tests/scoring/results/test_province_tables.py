"""A line for each province: the template, what people make of it, storing what was looked at, undoing it."""

import io
from decimal import Decimal
from io import StringIO
from json import loads
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.actions.log import RefusedError
from accounts.models import AccountEvent, Province, User
from accounts.roles import Role
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from scoring.models import OfficialResult
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.tables import PreviewOutdated
from scoring.results.actions.undoing import undo_import
from scoring.results.result_template import write_result_template
from scoring.results.table_files import read_table_file
from scoring.scheme.queries import get_scheme_of_year
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import published
from tests.scoring.results.test_imports import centre, province, saved, send

__all__ = ["centre", "province"]  # fixtures
HEAD = "ปี,รหัสจังหวัด,จังหวัด,7.1,ตัวชี้วัด 7,คะแนนรวม,อันดับ,ที่มา"


@pytest.fixture
def other(province: Province) -> Province:
    """Another province."""
    return ProvinceFactory(code="TH-41", name_th="อุดรธานี")


def short(*lines: str, head: str = HEAD) -> str:
    return "\n".join([head, *lines]) + "\n"


def stored() -> dict[tuple[str | None, str], Decimal]:
    rows = OfficialResult.objects.select_related("province")
    return {(r.province.code if r.province else r.label, r.code): r.score for r in rows}


@pytest.mark.parametrize(
    "text",
    [
        short("2567,TH-43,,81.88,81.88,70.93,7,ประกาศ", "2567,,อุดรธานี,–,,60,,ประกาศ", ",,,,,,,"),
        "ผลปี 2567\n\n" + short("๒๕๖๗,TH–43,,๘๑.๘๘,81.88 %,70.93,7,ประกาศ", "2567,,จังหวัดอุดรธานี,,,60,,ประกาศ"),
        short("2567,th-43,,81.88,81.88,70.93,7,ประกาศ,,", "2567,,จ.อุดรธานี,,,60,,ประกาศ,,", head=HEAD + ",,"),
        short("2567,TH-43,,81.88,81.88,70.93,7,s", "2567,TH-41,,,,60,,s").replace(",7.1,", ",7.1* เทคโนโลยี,"),
    ],
    ids=["names", "title", "trailing", "headings"],
)
@pytest.mark.parametrize("codec", ["utf-8", "cp874"])
def test_every_shape(other: Province, text: str, codec: str) -> None:
    if codec == "cp874" and "–" in text:
        text = text.replace("–", "-")
    results.import_official_results(table=read_table_file(io.BytesIO(text.encode(codec))))
    ours = {("TH-43", "7.1"): Decimal("81.88"), ("TH-43", "7"): Decimal("81.88"), ("TH-43", "total"): Decimal("70.93")}
    assert stored() == {**ours, ("TH-41", "total"): Decimal(60)}
    assert OfficialResult.objects.get(rank=7).code == "total"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2567,TH-43,,x,,1,,s", r"แถว 2 คอลัมน์ 7\.1 \(D2\): “x”"),
        ("2567,TH-43,,1,101,1,,s", r"คอลัมน์ ตัวชี้วัด 7 \(E2\): “101”"),
        ("2567,TH-43,,1,1,,4,s", r"คอลัมน์ คะแนนรวม \(F2\)"),
        ("2567,TH-43,อุดรธานี,1,1,1,,s", "เป็นคนละจังหวัด"),
        ("2567,TH-99,,1,1,1,,s", r"คอลัมน์ รหัสจังหวัด \(B2\): ไม่รู้จัก"),
        ("2567,,ที่ใดสักแห่ง,1,1,1,,s", r"คอลัมน์ จังหวัด \(C2\): ไม่รู้จัก"),
        ("2567,TH-43,,1,1,1,,", r"คอลัมน์ ที่มา \(H2\): ต้องไม่ว่าง"),
        ("ปีนี้,TH-43,,1,1,1,,s", r"คอลัมน์ ปี \(A2\)"),
        ("2567,TH-43,,1,1,1,,s\n2567,,หนองคาย,1,,,,s", "เป็นตัวเลขเดียวกับแถว 2"),
        ("2567,TH-43,,,,,,s", "ไม่มีแถวข้อมูล"),
    ],
)
def test_each_fault_names_its_cell_and_nothing_is_stored(other: Province, line: str, fault: str) -> None:
    Province.objects.filter(code="TH-43").update(name_th="หนองคาย")
    with pytest.raises(TableRejected, match=fault):
        results.import_official_results(table=published(short(line)))
    assert not OfficialResult.objects.exists()


def test_a_heading_nobody_knows_is_a_fault(province: Province) -> None:
    with pytest.raises(TableRejected, match="ไม่รู้จักคอลัมน์ หมายเหตุ"):
        results.import_official_results(table=published(short("2567,TH-43,,1,1,1,,s,x", head=HEAD + ",หมายเหตุ")))
    with pytest.raises(TableRejected, match=r"คอลัมน์ 7\.1 มีสองครั้ง"):
        results.import_official_results(table=published(short("2567,TH-43,,1,1,1,,s,1", head=HEAD + ",7.1")))


def test_what_does_not_agree_is_said_and_stored(other: Province) -> None:
    rows = "2567,TH-43,,81.88,80,70.93,2,s", "2567,TH-41,,,,60,1,s", "2567,rank-1,,,,78.91,,s"
    outcome = results.import_official_results(table=published(short(*rows)))
    said = " | ".join(text.th for text in outcome.warnings)
    assert "ตัวชี้วัด 7 80.00 แต่คิดจากส่วนย่อยได้ 81.88" in said
    assert "อันดับไม่ตรงกับคะแนนรวม" in said
    assert "คะแนนรวมของอันดับ 1 78.91 ไม่เท่ากับของ TH-41 60.00" in said
    assert len(outcome.warnings) == 3
    assert len(stored()) == 5


def test_weights_that_are_only_assumed_warn_of_nothing(province: Province) -> None:
    head = "ปี,จังหวัด,1.1,1.2,1.3,1.4,ตัวชี้วัด 1,ที่มา"
    table = published(short("2568,TH-43,100,0,0,0,99,s", head=head))
    assert results.import_official_results(table=table).warnings == ()


def test_the_shipped_results_agree_but_for_the_misprint(province: Province) -> None:
    text = Path("fixtures/results/2567.csv").read_text(encoding="utf-8")
    warnings = results.import_official_results(table=published(text)).warnings
    assert [w.en for w in warnings] == ["average 2567: pillar 7 is 57.04, but its parts make 57.00"]


def test_the_template_comes_back_as_it_was_filled_in(client: Client, centre: User, other: Province) -> None:
    client.force_login(centre)
    page = client.get(reverse("scoring:results-import")).content.decode()
    address = reverse("scoring:results-template", args=["2567"])
    assert address in page
    book = load_workbook(io.BytesIO(client.get(address).content))
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["TH-43", "TH-41", "average", "rank-1"]
    assert "ไม่มีแถวข้อมูล" in send(client, saved(book), store=True)
    for row, line in enumerate(("43", "41"), 2):
        for column, head in enumerate(heads, 1):
            if head[0].isdigit():
                sheet.cell(row, column, float(line))
        sheet.cell(row, heads.index("คะแนนรวม") + 1, "๔๓.๕")
        sheet.cell(row, heads.index("อันดับ") + 1, 7)
    book.create_sheet("ปก", 0).append(["รายงาน"])
    send(client, saved(book), store=True)
    subs = len(get_scheme_of_year(2567).scheme.sub_pillars)
    assert len(stored()) == 2 * (subs + 1)
    assert stored()["TH-41", "1.1"] == 41


def test_a_province_gets_and_writes_its_own_line_only(client: Client, province: Province, other: Province) -> None:
    client.force_login(MembershipFactory(role=Role.SECRETARIAT, province=province).user)
    sheet = load_workbook(io.BytesIO(client.get(reverse("scoring:results-template", args=["2568"])).content)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["TH-43"]
    page = send(client, short("2567,TH-43,,1,1,1,,s", "2567,TH-41,,1,1,1,,s").encode(), store=True)
    assert "แก้ผลของจังหวัดอื่น" in page
    assert not stored()
    assert client.get(reverse("scoring:results-template", args=["2599"])).status_code == 404


def test_all_provinces_fit_in_a_page(client: Client, centre: User, django_assert_max_num_queries) -> None:
    provinces = [*Province.objects.all(), *(ProvinceFactory(code=f"T-{n}") for n in range(100, 175))]
    scheme = get_scheme_of_year(2567).scheme
    content = write_result_template(scheme, provinces, "", with_labels=True, language="th")
    book = load_workbook(io.BytesIO(content))
    for row in book.active.iter_rows(min_row=2):
        for cell in row[3:-3]:
            cell.value = (cell.row * 7 + cell.column * 13) % 10000 / 100
    client.force_login(centre)
    with django_assert_max_num_queries(12):
        page = send(client, saved(book))
    figures = (len(scheme.sub_pillars) + len(scheme.pillars) + 2) * 78 - 78
    assert f"จะเพิ่ม {figures} แก้ 0 เหมือนเดิม 0" in page
    assert len(page.encode()) < 150_000


def test_exactly_what_was_looked_at_is_stored(client: Client, centre: User) -> None:
    client.force_login(centre)
    content = short("2567,TH-43,,80,80,70,,s").encode()
    page = send(client, content)
    signed = page.split('name="signed" value="')[1].split('"')[0]
    store = reverse("scoring:results-store")
    assert not stored()
    results.import_official_results(table=published(short("2567,TH-43,,79,79,70,,s")))
    assert client.post(store, {"signed": signed}).status_code == 409
    assert stored()["TH-43", "7.1"] == 79, "somebody else's figure stands until it is looked at"
    assert "ผลการตรวจหมดอายุแล้ว" in client.post(store, {"signed": signed[:-2]}).content.decode()
    assert "79.00" in send(client, content), "a correction shows what was there"
    send(client, content, store=True)
    assert stored()["TH-43", "7.1"] == 80
    signed = page.split('name="signed" value="')[1].split('"')[0]
    assert "ไม่มีอะไรเปลี่ยน" in client.post(store, {"signed": signed}, follow=True).content.decode()
    other = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    client.force_login(other)
    assert client.post(store, {"signed": signed}).status_code == 409, "it was shown to somebody else"


def test_undoing_puts_back_what_was_there(client: Client, centre: User) -> None:
    client.force_login(centre)
    first = results.import_official_results(table=published(short("2567,TH-43,,80,80,70,7,s")), by=centre, name="a")
    results.import_official_results(
        table=published(short("2567,TH-43,,81,80,70,6,new", "2567,average,,50,,,,s")), by=centre, name="b"
    )
    assert first.added == 3
    before_second, second = AccountEvent.objects.filter(verb="import_results").order_by("pk")
    with pytest.raises(RefusedError, match="เลิกทำครั้งหลังก่อน"):
        undo_import(by=centre, event=before_second)
    page = client.get(reverse("scoring:results-import")).content.decode()
    address = reverse("scoring:results-undo", args=[second.pk])
    assert address in page
    assert "เลิกทำการนำเข้าแล้ว 4 ตัวเลข" in client.post(address, follow=True).content.decode()
    row = OfficialResult.objects.get(code="total")
    assert (row.rank, row.source, stored()["TH-43", "7.1"]) == (7, "s", 80)
    assert ("average", "7.1") not in stored()
    page = client.get(reverse("scoring:results-import")).content.decode()
    assert address not in page, "it is undone once"
    assert verify_all(files=FileCheck.NONE).codes == []
    undo_import(by=None, event=before_second)
    assert not stored()
    assert verify_all(files=FileCheck.NONE).codes == []
    results.import_official_results(table=published(short("2567,TH-43,,80,80,70,7,s")))
    OfficialResult.objects.filter(code="total").update(rank=1)
    assert verify_all(files=FileCheck.NONE).codes == ["result.changed"]


def test_a_province_undoes_only_what_is_its_own(client: Client, province: Province, other: Province) -> None:
    results.import_official_results(table=published(short("2567,TH-41,,80,80,70,7,s")))
    results.import_official_results(table=published(short("2567,TH-43,,80,80,70,7,s")))
    theirs, own = AccountEvent.objects.filter(verb="import_results").order_by("pk")
    client.force_login(MembershipFactory(role=Role.SECRETARIAT, province=province).user)
    assert client.post(reverse("scoring:results-undo", args=[theirs.pk])).status_code == 404
    client.post(reverse("scoring:results-undo", args=[own.pk]))
    assert {who for who, _code in stored()} == {"TH-41"}


def test_a_look_from_the_past_is_refused(province: Province) -> None:
    table = published(short("2567,TH-43,,80,80,70,7,s"))
    digest = results.import_official_results(table=table, store=False).digest
    results.import_official_results(table=published(short("2567,TH-43,,79,80,70,7,s")))
    with pytest.raises(PreviewOutdated):
        results.import_official_results(table=table, expected=digest)
    assert stored()["TH-43", "7.1"] == 79


def test_the_command_says_it_in_json(province: Province, tmp_path: Path) -> None:
    file, out = tmp_path / "x.csv", StringIO()
    file.write_text(short("2567,TH-43,,80,81,70,7,s"), encoding="utf-8")
    call_command("load_results", str(file), "--dry-run", "--format", "json", stdout=out)
    told = loads(out.getvalue())[0]
    assert (told["added"], told["stored"], len(told["changes"]), len(told["warnings"])) == (3, False, 3, 1)
    assert not stored()
