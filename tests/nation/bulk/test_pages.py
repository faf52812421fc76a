"""Pages of bulk acts: choosing, preview, doing, outcome; what is refused; few queries and small pages at any size."""

from __future__ import annotations

import io
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.models import Agency, Invitation
from dgready.typed.dates import format_typed_date
from nation.models import BulkAct, BulkStep
from reports.models import Job
from survey.models import Notice, Response, Round
from tests.factories import ProvinceFactory
from tests.nation.bulk.world import Nation, later, make_nation, opening_dates

pytestmark = pytest.mark.django_db
Kind = BulkAct.Kind
MOST_QUERIES, MOST_BYTES = 10, 150_000


@pytest.fixture
def nation(client: Client) -> Nation:
    made = make_nation(3, opened=2)
    client.force_login(made.centre)
    return made


def day(days: int) -> str:
    return format_typed_date(timezone.localdate() + timedelta(days=days))


def test_from_the_list_to_the_outcome(client: Client, nation: Nation) -> None:
    page = client.get(reverse("nation:acts", args=[nation.year])).content.decode()
    assert all(f'value="{code}"' in page for code in nation.codes)
    sent = {"provinces": nation.codes, "kind": "open", "closes_on": day(30)}
    preview = client.post(reverse("nation:act-preview", args=[nation.year]), sent, follow=True)
    html = preview.content.decode()
    assert "เปิดรอบของปีนี้ไว้แล้ว" in html
    assert "ทำตามที่แสดง 1 จังหวัด" in html
    assert Round.objects.count() == 2
    act = BulkAct.objects.get()
    do = reverse("nation:act-do", args=[nation.year, act.pk])
    for _press in range(2):
        outcome = client.post(do, {"digest": act.digest}, follow=True).content.decode()
        assert "ทำแล้ว 1 จังหวัด ทำไม่ได้ 0 ไม่ทำ 2" in outcome
    assert Round.objects.count() == 3
    back = client.post(reverse("nation:act-undo", args=[nation.year, act.pk]), follow=True).content.decode()
    assert "ถอนรอบ" in back
    assert Round.objects.count() == 2
    assert "งานนี้เลิกทำแล้ว" in client.get(reverse("nation:act", args=[nation.year, act.pk])).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "close"},
        {"kind": "close", "provinces": ["TH-00x"]},
        {"kind": "message", "provinces": ["own"]},
        {"kind": "open", "provinces": ["own"]},
        {"kind": "closes", "provinces": ["own"], "closes_on": "31/2/2570"},
        {"kind": "closes", "provinces": ["own"], "closes_on": "1/1/2560"},
        {"kind": "open", "provinces": ["own"], "closes_on": day(20), "committee_on": day(30)},
    ],
)
def test_what_is_not_understood_is_refused_with_the_choice_kept(
    client: Client, nation: Nation, sent: dict[str, object]
) -> None:
    code = nation.codes[0]
    given = {**sent, "provinces": [code if one == "own" else one for one in sent.get("provinces", [])]}  # type: ignore[attr-defined]
    response = client.post(reverse("nation:act-preview", args=[nation.year]), given)
    assert response.status_code == 422
    assert (f'value="{code}" checked' in response.content.decode()) == (code in given["provinces"])
    assert not BulkAct.objects.exists()


def test_the_filter_chooses(client: Client, nation: Nation) -> None:
    url = reverse("nation:acts", args=[nation.year])
    opened = client.get(url, {"state": "running", "all": "1"}).content.decode()
    assert opened.count(" checked>") == 2
    assert nation.codes[2] not in opened
    assert nation.codes[2] in client.get(url, {"q": nation.provinces[2].name_en}).content.decode()
    linked = client.get(url, {"province": nation.codes[1]}).content.decode()
    assert f'value="{nation.codes[1]}" checked' in linked


def test_a_stale_preview_is_shown_anew(client: Client, nation: Nation) -> None:
    act = nation.draft(Kind.CLOSES, closes_at=later(30), reason="")
    Round.objects.update(closes_at=later(25))
    answer = client.post(reverse("nation:act-do", args=[nation.year, act.pk]), {"digest": act.digest})
    assert answer.status_code == 409
    fresh = BulkAct.objects.get()
    assert fresh.pk != act.pk
    assert reverse("nation:act-do", args=[nation.year, fresh.pk]) in answer.content.decode()
    assert not Round.objects.filter(closes_at=later(30)).exists()


def test_what_the_page_showed_counts_not_what_stands(client: Client, nation: Nation) -> None:
    act = nation.draft(Kind.CLOSE)
    answer = client.post(reverse("nation:act-do", args=[nation.year, act.pk]), {"digest": "0" * 64})
    assert answer.status_code == 409
    assert BulkAct.objects.filter(started_at__isnull=False).count() == 0


def test_a_preview_is_its_maker_s_and_a_year_must_be_one(client: Client, nation: Nation) -> None:
    act = nation.draft(Kind.CLOSE)
    other = make_nation(1).centre
    client.force_login(other)
    assert client.get(reverse("nation:act", args=[nation.year, act.pk])).status_code == 404
    assert client.get(reverse("nation:act", args=[nation.year + 1, act.pk])).status_code == 404
    assert client.get(reverse("nation:acts", args=[nation.year + 1])).status_code == 404


