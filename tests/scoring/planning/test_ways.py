"""What if, plans, comparing and importing, through their pages."""

import io
import re
from decimal import Decimal
from html import unescape as html_unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.roles import Role
from dgready.typed.dates import format_typed_date
from scoring.engine import queries
from scoring.models import ActionPlan, OfficialResult, Scenario, WorkEffort
from scoring.planning import queries as planning
from scoring.planning.what_if.changes import parse_changes
from survey.answering import actions as answers
from survey.models import Answer, Response
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import load_published_results
from tests.scoring.worlds import file_of_job, full_answers
from tests.trial import REAL, Trial, make_trial

pytestmark = [pytest.mark.slow, pytest.mark.once]

HEAD = "framework,subject,kind,code,score,rank,level,from,source\n"


@pytest.fixture
def real(db: None) -> Trial:
    """The real year of the sample province with the published results."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    return make_trial(REAL, province)


@pytest.fixture
def secretary(client: Client, real: Trial) -> Client:
    client.force_login(real.secretariat)
    return client


def full(real: Trial) -> None:
    """Every question answered, nothing proven."""
    values = full_answers("real")
    for question in real.compiled.questions:
        ids = {i.id for i in question.card()}
        answers.save_answer(
            by=real.secretariat,
            response=real.response,
            question=real.question(question.id),
            value={a: v for a, v in values.items() if ids & set(re.split(r"[#/]", a))},
            base_revision=0,
        )
    real.response.refresh_from_db()


def url(real: Trial, name: str, *more: object) -> str:
    return reverse(f"scoring:{name}", args=[real.response.pk, *more])


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# -- what if --------------------------------------------------------------------------------------


def test_changes_are_scored_and_never_stored(secretary: Client, real: Trial) -> None:
    data = {"c:internal-rule": "done", "on": ["P1.1a2=1", "P1.1a2=2"], "c:committee": "yes"}
    response = secretary.post(url(real, "whatif"), data, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in body
    assert 'id="whatif-said" hx-swap-oob="innerHTML"' in body, "those who listen hear the result"
    found = re.search(r"<strong>([\d.]+)</strong>", body)
    assert found is not None
    assert Decimal(found[1]) > 0
    assert not Answer.objects.exists()
    assert queries.get_score_sheet(real.response).total == Decimal("8.2528"), "only what is estimated from outside"


def test_it_works_without_javascript(secretary: Client, real: Trial) -> None:
    whole = secretary.post(url(real, "whatif"), {"c:internal-rule": "done"}).content.decode()
    assert "<html" in whole
    assert re.search(r'name="c:internal-rule"\s+value="done"\s+checked', whole)


def test_one_round_trip_shows_all_that_moves(secretary: Client, real: Trial, django_assert_max_num_queries) -> None:
    full(real)
    before = list(Answer.objects.order_by("pk").values())
    data = {"c:internal-rule": "none", "x:3.3": "90", "x:4.2": "80", "x:4.3": "70"}
    with django_assert_max_num_queries(10):
        body = secretary.post(url(real, "whatif"), data, headers={"HX-Request": "true"}).content.decode()
    for said in ("ระดับ", "ตัวชี้วัด ก.พ.ร.", "ตัวชี้วัดที่อยู่ระดับ 3 ขึ้นไป", "อาจอยู่ระหว่าง", "7 เทคโนโลยีดิจิทัลและการนำไปใช้"):
        assert said in body
    assert len(body) < 20_000
    assert list(Answer.objects.order_by("pk").values()) == before, "no answer changes"
    real.response.refresh_from_db()
    assert not Response.objects.exclude(pk=real.response.pk).exists()


def test_saving_without_a_name_keeps_what_was_tried(secretary: Client, real: Trial) -> None:
    sent = secretary.post(url(real, "scenario-save"), {"name": " ", "c:internal-rule": "done"})
    assert sent.status_code == 422
    page = sent.content.decode()
    assert "ใส่ชื่อชุดคำตอบทดลองก่อนบันทึก" in page
    assert re.search(r'name="c:internal-rule"\s+value="done"\s+checked', page)
    assert not Scenario.objects.exists()


def test_three_scenarios_are_compared_and_no_more(secretary: Client, real: Trial) -> None:
    for name in "กขคง":
        secretary.post(url(real, "scenario-save"), {"name": name, "c:internal-rule": "done"})
    ids = list(Scenario.objects.values_list("pk", flat=True))
    address = url(real, "compare") + "?" + "&".join(f"s={pk}" for pk in ids)
    page = html(secretary, address)
    assert page.count('scope="col"') == 5
    assert "แสดง 3 ชุดแรก" in page
    assert "ยังไม่ได้เลือกชุดคำตอบทดลอง" in html(secretary, url(real, "compare"))
    listed = html(secretary, url(real, "whatif"))
    assert all(url(real, "scenario-drop", pk) in listed for pk in ids), "each can be deleted"


def test_a_number_that_is_none_is_said(secretary: Client, real: Trial) -> None:
    response = secretary.post(url(real, "whatif"), {"x:3.3": "many"})
    assert response.status_code == 422


def test_scenarios_are_saved_opened_compared_and_dropped(secretary: Client, real: Trial) -> None:
    for name, option in (("ก", "done"), ("ข", "doing")):
        secretary.post(url(real, "scenario-save"), {"name": name, "c:internal-rule": option, "x:3.3": "๔๙.๘๓"})
    first, second = Scenario.objects.order_by("name")
    assert parse_changes(first.changes).values["P1.3"] == "done"
    assert parse_changes(first.changes).externals == {"3.3": Decimal("49.83")}
    opened = html(secretary, f"{url(real, 'whatif')}?scenario={first.pk}")
    assert re.search(r'name="c:internal-rule"\s+value="done"\s+checked', opened)
    assert 'value="49.83"' in opened
    both = html(secretary, f"{url(real, 'compare')}?s={first.pk}&s={second.pk}")
    assert both.count('scope="col"') == 4
    secretary.post(url(real, "scenario-drop", first.pk))
    assert Scenario.objects.get(dropped_at=None) == second


def test_rows_and_repeats_can_be_tried(secretary: Client, real: Trial) -> None:
    things = {"on": [f"P1.2a/1.{n}/state=done" for n in range(1, 4)], "m:G3.list": "2", "c:committee": "yes"}
    secretary.post(url(real, "scenario-save"), {"name": "x", **things})
    changes = parse_changes(Scenario.objects.get().changes)
    case = planning.build_planning_case(real.response)
    sheet = case.score_changes(changes)[1]
    values = {c.id: c.value for c in sheet.criteria}
    assert values["committee-successes"] == 2
    assert values["cyber-policy-items"] >= 1


def test_the_scratch_page_costs_few_queries(secretary: Client, real: Trial, django_assert_max_num_queries) -> None:
    secretary.get(url(real, "whatif"))
    with django_assert_max_num_queries(10):
        secretary.post(url(real, "whatif"), {"c:internal-rule": "done"}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("name", ["whatif", "plan", "years", "score", "compare", "efforts"])
def test_pages_cost_few_queries(secretary: Client, real: Trial, name: str, django_assert_max_num_queries) -> None:
    secretary.get(url(real, name))
    with django_assert_max_num_queries(10):
        assert secretary.get(url(real, name)).status_code == 200


# -- plans ----------------------------------------------------------------------------------------


def test_a_plan_is_proposed_taken_up_and_followed(secretary: Client, real: Trial) -> None:
    page = html(secretary, f"{url(real, 'plan')}?kind=total&amount=20")
    assert "ใช้แผนนี้" in page
    secretary.post(url(real, "plan-take"), {"kind": "total", "amount": "20"})
    plan = ActionPlan.objects.get()
    action = plan.actions.first()
    assert action is not None
    assert plan.made["reached"]
    follow = html(secretary, url(real, "plan-follow", plan.pk) + f"?edit={action.pk}")
    assert 'name="due"' in follow
    due = format_typed_date(real.round.period_to)
    sent = {"state": "doing", "owner": "นายช่าง", "due": due, "note": "", "agency": ""}
    secretary.post(url(real, "plan-action", plan.pk, action.pk), sent)
    action.refresh_from_db()
    assert (action.state, action.owner, action.due) == ("doing", "นายช่าง", real.round.period_to)
    bad = secretary.post(url(real, "plan-action", plan.pk, action.pk), {**sent, "due": "xx"})
    assert bad.status_code == 422
    secretary.post(url(real, "plan-drop", plan.pk))
    assert not ActionPlan.objects.filter(dropped_at=None).exists()


@pytest.mark.parametrize(("kind", "amount"), [("kpi", "60"), ("total", "101"), ("pillars", "1.5"), ("total", "x")])
def test_a_target_that_is_none(secretary: Client, real: Trial, kind: str, amount: str) -> None:
    html(secretary, f"{url(real, 'plan')}?kind={kind}&amount={amount}", 422)


def test_efforts_are_the_secretariats(secretary: Client, real: Trial) -> None:
    scheme = queries.score_response(real.response).scheme
    sent = {kind: int(work.effort.value) for kind, work in scheme.work_kinds.items()} | {"rule": 2}
    secretary.post(url(real, "efforts"), sent)
    assert list(WorkEffort.objects.values_list("kind", "effort")) == [("rule", 2)]
    assert planning.build_planning_case(real.response).efforts["rule"] == 2
    assert secretary.post(url(real, "efforts"), {**sent, "rule": 0}).status_code == 422


def test_readers_see_but_do_not_save(client: Client, real: Trial) -> None:
    client.force_login(MembershipFactory(role=Role.COMMITTEE, province=real.province).user)
    assert "บันทึกชุดคำตอบทดลองนี้" not in html(client, url(real, "whatif"))
    assert client.post(url(real, "scenario-save"), {"name": "x"}).status_code == 404
    assert client.post(url(real, "plan-take"), {"kind": "total", "amount": "20"}).status_code == 404


def test_the_plan_as_a_workbook(secretary: Client, real: Trial) -> None:
    secretary.post(url(real, "plan-take"), {"kind": "total", "amount": "20"})
    plan = ActionPlan.objects.get()
    address = url(real, "plan-file", plan.pk, "xlsx")
    again = [secretary.post(address)["Location"] for _n in range(2)]
    assert again[0] == again[1]
    book = load_workbook(io.BytesIO(file_of_job(secretary, address)))
    assert book.sheetnames == ["แผน", "สรุป", "คะแนน", "เหตุผล", "ข้อเสนอแนะ"]
    assert book["แผน"].max_row == plan.actions.count() + 1
    criteria = {row[1] for row in book["เหตุผล"].iter_rows(min_row=2, values_only=True)}
    assert len(criteria) == len(queries.get_score_sheet(real.response).criteria)


# -- comparing and official results ---------------------------------------------------------------


def test_changes_of_the_instrument_are_noted(secretary: Client, real: Trial) -> None:
    page = html(secretary, url(real, "years"))
    assert "น้ำหนักเปลี่ยนจาก 13 เป็น 12" in page
    assert "70.93" in page
    assert "78.91" in page
    assert "53.81" in page


def test_where_the_estimate_was_off(secretary: Client, real: Trial) -> None:
    OfficialResult.objects.create(
        year=real.round.year,
        province=real.province,
        kind="sub_pillar",
        code="1.3",
        score=100,
        origin="official",
        source="x",
    )
    page = html(secretary, url(real, "years"))
    assert "ประมาณการเทียบกับผลที่ประกาศของปีนี้" in page
    assert "−100.00" in page


def send(client: Client, data: bytes, **more: str) -> str:
    file = SimpleUploadedFile("results.csv", data)
    return client.post(reverse("scoring:results-import"), {"file": file, **more}, follow=True).content.decode()


def store_what_was_shown(client: Client, page: str) -> None:
    """Presses the button below the preview."""
    signed = re.search(r'name="signed" value="([^"]+)"', page)
    assert signed is not None, page
    client.post(reverse("scoring:results-store"), {"signed": html_unescape(signed[1])})


def test_results_are_looked_through_then_stored(secretary: Client, real: Trial) -> None:
    page = send(secretary, f"{HEAD}2569,TH-43,total,total,80.5,,,official,test\n".encode())
    assert "จะเพิ่ม 1" in page
    assert not OfficialResult.objects.filter(year=2569).exists()
    store_what_was_shown(secretary, page)
    assert OfficialResult.objects.get(year=2569).score == Decimal("80.5")


def test_results_come_from_excel_too(secretary: Client, real: Trial) -> None:
    book = Workbook()
    book.active.append(HEAD.strip().split(","))
    book.active.append([2569, "TH-43", "total", "total", 80.5, None, None, "official", "test"])
    out = io.BytesIO()
    book.save(out)
    store_what_was_shown(secretary, send(secretary, out.getvalue()))
    assert OfficialResult.objects.get(year=2569).score == Decimal("80.5")


def test_others_results_are_not_ones_own(secretary: Client, real: Trial) -> None:
    ProvinceFactory(code="TH-10")
    for subject in ("TH-10", "average"):
        page = send(secretary, f"{HEAD}2569,{subject},total,total,80,,,official,test\n".encode(), store="on")
        assert "แก้ผลของจังหวัดอื่น" in page
    assert "อ่านตัวอักษรในไฟล์ไม่ได้" in send(secretary, b"\xff\xfe\x00ba")
    assert not OfficialResult.objects.filter(year=2569).exists()
