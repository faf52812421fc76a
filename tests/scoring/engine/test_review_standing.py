"""Rejected evidence and the score: as claimed, as reviewed, and how much is not reviewed yet."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from evidence.models import Attachment, Verdict
from evidence.reviewing.actions import judge_attachment
from reports.content.queries import gather_report
from reports.documents.questionnaire import questionnaire_html
from scoring.engine import queries
from survey.models import Response
from tests.factories import MembershipFactory
from tests.flow import Flow, make_flow
from tests.people import People

PLACE = "T2=evening"


@pytest.fixture
def proven(people: People) -> Flow:
    """An answer in which an option counts by a marked file."""
    flow = make_flow(people)
    flow.prove(PLACE)
    flow.fill()
    flow.save("T1", {"T1": "done", "T1.3": "https://example.org/plan"})
    flow.save("T2", {"T2": ["evening"]})
    return flow


@pytest.fixture
def reviewer(people: People) -> User:
    """Another person of the secretariat."""
    return MembershipFactory(province=people.a, role=Role.SECRETARIAT).user


def fresh(flow: Flow) -> Response:
    """The provincial answer as pages get it."""
    return Response.objects.select_related("round__province", "round__instrument").get(pk=flow.response.pk)


def judge(by: User, verdict: str) -> None:
    """Judges the file."""
    reason = "ไม่ชัด" if verdict != Verdict.ACCEPTED else ""
    judge_attachment(by=by, attachment=Attachment.objects.get(address=PLACE), verdict=verdict, reason=reason)


def standing_of(flow: Flow) -> tuple[int, int, int]:
    """Accepted, rejected, not reviewed."""
    standing = queries.get_review_standing(fresh(flow))
    return standing.accepted, standing.rejected, standing.unreviewed


def test_nothing_is_computed_twice_where_nothing_is_rejected(proven: Flow, reviewer: User) -> None:
    response = fresh(proven)
    assert queries.score_claims(response) is queries.score_response(response)
    assert standing_of(proven) == (0, 0, 1)
    judge(reviewer, Verdict.ACCEPTED)
    response = fresh(proven)
    assert queries.score_claims(response) is queries.score_response(response)
    assert standing_of(proven) == (1, 0, 0)


def test_rejected_evidence_does_not_count_in_the_score(proven: Flow, reviewer: User) -> None:
    before = queries.get_score_sheet(fresh(proven))
    judge(reviewer, Verdict.INSUFFICIENT)
    standing = queries.get_review_standing(fresh(proven))
    assert standing_of(proven) == (0, 1, 0)
    assert standing.claimed == before
    assert standing.reviewed == queries.get_score_sheet(fresh(proven))
    assert standing.lost > 0
    judge(reviewer, Verdict.ACCEPTED)
    assert queries.get_score_sheet(fresh(proven)) == before


def test_what_is_not_on_the_path_is_not_counted(proven: Flow, reviewer: User) -> None:
    proven.save("T2", {"T2": ["weekend"]})
    assert standing_of(proven) == (0, 0, 0)


@pytest.mark.parametrize("name", ["scoring:score", "survey:brief", "survey:submit"])
def test_the_pages_show_both_scores(
    proven: Flow, reviewer: User, client: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(reviewer)
    shown = client.get(reverse(name, args=[proven.response.pk])).content.decode()
    assert "ยังไม่มีหลักฐานที่ถูกปฏิเสธ" in shown
    assert "ตรวจแล้ว 0 จาก 1" in shown
    judge(reviewer, Verdict.OUT_OF_DATE)
    standing = queries.get_review_standing(fresh(proven))
    with django_assert_max_num_queries(10):
        shown = client.get(reverse(name, args=[proven.response.pk])).content.decode()
    block = shown.partition("data-score-review")[2].partition("</dl>")[0]
    assert f"{standing.claimed.total:.2f}" in block
    assert f"{standing.reviewed.total:.2f}" in block
    assert "ยังไม่รับ 1 รายการ" in shown


def test_the_command_says_it_too(proven: Flow, reviewer: User) -> None:
    judge(reviewer, Verdict.WRONG_PASSAGE)
    where = {"province": proven.province.code, "year": proven.round.year, "stdout": (out := StringIO())}
    call_command("score", "response", format="json", **where)
    review = json.loads(out.getvalue())["review"]
    assert (review["accepted"], review["rejected"], review["unreviewed"]) == (0, 1, 0)
    assert Decimal(review["claimed_total"]) > Decimal(review["reviewed_total"])
    call_command("score", "response", format="text", **where)
    assert f"as claimed {review['claimed_total']}, as reviewed {review['reviewed_total']}" in out.getvalue()


def test_the_result_and_the_frozen_text_hold_it(proven: Flow, reviewer: User) -> None:
    assert "review" not in queries.build_score_snapshot(fresh(proven))["score"]
    assert "ยังไม่มีหลักฐานที่ถูกปฏิเสธ" in questionnaire_html(gather_report(fresh(proven)))
    judge(reviewer, Verdict.INSUFFICIENT)
    review = queries.build_score_snapshot(fresh(proven))["score"]["review"]
    html = questionnaire_html(gather_report(fresh(proven)))
    assert review["claimed_total"] in html
    assert "คะแนนตามผลตรวจหลักฐาน" in html
