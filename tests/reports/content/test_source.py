"""Gathering: few queries, the frozen content once approved, and nothing printed that was tampered with."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.content.queries import gather_report
from reports.errors import ReportError
from survey.approval import actions as workflow
from survey.models import FrozenResponse, Response
from tests.flow import COURSE, Flow, outside
from tests.reports.conftest import fresh


def queries(response: Response) -> int:
    response = fresh(response)
    with CaptureQueriesContext(connection) as seen:
        gather_report(response)
    return len(seen)


def test_queries_do_not_grow_with_the_form(flow: Flow) -> None:
    flow.save("T1", {"T1": "doing"})
    flow.save("T6", {"T6": ["r1"]})
    flow.prove()
    queries(flow.response)  # the compiled form is kept from now on
    flow.save("T1", {"T1": "none"})
    few = queries(flow.response)
    flow.fill()
    flow.prove("T1=done", marked=False)
    assert queries(flow.response) <= few <= 10, "nobody is asked about a full form"


def test_a_draft_lists_what_is_open(flow: Flow) -> None:
    flow.fill()
    report = gather_report(fresh(flow.response))
    assert any("หลักฐาน" in p.text for p in report.open_points)
    assert report.approval is None
    assert report.name == "TH-91-2570-draft"


def test_submitted_shows_the_reasons_given(filled: Flow) -> None:
    from survey.answering.checker import OpenPoint
    from survey.instrument.schema import LocalizedText

    point = OpenPoint("missing", "T1", "T1", "1.1", LocalizedText("ยังไม่ได้ตอบ", "Not answered"))
    workflow.submit_response(
        by=filled.secretariat, response=filled.response, points=lambda r: [point], reasons={point.key: "รอข้อมูล"}
    )
    (open_point,) = gather_report(fresh(filled.response)).open_points
    assert (open_point.code, open_point.text, open_point.reason) == ("T1", "ยังไม่ได้ตอบ", "รอข้อมูล")


def approve(flow: Flow, **more: object) -> FrozenResponse:
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    return workflow.approve_response(by=flow.governor, response=flow.response, compose=lambda r: {**outside(r), **more})


def test_approved_lists_the_conditions_that_were_overridden(filled: Flow) -> None:
    filled.set_guards("committee_endorsed")
    overrides = {"committee_endorsed": "ประชุมหลังวันปิด"}
    by, response = filled.secretariat, filled.response
    workflow.submit_response(by=by, response=response, points=lambda r: [], reasons={}, overrides=overrides)
    workflow.approve_response(by=filled.governor, response=response, compose=outside)
    (point,) = gather_report(fresh(response)).open_points
    assert ("ไม่มีมติเห็นชอบ" in point.text, point.reason, point.code) == (True, "ประชุมหลังวันปิด", "")


def test_approved_comes_from_the_frozen_content(filled: Flow) -> None:
    from evidence.attaching.snapshot import evidence_snapshot

    evidence = evidence_snapshot(filled.response)
    frozen = approve(filled, evidence=evidence)
    before = gather_report(fresh(filled.response))
    filled.response.answers.all().delete()
    after = gather_report(fresh(filled.response))
    assert after.content == before.content
    assert after.approval
    assert after.approval.sha256 == frozen.sha256
    assert after.name == "TH-91-2570-v1"
    (place,) = [s for x in after.content.walk() for s in x.places if s.address == COURSE]
    assert place.items[0].marks[0].quote == "ข้อความ"


def test_tampered_content_is_not_printed(filled: Flow) -> None:
    frozen = approve(filled)
    FrozenResponse.objects.filter(pk=frozen.pk).update(content=frozen.content.replace("งบประมาณ", "เงิน"))
    with pytest.raises(ReportError) as caught:
        gather_report(fresh(filled.response))
    assert caught.value.reason == "frozen"
    assert "ค่าตรวจสอบ" in caught.value.message_in()


def test_in_english(filled: Flow) -> None:
    report = gather_report(fresh(filled.response), "en")
    assert report.content.title.startswith("Made-up survey")
