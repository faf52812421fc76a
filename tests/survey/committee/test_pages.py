"""The pages of meetings: few queries whatever is on record, and the facts that a resolution rests on."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from scoring.models import OfficialResult
from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.committee.queries import sub_pillars_to_decide
from survey.committee.views.sub_pillar_facts import sub_pillar_facts
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.threads.actions import ThreadSubject, start_thread
from tests.committee import attend, decide, make_meeting, make_order, seat_of, table, today
from tests.flow import Flow, text

QUERIES = 10


def publish(flow: Flow, year: int, kind: str, code: str, score: str) -> None:
    """A published figure of the province."""
    given = {"year": year, "kind": kind, "code": code, "score": Decimal(score)}
    OfficialResult.objects.create(province=flow.province, origin="official", source="ทดสอบ", **given)


def test_a_resolution_stands_beside_what_it_rests_on(real: Flow, client: Client) -> None:
    publish(real, 2567, "total", "total", "60.00")
    publish(real, 2567, "sub_pillar", "1.3", "61.25")
    about = ThreadSubject(real.question("P1.3"))
    for words in ("ขอเอกสาร", "ขอคำสั่ง"):
        start_thread(by=real.who(Role.COMMITTEE), response=real.response, text=words, about=about)
    real.response.refresh_from_db()
    facts = sub_pillar_facts(real.response)
    assert set(facts) == set(sub_pillars_to_decide(real.round))
    rule, policy = facts["1.3"], facts["1.1"]
    assert (rule.score, rule.last_year, rule.last_score, rule.change) == (
        "0.00",
        2567,
        "61.25",
        "−61.25",
    )  # without evidence
    assert rule.remark_count == 2
    threads = reverse("survey:threads-item", args=[real.response.pk, "P1.3"])
    assert [(link.code, link.count, link.href) for link in rule.remarks] == [("P1.3", 2, threads)]
    assert policy.last_score == ""
    assert policy.points[0].href == f"{reverse('survey:answers', args=[real.response.pk])}#r-P1.1"
    assert policy.point_count >= 1  # marked unsure
    assert any(one.range for one in facts.values())
    meeting = make_meeting(real.secretariat, real.round)
    client.force_login(real.secretariat)
    page = text(
        client.get(reverse("survey:meeting-resolutions", args=[real.province.code, real.round.year, meeting.pk]))
    )
    for words in ("0.00", "61.25", "−61.25", threads, policy.points[0].href, "ผลปี 2567"):
        assert words in page, words
    assert len(page.encode()) < 150_000


def test_a_year_without_a_scheme_has_no_scores_and_still_its_points(flow: Flow) -> None:
    facts = sub_pillar_facts(flow.response)
    assert {one.last_year for one in facts.values()} == {None}
    assert any(one.point_count for one in facts.values())


PAGES = [
    ("meetings", Role.COMMITTEE),
    ("meetings", Role.SECRETARIAT),
    ("meeting-new", Role.SECRETARIAT),
    ("meeting", Role.COMMITTEE),
    ("meeting", Role.SECRETARIAT),
    ("meeting-edit", Role.SECRETARIAT),
    ("meeting-attendance", Role.SECRETARIAT),
    ("meeting-resolutions", Role.SECRETARIAT),
    ("meeting-cancel", Role.SECRETARIAT),
    ("meeting-opinions", Role.COMMITTEE),
    ("meeting-opinions", Role.SECRETARIAT),
    ("meeting-conclude", Role.SECRETARIAT),
    ("meeting-amend", Role.SECRETARIAT),
    ("register", Role.COMMITTEE),
    ("register-new", Role.SECRETARIAT),
]


@pytest.mark.parametrize("concluded", [False, True])
@pytest.mark.parametrize(("name", "role"), PAGES)
def test_pages_take_few_queries(
    name: str, role: Role, concluded: bool, flow: Flow, client: Client, tmp_path: Path
) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    order = make_order(flow.secretariat, flow.province, *(f"หัวหน้าหน่วยงานที่ {n}" for n in range(32)), quorum=9)
    seat_of(flow.secretariat, order, flow.who(Role.COMMITTEE))
    attend(flow.secretariat, meeting)
    decide(flow.secretariat, meeting)
    codes = ("", *sub_pillars_to_decide(flow.round))
    said = {code: GivenOpinion("remark", "ขอให้ตรวจ") for code in codes}
    record_opinions(by=flow.who(Role.COMMITTEE), meeting=meeting, opinions=said)
    table(flow, meeting, tmp_path)
    flow.save("T8", {"T8": "yes"})
    if concluded:
        conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
        flow.save("T8", {"T8": "no"})
        flow.save("T1", {"T1": "none"})
        amend_meeting(
            by=flow.secretariat, meeting=meeting, subject="guests", values={"guests": [["ก", "ข"]]}, reason="ตกหล่น"
        )
    client.force_login(flow.who(role))
    client.get("/healthz")  # writes the new session's time, once in five minutes
    compiled_instrument(flow.round.instrument)
    questions_by_item_id(flow.round.instrument)  # read once per process, as the instrument
    args = [flow.province.code, flow.round.year, *([] if name in ("meetings", "meeting-new") else [meeting.pk])]
    args = args[:1] if name.startswith("register") else args
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(f"survey:{name}", args=args))
    assert page.status_code == (302 if name == "meeting-amend" and not concluded else 200)
    assert len(queries) <= QUERIES, "\n".join(q["sql"][:150] for q in queries)
