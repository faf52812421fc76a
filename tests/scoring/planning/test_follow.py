"""An action plan through the year: done when answers and evidence show it; its papers; what it left out."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dgready.typed.dates import format_typed_date
from evidence.attaching import actions as evidence
from scoring.engine import queries
from scoring.engine.recommendations import _load_recommendations, list_recommendations
from scoring.models import ActionPlan, PlannedAction
from scoring.planning import queries as planning
from scoring.planning.queries import FollowedAction
from survey.answering import actions as answers
from survey.models import Answer
from tests.evidence.conftest import pdf, upload
from tests.factories import ProvinceFactory
from tests.reports.conftest import read_back, squeezed
from tests.scoring.published import load_published_results
from tests.scoring.worlds import file_of_job
from tests.trial import REAL, Trial, make_trial

pytestmark = [pytest.mark.slow, pytest.mark.once]

S = PlannedAction.State


@pytest.fixture
def real(client: Client, db: None) -> Trial:
    """The real year with the secretariat signed in and a plan for all there is to do."""
    made = make_trial(REAL, ProvinceFactory(code="TH-43"))
    load_published_results()
    client.force_login(made.secretariat)
    target = {"kind": "total", "amount": "100", "e:P4.2.count": "3", "e:P4.2.1.count": "1"}
    client.post(reverse("scoring:plan-take", args=[made.response.pk]), target)
    return made


def plan() -> ActionPlan:
    return ActionPlan.objects.get()


def action(real: Trial, criterion: str) -> FollowedAction:
    real.response.refresh_from_db()
    return next(a for a in planning.list_followed_actions(plan(), real.response) if a.action.criterion == criterion)


def say(real: Trial, question: str, **value: object) -> None:
    base = Answer.objects.filter(response=real.response, question=real.question(question)).first()
    answers.save_answer(
        by=real.secretariat,
        response=real.response,
        question=real.question(question),
        value={k.replace("__", "."): v for k, v in value.items()},
        base_revision=base.revision if base else 0,
    )


def prove(real: Trial, question: str, address: str, *, mark: bool = True) -> None:
    made = evidence.attach_evidence(
        by=real.secretariat,
        response=real.response,
        question=real.question(question),
        address=address,
        upload=upload(pdf(address), "x.pdf"),
    ).attachment
    if mark:
        evidence.save_mark(by=real.secretariat, attachment=made, pages="1", quote="ข้อความ")


def page(client: Client, real: Trial, more: str = "") -> str:
    sent = client.get(reverse("scoring:plan-follow", args=[real.response.pk, plan().pk]) + more)
    assert sent.status_code == 200
    return sent.content.decode()


def test_it_is_done_when_answer_and_evidence_are_there(client: Client, real: Trial) -> None:
    assert not action(real, "internal-rule").reached
    say(real, "P1.3", P1__3="done")
    assert not action(real, "internal-rule").reached, "an answer without evidence is not done"
    prove(real, "P1.3", "P1.3=done")
    found = action(real, "internal-rule")
    assert found.reached
    assert found.progress.done == len(found.progress.pieces) == 1
    html = page(client, real)
    assert html.count("เสร็จแล้วตามคำตอบและหลักฐาน") == 1
    assert f"1 จาก {plan().actions.count()} งาน" in html


def test_part_of_an_action_is_seen(real: Trial) -> None:
    say(real, "P1.4", P1__4="done")
    prove(real, "P1.4", "P1.4=done")
    found = action(real, "data-plans")
    assert (found.progress.done, len(found.progress.pieces), found.reached) == (1, 4, False)


def test_services_count_one_by_one(real: Trial) -> None:
    found = action(real, "digital-share")
    assert [p.done for p in found.progress.pieces] == [False] * 3, "two services, and counting them"
    say(real, "P4.2", P4__2="count", P4__2__count="3")
    say(real, "P4.2.1", P4__2__1="count", P4__2__1__count="2")
    assert [p.done for p in action(real, "digital-share").progress.pieces] == [True, False, True]


def test_said_to_be_done_is_not_done(client: Client, real: Trial) -> None:
    row = action(real, "internal-rule").action
    sent = {"state": "done", "owner": "", "due": "", "note": "", "agency": ""}
    client.post(reverse("scoring:plan-action", args=[real.response.pk, plan().pk, row.pk]), sent)
    assert action(real, "internal-rule").is_reported_only
    assert "แจ้งว่าเสร็จแล้ว แต่คำตอบหรือหลักฐานในแบบยังไม่ถึงเป้า" in page(client, real)


def test_late_and_given_up(client: Client, real: Trial) -> None:
    row = action(real, "internal-rule").action
    PlannedAction.objects.filter(pk=row.pk).update(due=timezone.localdate() - timedelta(days=1))
    assert action(real, "internal-rule").late
    assert "เลยกำหนด" in page(client, real)
    PlannedAction.objects.filter(pk=row.pk).update(state=S.DROPPED)
    assert not action(real, "internal-rule").late
    rows = planning.list_followed_actions(plan(), real.response)
    progress = planning.compute_plan_progress(rows, queries.get_score_sheet(real.response))
    assert progress.active == len(rows) - 1
    assert progress.late == 0


def test_following_costs_few_queries(client: Client, real: Trial, django_assert_max_num_queries) -> None:
    page(client, real)
    with django_assert_max_num_queries(10):
        html = page(client, real)
    assert len(html.encode()) < 150_000


def test_proposing_costs_few_queries(client: Client, real: Trial, django_assert_max_num_queries) -> None:
    address = reverse("scoring:plan", args=[real.response.pk]) + "?kind=total&amount=95"
    client.get(address)
    with django_assert_max_num_queries(10):
        html = client.get(address).content
    assert len(html) < 150_000


def test_the_proposal_says_what_it_leaves_out_and_advises(client: Client, real: Trial) -> None:
    address = reverse("scoring:plan", args=[real.response.pk])
    html = client.get(f"{address}?kind=total&amount=80").content.decode()
    assert "สิ่งที่แผนไม่ได้รวม" in html
    assert "3.3 คะแนนสมรรถนะด้านดิจิทัลจากกรมต้นสังกัด" in html
    assert 'name="e:P4.2.count"' in html
    assert "สัดส่วนบริการที่จังหวัดพัฒนาเองและเป็นดิจิทัล (3.00 คะแนนของคะแนนรวม)" in html
    assert "ข้อเสนอแนะของ 1.1" in html
    with_numbers = client.get(f"{address}?kind=total&amount=80&e:P4.2.count=3&e:P4.2.1.count=1").content.decode()
    assert "P4.2 " in with_numbers
    assert "คิดด้วยจำนวนที่คาดไว้" in with_numbers
    assert "(3.00 คะแนนของคะแนนรวม)" not in with_numbers


def test_how_far_one_can_go(client: Client, real: Trial) -> None:
    today = format_typed_date(timezone.localdate())
    outside = {"sub_pillar": "3.3", "score": "40", "source": "x", "dated": today}
    client.post(reverse("scoring:externals", args=[real.response.pk]), outside)
    address = reverse("scoring:plan", args=[real.response.pk])
    page_ = client.get(f"{address}?kind=total&amount=100").content.decode()
    found = re.search(r"ไกลที่สุดที่ไปได้คือคะแนนรวม ([\d.]+)", page_)
    assert found
    client.post(reverse("scoring:plan-take", args=[real.response.pk]), {"kind": "total", "amount": "100"})
    made = ActionPlan.objects.latest("pk").made
    assert (made["reached"], made["best_reachable"]) == (False, {"total": found[1]})
    assert made["result"]["total"] == found[1]
    sent = client.get(f"{address}?kind=pillars&amount=8")
    assert sent.status_code == 422
    assert "มีตัวชี้วัดทั้งหมด 7 ตัว" in sent.content.decode()


def test_every_sub_pillar_has_advice_at_every_level(real: Trial) -> None:
    sheet = queries.get_score_sheet(real.response)
    for sub in sheet.sub_pillars:
        for level in range(1, 6):
            some = _load_recommendations().by_level[sub.code, level]
            assert all(one.text.th and one.text.en and one.source_text.th and one.source_text.en for one in some), (
                sub.code,
                level,
            )
    advised = [list_recommendations(sheet, sub) for sub in sheet.sub_pillars if sub.level]
    assert advised
    assert all(advised)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_plan_on_paper(client: Client, real: Trial, tmp_path: Path, language: str) -> None:
    row = action(real, "internal-rule").action
    PlannedAction.objects.filter(pk=row.pk).update(owner="ฝ่ายกฎหมาย", due=timezone.localdate())
    address = reverse("scoring:plan-file", args=[real.response.pk, plan().pk, "pdf"])
    content = file_of_job(client, address, language)
    assert content.startswith(b"%PDF")
    (tmp_path / "plan.pdf").write_bytes(content)
    text = squeezed(read_back(tmp_path / "plan.pdf", "-raw"))
    wanted = ["ฝ่ายกฎหมาย", plan().name]
    wanted += ["แผนยกระดับ", "สิ่งที่แผนไม่ได้รวม", "ข้อเสนอแนะเพื่อยกระดับ"] if language == "th" else ["What the plan leaves out"]
    assert [w for w in wanted if squeezed(w) not in text] == []


def test_the_advice_in_the_workbook(client: Client, real: Trial) -> None:
    content = file_of_job(client, reverse("scoring:score-file", args=[real.response.pk, "xlsx"]))
    rows = list(load_workbook(io.BytesIO(content))["ข้อเสนอแนะ"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == {s.code for s in queries.get_score_sheet(real.response).sub_pillars if s.level}
    assert all(row[3] and row[4] for row in rows)
