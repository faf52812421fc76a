"""The signed certificate: its box, its level on paper and on the job, and the files it names."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from dgready import thai
from reports import tasks
from reports.models import Job, JobState, ReportKind
from reports.signing.levels import SignatureLevel
from survey.approval import actions as workflow
from survey.models import FrozenResponse
from tests.flow import Flow, outside
from tests.reports.conftest import make_job, read_back, squeezed
from tests.reports.documents.ua_rules import faults
from tests.reports.signing.authority import Authority
from tests.reports.signing.chain import OFFICE, ROOT, Chain
from tests.reports.signing.test_levels import chain, holds, stamps, store

__all__ = ["chain", "stamps"]  # fixtures
pytestmark = [pytest.mark.slow, pytest.mark.any_database]


def made(flow: Flow, kind: ReportKind = ReportKind.CERTIFICATE, **params: Any) -> Job:
    """A job, as a worker makes it."""
    job = make_job(flow, kind, params=params)
    tasks.run(job.pk)
    job.refresh_from_db()
    return job


def on_disk(job: Job) -> Path:
    return Path(default_storage.path(job.stored))


def test_it_is_signed_for_long_and_says_so(flow: Flow, chain: Chain, stamps: Authority, settings: Any) -> None:
    settings.SIGNING_LEVEL = "B-LT"
    flow.approve()
    job = made(flow)
    assert job.state == JobState.DONE, job.message
    assert "PAdES B-LT" in job.message
    path = on_disk(job)
    assert holds(path, chain)
    assert store(path)["/CRLs"] == 1
    words = squeezed(read_back(path))
    said = squeezed("ลงลายมือชื่ออิเล็กทรอนิกส์ระดับ PAdES B-LT มีการประทับรับรองเวลา")
    assert words.count(said) == 1
    for one in (
        f"ลงลายมือชื่ออิเล็กทรอนิกส์โดย {OFFICE}",
        f"ใบรับรองออกโดย {ROOT} · PAdES B-LT",
        "เหตุผล: รับรองการอนุมัติคำตอบ 2570",
    ):
        assert squeezed(one) in words, one
    assert faults(path) == []
    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (str(field.T), str(field.FT), int(field.F)) == ("Approval", "/Sig", 132)
        assert f"ลายมือชื่ออิเล็กทรอนิกส์ของ {OFFICE}" in str(field.Contents)
        fonts = field.AP.N.Resources.XObject
        assert len(fonts) == 1
        element = pdf.Root.StructTreeRoot.ParentTree.Nums[-1]
        assert (str(element.S), element.K.Obj.objgen) == ("/Form", field.objgen)


@pytest.mark.parametrize(("missing", "level"), [("lists", SignatureLevel.TIMED), ("authority", SignatureLevel.BASIC)])
def test_what_cannot_be_had_is_said_on_paper_and_on_the_job(
    missing: str, level: SignatureLevel, flow: Flow, chain: Chain, stamps: Authority, settings: Any
) -> None:
    settings.SIGNING_LEVEL = "B-LT"
    if missing == "lists":
        settings.SIGNING_CRLS = []
    else:
        settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    flow.approve()
    job = made(flow)
    assert job.state == JobState.DONE, job.message
    assert f"PAdES {level} " in job.message
    assert "ตั้งไว้เป็นระดับ B-LT แต่ขณะที่สร้างติดต่อผู้ให้บริการไม่ได้" in job.message
    assert squeezed(job.message) in squeezed(read_back(on_disk(job)))
    assert store(on_disk(job)) == {}


def test_a_strict_installation_makes_none_of_a_lower_level(
    flow: Flow, chain: Chain, stamps: Authority, settings: Any
) -> None:
    settings.SIGNING_LEVEL, settings.SIGNING_STRICT, settings.SIGNING_CRLS = "B-LT", True, []
    flow.approve()
    job = made(flow)
    assert (job.state, job.attempts) == (JobState.QUEUED, 1)  # and again a little later
    Job.objects.update(attempts=2, next_try_at=None)
    tasks.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "ขอประทับรับรองเวลาหรือข้อมูลการเพิกถอนใบรับรองไม่ได้" in job.message


def test_it_names_the_files_of_its_version_with_their_hashes(flow: Flow) -> None:
    version = flow.approve()
    questionnaire, workbook = made(flow, ReportKind.QUESTIONNAIRE), made(flow, ReportKind.DGA)
    of_nobody = made(flow, ReportKind.BLANK)
    words = squeezed(read_back(on_disk(made(flow)), "-raw"))
    for job in (questionnaire, workbook):
        content = on_disk(job).read_bytes()
        assert squeezed(job.file_name) in words
        assert sha256(content).hexdigest() in words
        assert f"{len(content):,}" in words
        assert squeezed(thai.format_datetime(timezone.localtime(job.finished_at), "th", "short")) in words
    assert of_nobody.sha256 not in words
    assert version.sha256 in words
    assert f"{len(version.content.encode()):,}" in words


def test_it_names_nothing_of_another_version_and_a_new_one_names_what_came_later(flow: Flow) -> None:
    flow.approve()
    first = made(flow, ReportKind.DGA)
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    draft = made(flow, ReportKind.DGA)
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)
    before = squeezed(read_back(on_disk(made(flow)), "-raw"))
    late = made(flow, ReportKind.DGA)
    after = squeezed(read_back(on_disk(made(flow)), "-raw"))
    assert FrozenResponse.objects.count() == 2
    assert (late.sha256 in before, late.sha256 in after) == (False, True)
    for other in (first, draft):
        assert other.sha256 not in after
