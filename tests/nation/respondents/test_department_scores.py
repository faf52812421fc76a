"""Scores of a department's table: read with every fault, previewed, entered once, taken back, own scores kept."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts.actions import create_department
from accounts.models import Province
from nation.bulk import actions
from nation.models import BulkAct
from scoring.externals.actions import save_external_score
from scoring.models import ExternalScore
from survey.models import Event, Response
from tests.nation.bulk.world import Nation, make_nation
from tests.nation.desk.worlds import make_nation as make_many
from tests.proven import codes

pytestmark = pytest.mark.django_db
SUB = "2.2"  # of the made-up form, scored from outside
HEAD = "จังหวัด,ตัวชี้วัดย่อย,คะแนน,วิธีคำนวณ,ที่มา,วันที่ของที่มา\n"


def row(code: str, score: str = "49.83", day: str = "1/6/2567", sub: str = SUB) -> str:
    return f"{code},{sub},{score},ค่าเฉลี่ย × สัดส่วนผู้ทดสอบ,หนังสือกรม,{day}\n"


@pytest.fixture
def nation(client: Client) -> Nation:
    made = make_nation(4, opened=3)
    client.force_login(made.centre)
    return made


@pytest.fixture
def department() -> Province:
    names = {"name_th": "กรมตัวอย่าง", "name_en": "Sample Department", "ministry": "กระทรวงตัวอย่าง"}
    return create_department(by=None, code="D-TEST", **names)


def upload(client: Client, year: int, department: Province, text: str) -> BulkAct | None:
    file = SimpleUploadedFile("scores.csv", text.encode())
    answer = client.post(f"/nation/{year}/act/scores/", {"department": department.pk, "file": file})
    if answer.status_code == 422:
        return None
    return BulkAct.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def page(client: Client, act: BulkAct) -> str:
    return client.get(f"/nation/{act.year}/act/{act.pk}/").content.decode()


def response(nation: Nation, number: int) -> Response:
    return Response.objects.get(round=nation.round(number), agency=None)


def own_score(nation: Nation, number: int, score: str, day: date) -> None:
    by = nation.centre
    values = {"sub_pillar": SUB, "score": Decimal(score), "source": "จังหวัดวัดเอง", "dated": day}
    save_external_score(by=by, response=response(nation, number), **values)


def scores(nation: Nation) -> dict[str, tuple[str, str]]:
    rows = ExternalScore.objects.select_related("department", "response__round__province")
    return {r.response.round.province.code: (f"{r.score:f}", r.department.code if r.department else "") for r in rows}


def test_entered_once_with_method_and_source_and_taken_back(
    client: Client, nation: Nation, department: Province
) -> None:
    own_score(nation, 1, "12.00", date(2024, 1, 1))  # older than the table
    text = HEAD + "".join(row(code) for code in nation.codes)
    act = upload(client, nation.year, department, text)
    assert act is not None
    html = page(client, act)
    assert "จะทำ 3 จังหวัด ไม่ทำ 1 จังหวัด" in html
    assert "2.2 = 12.00" in html
    assert "2.2 = 49.83" in html
    assert ExternalScore.objects.count() == 1
    do = f"/nation/{nation.year}/act/{act.pk}/do/"
    for _press in range(2):
        assert "ทำแล้ว 3 จังหวัด" in client.post(do, {"digest": act.digest}, follow=True).content.decode()
    assert scores(nation) == dict.fromkeys(nation.codes[:3], ("49.83", "D-TEST"))
    event = Event.objects.filter(verb="external.save", response=response(nation, 1)).latest("seq")
    assert event.by == nation.centre
    assert event.data["after"] == {
        "score": "49.83",
        "source": "หนังสือกรม",
        "dated": "2024-06-01",
        "method": "ค่าเฉลี่ย × สัดส่วนผู้ทดสอบ",
        "department": "D-TEST",
    }
    assert "จากตารางของกรมตัวอย่าง" in client.get(f"/r/{response(nation, 0).pk}/score/externals/").content.decode()
    assert codes() == []
    assert upload(client, nation.year, department, text) is not None
    assert BulkAct.objects.latest("pk").steps.filter(state="waiting").count() == 0  # nothing would change

    own_score(nation, 2, "80.00", date(2025, 1, 1))  # somebody changed it since
    client.post(f"/nation/{nation.year}/act/{act.pk}/undo/")
    assert scores(nation) == {nation.codes[1]: ("12.00", ""), nation.codes[2]: ("80.00", "")}
    assert BulkAct.objects.get(undoes=act).steps.filter(state="failed", reason="changed").count() == 1
    assert codes() == []


def test_own_newer_score_stays_unless_it_is_chosen(client: Client, nation: Nation, department: Province) -> None:
    own_score(nation, 0, "77.00", date(2024, 6, 1))
    act = upload(client, nation.year, department, HEAD + row(nation.codes[0]) + row(nation.codes[1]))
    assert act is not None
    html = page(client, act)
    assert "จะทำ 1 จังหวัด ไม่ทำ 1 จังหวัด" in html
    assert 'name="chosen"' in html
    assert "จังหวัดวัดเอง" in html
    key = f"{nation.codes[0]} {SUB}"
    chosen = client.post(f"/nation/{nation.year}/act/{act.pk}/choose/", {"chosen": key})
    fresh = BulkAct.objects.get()
    assert chosen["Location"].endswith(f"/{fresh.pk}/")
    assert "จะทำ 2 จังหวัด ไม่ทำ 0 จังหวัด" in page(client, fresh)
    nation.do(fresh)
    assert scores(nation)[nation.codes[0]] == ("49.83", "D-TEST")


def test_every_wrong_row_is_told_and_nothing_is_taken(client: Client, nation: Nation, department: Province) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
    rows = [
        row("TH-ZZ"),
        row(nation.codes[0], sub="1.1"),
        row(nation.codes[0], score="101"),
        row(nation.codes[1]),
        row(nation.codes[1]),
        row(nation.codes[2], day=tomorrow),
        f"{nation.codes[2]},{SUB},50,,,\n",
        f"{nation.codes[2]},{SUB},,,,\n",
    ]
    file = SimpleUploadedFile("scores.csv", (HEAD + "".join(rows)).encode())
    answer = client.post(f"/nation/{nation.year}/act/scores/", {"department": department.pk, "file": file})
    assert answer.status_code == 422
    refs = [fault.ref for fault in answer.context["faults"]]
    assert refs == ["A2", "B3", "C4", "A6", "F7", "D8", "E8", "F8"]
    assert not BulkAct.objects.exists()


def test_the_template_comes_back(client: Client, nation: Nation, department: Province) -> None:
    content = client.get(f"/nation/{nation.year}/act/scores/template/").content
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:3] == ["จังหวัด", "ตัวชี้วัดย่อย", "คะแนน"]
    assert sheet.max_row >= len(nation.codes) + 1
    for column, value in {3: "60.5", 4: "วิธี", 5: "=CMD()", 6: "1/6/2567"}.items():
        sheet.cell(2, column, value).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("scores.xlsx", out.getvalue())
    answer = client.post(f"/nation/{nation.year}/act/scores/", {"department": department.pk, "file": file})
    assert answer.status_code == 302
    [step] = BulkAct.objects.get().steps.all()
    assert step.after["rows"][0]["score"] == "60.50"


def test_a_closed_or_submitted_answer_is_left_out(client: Client, nation: Nation, department: Province) -> None:
    Response.objects.filter(pk=response(nation, 0).pk).update(state=Response.State.SUBMITTED)
    act = upload(client, nation.year, department, HEAD + row(nation.codes[0]) + row(nation.codes[3]))
    assert act is not None
    assert sorted(act.steps.values_list("reason", flat=True)) == ["handed_in", "no_round"]


def test_the_command_does_the_same(nation: Nation, department: Province, tmp_path: Path) -> None:
    own_score(nation, 0, "77.00", date(2025, 6, 1))
    file = tmp_path / "scores.csv"
    file.write_text(HEAD + row(nation.codes[0]) + row(nation.codes[1]), encoding="utf-8")
    out = io.StringIO()
    asked = ["department_scores", str(file), "--year", str(nation.year), "--department", "D-TEST"]
    call_command(*asked, "--by", nation.centre.email, "--dry-run", stdout=out)
    assert f"{nation.codes[1]}: waiting 2.2 = 49.83" in out.getvalue()
    assert not BulkAct.objects.exists()
    call_command(*asked, "--by", nation.centre.email, "--replace", f"{nation.codes[0]} {SUB}", stdout=out)
    assert scores(nation) == dict.fromkeys(nation.codes[:2], ("49.83", "D-TEST"))
    secretary = nation.provinces[0].memberships.get(role="secretariat").user
    with pytest.raises(CommandError, match="may not"):
        call_command(*asked, "--by", secretary.email)


@pytest.mark.parametrize("number", [1, 3, 76])
def test_ten_queries_whatever_the_number_of_provinces(client: Client, department: Province, number: int) -> None:
    rounds = make_many(number)
    centre = make_nation(0).centre
    client.force_login(centre)
    text = HEAD + "".join(row(one.province.code) for one in rounds)
    act = upload(client, rounds[0].year, department, text)
    assert act is not None
    with CaptureQueriesContext(
        connection,
    ) as seen:
        html = page(client, act)
    assert len(seen) <= 10
    assert len(html.encode()) <= 150_000
    with CaptureQueriesContext(connection) as seen:
        actions.make_plans(act.kind, act.year, [r.province.code for r in rounds], act.params, actions._given(act))
    assert len(seen) <= 8
