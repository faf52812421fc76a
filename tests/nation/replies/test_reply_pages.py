"""Pages of the right of reply: who enters, what they say, how many queries and bytes at 1, 3 and 76 rows."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.roles import Role
from nation.models import Objection, ObjectionEvidence, ReplyWindow
from scoring.models import OfficialResult
from tests.factories import MembershipFactory, ProvinceFactory
from tests.nation.replies.world import CODE, ReplyWorld, make_reply_world
from tests.people import People

MAX_BYTES = 150_000


@pytest.fixture
def world(db: None) -> ReplyWorld:
    return make_reply_world()


def address(name: str, world: ReplyWorld, *more: object) -> str:
    return reverse(f"nation:{name}", args=[world.trial.province.code, world.year, *more])


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def many_objections(world: ReplyWorld, count: int) -> None:
    who = {"written_by": world.trial.secretariat, "filed_by": world.trial.secretariat}
    when = {"written_at": timezone.now(), "filed_at": timezone.now()}
    for number in range(count):
        province = ProvinceFactory(code=f"T-{100 + number}")
        row = Objection.objects.create(
            province=province, year=world.year, code=CODE, official=40, edition=0, wanted=60, ground="x" * 400,
            state="filed", **who, **when,
        )  # fmt: skip
        row.decisions.create(
            number=1, outcome="refused", score=40, reason="y" * 400, by=world.centre, at=timezone.now()
        )


@pytest.mark.parametrize("count", [1, 3, 76])
def test_the_queue_in_ten_queries_whatever_it_holds(
    world: ReplyWorld, client: Client, django_assert_max_num_queries, count: int
) -> None:
    many_objections(world, count)
    client.force_login(world.centre)
    queue = reverse("nation:replies", args=[world.year])
    client.get(queue)
    with django_assert_max_num_queries(10):
        html = client.get(queue).content
    assert len(html) < MAX_BYTES
    assert html.count(b"<tr>") == min(count, 25) + 1


def test_the_queue_filters_and_hides_drafts(world: ReplyWorld, client: Client) -> None:
    many_objections(world, 3)
    Objection.objects.filter(province__code="T-100").update(state="decided")
    Objection.objects.filter(province__code="T-101").update(state="draft", filed_at=None, filed_by=None)
    client.force_login(world.centre)
    queue = reverse("nation:replies", args=[world.year])
    assert client.get(queue).content.count(b"<tr>") == 3
    assert client.get(queue, {"state": "filed"}).content.count(b"<tr>") == 2
    assert client.get(queue, {"q": "T-100", "region": "x", "state": "zzz"}).content.count(b"<tr>") == 2
    assert client.get(queue, {"code": "9.9"}).content.count(b"<tr>") == 0


def test_the_provinces_page_says_three_scores_in_ten_queries(
    world: ReplyWorld, client: Client, django_assert_max_num_queries
) -> None:
    world.open_window()
    world.attach("แผน.pdf", world.cut_off)
    world.file_one(evidence=list(world.choices().values()))
    client.force_login(world.trial.secretariat)
    page = address("reply", world)
    client.get(page)
    with django_assert_max_num_queries(10):
        html = client.get(page).content
    edit = address("objection-edit", world, CODE)
    for state in ("filed", "draft"):
        Objection.objects.update(state=state)
        with django_assert_max_num_queries(10):
            client.get(edit)
    Objection.objects.update(state="filed")
    said = words(html.decode())
    assert "ผลฉบับ 1.0 44.44 · อันดับ 1" in said
    assert "เหลือ 7 วัน" in said
    assert "ยื่นแล้ว รอวินิจฉัย" in said
    assert "แผน.pdf" in said
    assert len(html) < MAX_BYTES
    client.force_login(world.centre)
    decide = reverse("nation:reply-decide", args=[world.year, Objection.objects.get().pk])
    client.get(decide)
    with django_assert_max_num_queries(10):
        client.get(decide)


def test_the_centre_sets_the_days(world: ReplyWorld, client: Client) -> None:
    client.force_login(world.centre)
    today = timezone.localdate()
    window = reverse("nation:reply-window", args=[world.year])
    day = f"{today.day}/{today.month}/{today.year + 543}"
    assert client.post(window, {"opens_on": day, "closes_on": "1/1/2500"}).status_code == 422
    assert client.post(window, {"opens_on": day, "closes_on": day}).status_code == 302
    assert ReplyWindow.objects.get().closes_on == today


def test_the_story_by_the_pages(world: ReplyWorld, client: Client) -> None:
    world.open_window()
    attachment = world.attach("แผน.pdf", world.cut_off)
    client.force_login(world.trial.secretariat)
    edit = address("objection-edit", world, CODE)
    typed = {"ground": "มีแผน", "wanted": "80", "evidence": f"a{attachment.pk}"}
    searched = client.post(edit, {**typed, "do": "search", "q": "แผน"})
    assert searched.status_code == 200
    assert "มีแผน" in searched.content.decode()
    assert not Objection.objects.exists(), "a search keeps what is typed and stores nothing"
    assert client.post(edit, {**typed, "wanted": "30", "do": "save"}).status_code == 422
    assert client.post(edit, {**typed, "do": "save"}).status_code == 302
    assert Objection.objects.get().state == "draft"
    kept = ObjectionEvidence.objects.get()
    assert client.post(edit, {**typed, "evidence": f"e{kept.pk}", "do": "file"}).status_code == 302
    assert ObjectionEvidence.objects.get().pk == kept.pk
    assert client.post(edit, {**typed, "do": "save"}).status_code == 422, "what is filed is not written over"

    client.force_login(world.centre)
    decide = reverse("nation:reply-decide", args=[world.year, Objection.objects.get().pk])
    given = {"outcome": "partly", "score": "60", "reason": "รับบางส่วน", "seen": "0"}
    assert client.post(decide, {**given, "reason": ""}).status_code == 422
    assert client.post(decide, {**given, "score": ""}).status_code == 422
    assert client.post(decide, {**given, "score": "95"}).status_code == 422
    assert client.post(decide, given).status_code == 302
    assert client.post(decide, given).status_code == 422, "pressed twice, decided once"
    assert OfficialResult.objects.get(code=CODE, edition=1).score == 60

    client.force_login(world.trial.secretariat)
    said = words(client.get(address("reply", world)).content.decode())
    assert "60.00 ผลฉบับ 1.0 40.00" in said
    assert "คำวินิจฉัยครั้งที่ 1: รับบางส่วน" in said
    score_page = words(client.get(reverse("scoring:score", args=[world.trial.response.pk])).content.decode())
    assert "ผลฉบับ 1.1" in score_page


def test_a_draft_is_its_provinces_own_and_others_see_nothing(world: ReplyWorld, client: Client, people: People) -> None:
    world.open_window()
    world.attach("แผน.pdf", world.cut_off)
    row = world.file_one(evidence=list(world.choices().values()))
    Objection.objects.update(state="draft", filed_at=None, filed_by=None)
    file = address("objection-file", world, row.evidence.get().pk)
    client.force_login(world.centre)
    assert "มีแผนตั้งแต่ต้นปี" not in client.get(address("reply", world)).content.decode()
    assert client.get(file).status_code == 404
    client.force_login(people.who(Role.SECRETARIAT))
    for name, more in (("reply", ()), ("objection-edit", (CODE,))):
        assert client.get(address(name, world, *more)).status_code == 404
    client.force_login(MembershipFactory(role=Role.GOVERNOR, province=world.trial.province).user)
    assert client.get(address("reply", world)).status_code == 200
    assert client.post(address("objection-edit", world, CODE), {"do": "save"}).status_code in (403, 404)


def test_outside_the_window_the_page_says_so_and_takes_nothing(world: ReplyWorld, client: Client) -> None:
    world.open_window((-9, -1))
    client.force_login(world.trial.secretariat)
    assert "ปิดรับข้อโต้แย้งแล้ว" in words(client.get(address("reply", world)).content.decode())
    edit = address("objection-edit", world, CODE)
    said = client.post(edit, {"ground": "x", "wanted": "80", "do": "file"})
    assert said.status_code == 422
    assert "พ้นกำหนดรับข้อโต้แย้ง" in said.content.decode()


def test_76_provinces_with_sub_pillars_of_the_running_year_go_in_together(world: ReplyWorld, client: Client) -> None:
    for number in range(75):
        ProvinceFactory(code=f"T-{100 + number}")
    client.force_login(world.centre)
    template = client.get(reverse("scoring:results-template", args=[world.year])).content
    filled = fill_template(template)
    done = client.post(reverse("scoring:results-import"), {"file": filled})
    assert done.status_code == 200, words(done.content.decode())[:2000]
    signed = re.search(r'name="signed"\s+value="([^"]+)"', done.content.decode())
    assert signed is not None
    assert client.post(reverse("scoring:results-store"), {"signed": signed.group(1)}).status_code == 302
    totals = OfficialResult.objects.newest().filter(kind="total", year=world.year, province__isnull=False)
    assert totals.count() == 76
    assert set(totals.values_list("score", flat=True)) == {Decimal("55.50")}


def fill_template(content: bytes) -> SimpleUploadedFile:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        for cell in row[3:-1]:
            cell.value = "55.50"
        row[-3].value, row[-2].value = "1", "3"
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("results.xlsx", out.getvalue())
