"""Files of an approved version: which one they tell of, and that they are marked void once it is reopened."""

from __future__ import annotations

import importlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dgready import thai
from reports.jobs import actions as jobs
from reports.jobs import makers
from reports.models import Job, JobState, ReportKind
from survey.approval import actions as workflow
from survey.models import FrozenResponse
from tests.flow import Flow, outside
from tests.reports.conftest import fresh, make_job, squeezed

READY = {"state": JobState.DONE, "stored": "none", "file_name": "ผล.pdf", "size": 13, "sha256": "ab" * 32}


def reopened(flow: Flow) -> FrozenResponse:
    """An approved version, void since."""
    version = flow.approve()
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    version.refresh_from_db()
    return version


@pytest.mark.parametrize(
    ("kind", "params", "version"),
    [
        (ReportKind.QUESTIONNAIRE, {}, 1),
        (ReportKind.RESULT, {}, 1),
        (ReportKind.SCORE_SHEET, {}, 1),
        (ReportKind.QUESTIONNAIRE, {"version": 1}, 1),
        (ReportKind.BLANK, {}, None),
        (ReportKind.ASSIGNMENTS, {}, None),
        (ReportKind.JOURNAL, {}, None),
        (ReportKind.MINUTES, {}, None),
    ],
)
def test_a_file_knows_the_version_it_tells_of(
    flow: Flow, kind: ReportKind, params: dict[str, int], version: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow.approve()
    monkeypatch.setitem(makers.JOB_MAKERS, kind, lambda job, response, path, progress: "name.pdf")
    job = make_job(flow, kind, params=params)
    job.response = fresh(flow.response)
    makers.make_job_file(job, Path("none"), lambda done, total: None)
    assert job.version == version


def test_a_draft_has_no_version_and_a_finished_job_keeps_its_own(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, eager: None
) -> None:
    monkeypatch.setitem(makers.JOB_MAKERS, ReportKind.DGA, write_something)
    draft = make_job(flow, ReportKind.DGA)
    run(draft)
    flow.approve()
    approved = make_job(flow, ReportKind.DGA)
    run(approved)
    assert (draft.version, approved.version) == (None, 1)
    assert approved.message == "ข้อความ"


def write_something(job: Job, response: object, path: Path, progress: object) -> str:
    path.write_bytes(b"PK")
    job.message = "ข้อความ"
    return "file.xlsx"


def run(job: Job) -> None:
    from reports import tasks

    tasks.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message


def test_files_of_a_reopened_version_are_marked_void_and_can_still_be_had(flow: Flow, client: Client) -> None:
    version = reopened(flow)
    of_version, of_none = make_job(flow, version=1, **READY), make_job(flow, ReportKind.BLANK, **READY)
    jobs.record_download(by=flow.secretariat, job=of_version)
    client.force_login(flow.secretariat)
    page = client.get(reverse("reports:list", args=[flow.response.pk])).content.decode()
    since = thai.format_datetime(timezone.localtime(version.voided_at), "th", "short")
    assert squeezed(page).count(squeezed("ยกเลิกแล้ว ฉบับที่ 1")) == 2  # the file and its download
    assert squeezed(page).count(squeezed(f"ตั้งแต่ {since}")) == 2
    for job, void in ((of_version, True), (of_none, False)):
        own = client.get(reverse("reports:job", args=[job.public_id])).content.decode()
        assert ("ยกเลิกแล้ว ฉบับที่ 1" in own) is void
        assert reverse("reports:download", args=[job.public_id]) in own


def test_files_of_the_version_in_force_are_not_marked(flow: Flow, client: Client) -> None:
    reopened(flow)
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)
    make_job(flow, version=2, **READY)
    client.force_login(flow.secretariat)
    page = client.get(reverse("reports:list", args=[flow.response.pk])).content.decode()
    assert "ฉบับที่ 2" in page
    assert "ยกเลิกแล้ว ฉบับที่" not in page


def test_files_made_before_are_told_apart_by_the_time_of_their_making(flow: Flow) -> None:
    version = reopened(flow)
    hour = timedelta(hours=1)
    FrozenResponse.objects.update(approved_at=version.approved_at - 2 * hour)
    within = version.approved_at - hour
    made = {
        "within": make_job(flow, started_at=within, **READY),
        "before": make_job(flow, started_at=within - 2 * hour, **READY),
        "after": make_job(flow, started_at=timezone.now() + hour, **READY),
        "asked": make_job(flow, started_at=timezone.now() + hour, params={"version": 1}, **READY),
        "year": make_job(flow, started_at=within, params={"year": 2560}, **READY),
        "blank": make_job(flow, ReportKind.BLANK, started_at=within, **READY),
    }
    importlib.import_module("reports.migrations.0013_job_version").name_versions(apps, None)
    found = {name: Job.objects.get(pk=job.pk).version for name, job in made.items()}
    assert found == {"within": 1, "before": None, "after": None, "asked": 1, "year": None, "blank": None}