def test_a_message_is_shown_before_it_goes(client: Client, nation: Nation) -> None:
    url = reverse("nation:message", args=[nation.year])
    sent = {"provinces": nation.codes, "roles": ["secretariat"], "title": "เรื่อง", "text": "ข้อความ\nสองบรรทัด"}
    assert client.post(url, {**sent, "text": "ก" * 2001}).status_code == 422
    assert client.post(url, {**sent, "roles": ["committee"]}).status_code == 422
    html = client.post(url, sent, follow=True).content.decode()
    assert "ถึง 3 คน" in html
    assert not Notice.objects.exists()
    act = BulkAct.objects.get()
    client.post(reverse("nation:act-do", args=[nation.year, act.pk]), {"digest": act.digest})
    assert Notice.objects.filter(kind="nation.message").count() == 3


def workbook(*sheets: list[list[str]]) -> SimpleUploadedFile:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("nation.xlsx", out.getvalue())


def test_one_workbook_brings_agencies_and_people_of_many_provinces(client: Client, nation: Nation) -> None:
    first, second, _third = nation.provinces
    agencies = [
        ["จังหวัด", "รหัส", "ชื่อภาษาไทย"],
        [first.code, "PO", "สำนักงานจังหวัด"],
        [second.name_th, "PO", "สำนักงานจังหวัด"],
    ]
    people = [
        ["จังหวัด", "อีเมล", "บทบาท", "หน่วยงาน"],
        [second.code, "new@example.org", "", "PO"],
        [first.code, "sec@example.org", "ฝ่ายเลขานุการ", ""],
    ]
    url = reverse("nation:act-import", args=[nation.year])
    faulty = client.post(url, {"file": workbook([*agencies, ["TH-0x", "SO", "สถิติ"]], people)})
    assert faulty.status_code == 422
    assert "ไม่รู้จักจังหวัด “TH-0x”" in faulty.content.decode()
    html = client.post(url, {"file": workbook(agencies, people)}, follow=True).content.decode()
    assert html.count("หน่วยงานใหม่ 1 แก้ไข 0 · เชิญ 1 คน") == 2
    assert not Agency.objects.exists()
    act = BulkAct.objects.get()
    client.post(reverse("nation:act-do", args=[nation.year, act.pk]), {"digest": act.digest})
    assert set(Agency.objects.values_list("province", "code")) == {(first.pk, "PO"), (second.pk, "PO")}
    invited = Invitation.objects.get(email="new@example.org")
    assert (invited.role, invited.agency.province) == ("coordinator", second)
    again = client.post(url, {"file": workbook(agencies, people)}, follow=True).content.decode()
    assert "มีอยู่แล้วครบ ไม่มีอะไรต้องเปลี่ยน" in again
    assert client.post(url, {"file": workbook([["ก", "ข"], ["1", "2"]])}).status_code == 422


def test_the_template_is_read_back(client: Client, nation: Nation) -> None:
    content = client.get(reverse("nation:act-import-template", args=[nation.year])).content
    book = load_workbook(io.BytesIO(content))
    assert [sheet.title for sheet in book] == ["หน่วยงาน", "รายชื่อ", "ตัวเลือก"]
    book.worksheets[0].append([nation.codes[0], "PO", "สำนักงานจังหวัด"])
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("t.xlsx", out.getvalue())
    url = reverse("nation:act-import", args=[nation.year])
    # The sheet of people is empty below its headings, which is no fault.
    assert client.post(url, {"file": file}, follow=True).status_code == 200
    assert BulkStep.objects.get().after["add"] == 1


def test_an_act_under_way_shows_its_progress(client: Client, nation: Nation) -> None:
    act = nation.draft(Kind.REMIND)
    BulkAct.objects.update(started_at=timezone.now(), beat_at=timezone.now())
    url = reverse("nation:act", args=[nation.year, act.pk])
    html = client.get(url).content.decode()
    assert "<progress" in html
    assert 'hx-trigger="every 2s"' in html
    with mock.patch("nation.bulk.actions.SENT_A_DAY", 0):
        assert client.post(reverse("nation:act-do", args=[nation.year, act.pk])).status_code == 302
    assert not Notice.objects.exists()


def test_files_of_many_are_one_job(client: Client, nation: Nation) -> None:
    sent = {"provinces": nation.codes, "kind": "scores"}
    for _press in range(2):
        page = client.post(reverse("nation:act-preview", args=[nation.year]), sent, follow=True).content.decode()
        assert f"กำลังรวมไฟล์ของ {len(nation.codes)} จังหวัดเป็น ZIP เดียว" in page
        assert "<progress" in page
    job = Job.objects.get()
    assert (job.kind, job.response, job.params) == ("score_sheet", None, {"year": nation.year, "codes": nation.codes})
    assert f"{len(nation.codes)} จังหวัด {nation.year}" in client.get(reverse("reports:jobs")).content.decode()


@pytest.mark.parametrize("count", [1, 3, 76])
def test_pages_ask_few_queries_and_stay_small(client: Client, count: int) -> None:
    nation = make_nation(min(count, 3), opened=1)
    for _extra in range(count - len(nation.provinces)):
        nation.provinces.append(ProvinceFactory())
    client.force_login(nation.centre)
    client.get(reverse("nation:acts", args=[nation.year]))
    act = nation.draft(Kind.OPEN, dates=opening_dates())
    pages = [reverse(f"nation:{name}", args=[nation.year]) for name in ("acts", "message", "act-import")]
    for url in [*pages, reverse("nation:act", args=[nation.year, act.pk])]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html = client.get(url).content
        assert len(queries) <= MOST_QUERIES, f"{url}: {len(queries)}"
        assert len(html) <= MOST_BYTES, f"{url}: {len(html)}"
    sent = {"provinces": nation.codes, "kind": "remind"}
    with CaptureQueriesContext(connection) as queries:
        client.post(reverse("nation:act-preview", args=[nation.year]), sent)
    assert len(queries) <= MOST_QUERIES + 6, "with the rows it writes and their transaction"
    assert Response.objects.count() == 1
