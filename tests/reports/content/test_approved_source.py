"""What papers print of an approved answer is its frozen content."""

from __future__ import annotations

import pytest

from reports.content.queries import gather_report
from reports.errors import ReportError
from survey.approval import actions as workflow
from survey.models import FrozenResponse
from tests.flow import COURSE, Flow, outside
from tests.reports.conftest import fresh


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
