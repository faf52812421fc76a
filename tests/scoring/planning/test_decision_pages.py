"""The page and the command of plans: targets, limits, questions with who is asked, capacity, probability."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import ActionPlan
from scoring.planning.optimum.schedule import count_work_days
from survey.models import Assignment, Question
from tests.factories import AgencyFactory, ProvinceFactory
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def real(client: Client, db: None) -> Trial:
    """The real year, nothing answered, its evidence period over, the secretariat signed in."""
    made = make_trial(REAL, ProvinceFactory(code="TH-43"))
    load_published_results()
    made.round.period_from, made.round.period_to = date(2024, 6, 12), date(2025, 5, 30)
    made.round.save()
    client.force_login(made.secretariat)
    return made


def ask(client: Client, real: Trial, query: str, status: int = 200) -> str:
    sent = client.get(f"{reverse('scoring:plan', args=[real.response.pk])}?{query}")
    assert sent.status_code == status, re.findall(r"invalid-feedback[^>]*>(.*?)<", sent.content.decode())
    assert len(sent.content) < 150_000
    return sent.content.decode()


def plan_json(*options: str) -> dict:
    out = StringIO()
    call_command("score", "plan", "--province", "TH-43", "--year", "2568", "--format", "json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_the_page_asks_first_and_says_whom(client: Client, real: Trial, django_assert_max_num_queries) -> None:
    agency = AgencyFactory(province=real.round.province, name_th="สำนักงานที่ถูกถาม")
    for question in Question.objects.filter(instrument=real.round.instrument):
        Assignment.objects.create(round=real.round, agency=agency, question=question)
    ask(client, real, "kind=total&amount=60")
    with django_assert_max_num_queries(10):
        html = ask(client, real, "kind=total&amount=60")
    assert "ถามหน่วยงานก่อน" in html
    assert "สำนักงานที่ถูกถาม" in html
    assert "ถ้าถามแล้วไม่มีสักข้อ" in html
    assert "โอกาสถึงเป้าหมาย" in html
    assert html.count("<svg viewBox") >= 3, "weeks, what each day buys, what the score hangs on"
    as_work = ask(client, real, "kind=total&amount=60&unanswered_is_work=on")
    assert "ถามหน่วยงานก่อน" not in as_work
    assert "งานที่สร้างคะแนนปีหน้า" in as_work


def test_works_are_chosen_and_left_aside(client: Client, real: Trial) -> None:
    query = "kind=total&amount=60&unanswered_is_work=on"
    first = re.findall(r'name="must_not"\s+value="([^"]+)">', ask(client, real, query))[0]
    without = ask(client, real, f"{query}&must_not={first}")
    assert re.search(rf'name="must_not"\s+value="{first}"\s+checked', without)
    assert not re.search(rf'name="must"\s+value="{first}"', without)
    kept = ask(client, real, f"{query}&must={first}")
    assert re.search(rf'name="must"\s+value="{first}"\s+checked', kept)
    ask(client, real, f"{query}&must={first}&must_not={first}", status=422)
    ask(client, real, f"{query}&must=nothing-such", status=422)
    ask(client, real, "kind=level&amount=3", status=422)
    ask(client, real, "kind=kpi_points&amount=10.5", status=422)
    taken = {"kind": "total", "amount": "60", "unanswered_is_work": "on", "must_not": first}
    client.post(reverse("scoring:plan-take", args=[real.response.pk]), taken)
    made = ActionPlan.objects.get()
    assert made.made["target"] == {"total": "60.00", "must_not": [first], "unanswered": "work"}
    assert not made.actions.filter(criterion=first).exists()


def test_a_plan_that_must_fit_and_one_that_need_not(client: Client, real: Trial) -> None:
    late = ask(client, real, "kind=total&amount=60&unanswered_is_work=on&people=2&days=10")
    assert "ไม่ทัน" in late
    fitting = ask(client, real, "kind=total&amount=60&unanswered_is_work=on&people=2&days=10&must_fit=on")
    assert "ไม่มีแผนใดถึงเป้าหมายภายในคนและวันที่มี" in fitting
    assert "ทันทั้งหมด" in fitting


def test_an_adopted_plan_is_a_table_with_the_agency_asked(client: Client, real: Trial) -> None:
    agency = AgencyFactory(province=real.round.province, name_th="สำนักงานที่ทำงานนี้")
    for question in Question.objects.filter(instrument=real.round.instrument):
        Assignment.objects.create(round=real.round, agency=agency, question=question)
    client.post(reverse("scoring:plan-take", args=[real.response.pk]), {"kind": "total", "amount": "55"})
    plan = ActionPlan.objects.get()
    assert {a.agency for a in plan.actions.all()} == {agency}
    address = reverse("scoring:plan-follow", args=[real.response.pk, plan.pk])
    html = client.get(address).content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)
    assert {"ผู้รับผิดชอบ", "กำหนดเสร็จ", "สถานะ"} <= set(heads)
    action = plan.actions.first()
    assert action is not None
    edited = client.get(f"{address}?edit={action.pk}").content.decode()
    assert reverse("scoring:plan-action", args=[real.response.pk, plan.pk, action.pk]) in edited
    wrong = client.post(reverse("scoring:plan-action", args=[real.response.pk, plan.pk, action.pk]), {"due": "ไม่ใช่วัน"})
    assert wrong.status_code == 422
    assert "ไม่ใช่วัน" in wrong.content.decode()


def test_the_command_says_it_all(real: Trial) -> None:
    found = plan_json("--target-kpi-points", "2.5", "--days", "3", "--people", "2")
    assert found["target"] == {"kpi_points": "2.50"}
    assert found["capacity"]["person_days"] == 6
    assert found["questions"]
    assert found["fits"] == (found["effort"] <= 6)
    assert {a["counts"] for a in found["actions"]} <= {"this_year", "next_year"}
    assert {p["counts"] for a in found["actions"] for p in a["pieces"]} <= {"this_year", "next_year"}
    assert 0 <= float(found["probability"]) <= 1
    assert found["frontier"][0]["effort"] == 0
    assert [week["week"] for week in found["weeks"]] == list(range(1, len(found["weeks"]) + 1))
    now = plan_json("--target-total", "60", "--unanswered", "work", "--this-year")
    assert not now["reached"]
    assert now["actions"] == [], "nothing is answered, the period is over: no work still counts"
    sure = plan_json("--target-total", "50", "--probability", "90")
    assert sure["target"]["probability"] == "0.90"
    assert float(sure["probability"]) >= 0.9
    level = plan_json("--target-pillar-level", "1=4")
    assert level["result"]["pillars"]["1"]["level"] >= 4
    with pytest.raises(CommandError):
        plan_json("--days", "3")
    with pytest.raises(CommandError):
        plan_json("--target-total", "50", "--must", "no-such-work")


def test_the_days_left_are_those_until_the_round_closes(client: Client, real: Trial) -> None:
    html = ask(client, real, "")
    days = count_work_days(timezone.localdate(), timezone.localdate(real.round.closes_at))
    assert re.search(rf'name="days"[^>]*value="{days}"|value="{days}"[^>]*name="days"', html)
