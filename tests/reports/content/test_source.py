"""Gathering: few queries, the frozen content once approved, and nothing printed that was tampered with."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.content.queries import gather_report
from survey.approval import actions as workflow
from survey.models import Response
from tests.flow import Flow
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


def test_in_english(filled: Flow) -> None:
    report = gather_report(fresh(filled.response), "en")
    assert report.content.title.startswith("Made-up survey")
