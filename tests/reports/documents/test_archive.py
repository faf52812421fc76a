"""The result of an approved answer: an archive that holds what was approved, as data."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest

from reports.content.result_report import ResultTotals, YearResult
from reports.jobs import makers
from reports.jobs.making import answers
from reports.models import Job, ReportKind
from reports.signing.levels import SignatureLevel
from reports.signing.papers import SignatureWords, sign_pdf
from reports.workbooks.item_sheet import item_titles
from survey.approval import actions as workflow
from survey.models import FrozenResponse
from tests.flow import Flow
from tests.reports.conftest import fresh, make_job
from tests.reports.documents.archive_rules import archive_faults
from tests.reports.documents.ua_rules import faults
from tests.reports.signing.test_levels import chain

__all__ = ["chain"]  # a fixture
pytestmark = pytest.mark.any_database
FORMULA = '=HYPERLINK("http://example.org";"x")'


@pytest.fixture
def approved(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> FrozenResponse:
    """An approved answer with a text like a formula; the made-up year has no scheme, so its result is given."""
    flow.fill()
    flow.save("T1", {"T1": "none", "T1.1": FORMULA})
    monkeypatch.setattr("reports.content.results.gather_result", lambda *args, **more: result(flow))
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    from tests.flow import outside

    return workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)


def result(flow: Flow) -> YearResult:
    totals = ResultTotals(own=None, level=None, rank=None, provinces=1, best=None, average=None, last=None)
    return YearResult(
        year=flow.round.year, instrument="", published=False, estimated=True, totals=totals, rows=(),
        compared_year=None, last_year=None,
    )  # fmt: skip


def made(flow: Flow, folder: Path, **params: object) -> tuple[Job, Path]:
    job = make_job(flow, ReportKind.RESULT, params=params)
    job.response = fresh(flow.response)
    makers.make_job_file(job, folder / "result.pdf", lambda done, total: None)
    return job, folder / "result.pdf"


def attached(path: Path) -> dict[str, bytes]:
    """The files in a PDF."""
    with pikepdf.open(path) as pdf:
        assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Source"}
        return {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}


def test_it_holds_what_was_approved(flow: Flow, approved: FrozenResponse, tmp_path: Path) -> None:
    job, path = made(flow, tmp_path)
    assert job.version == 1
    assert archive_faults(path) == []
    assert faults(path) == []
    files = attached(path)
    name = f"{flow.province.code}-{flow.round.year}-v1"
    assert set(files) == {f"{name}-content.json", f"{name}-items.csv"}
    content = files[f"{name}-content.json"]
    assert sha256(content).hexdigest() == approved.sha256
    assert content.decode() == approved.content
    rows = list(csv.reader(io.StringIO(files[f"{name}-items.csv"].decode("utf-8-sig"))))
    assert rows[0] == item_titles()
    by_address = {row[1]: row for row in rows[1:]}
    assert by_address["T0.mail"][7] == "office@example.org"
    assert by_address["T1.1"][7] == "'" + FORMULA
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))]


def test_it_stays_one_when_it_is_signed(flow: Flow, approved: FrozenResponse, tmp_path: Path, chain: object) -> None:
    _job, path = made(flow, tmp_path)
    before = attached(path)
    sign_pdf(path, SignatureWords("เหตุผล", "จังหวัด"), level=SignatureLevel.BASIC)
    assert archive_faults(path) == []
    assert attached(path) == before


def test_a_superseded_one_is_an_archive_of_its_own_version(
    flow: Flow, approved: FrozenResponse, tmp_path: Path
) -> None:
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    _job, path = made(flow, tmp_path, version=1)
    assert any(sha256(content).hexdigest() == approved.sha256 for content in attached(path).values())
    job, path = made(flow, tmp_path)  # a draft again
    assert job.version is None
    with pikepdf.open(path) as pdf:
        assert len(pdf.attachments) == 0
        assert "/OutputIntents" not in pdf.Root


def test_a_published_result_is_of_no_version(
    flow: Flow, approved: FrozenResponse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = answers.gather_result_and_answers(flow.province, flow.round.year, "th")
    monkeypatch.setattr(answers, "gather_result_and_answers", lambda *args: (*gathered[:2], None))
    job, path = made(flow, tmp_path)
    assert job.version is None
    with pikepdf.open(path) as pdf:
        assert len(pdf.attachments) == 0
