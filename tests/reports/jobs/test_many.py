"""One ZIP of many provinces: what fails is named and loses no other; limits; the centre alone; swept as drafts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from reports import tasks
from reports.errors import ReportError
from reports.jobs import makers
from reports.jobs.actions import JobStopped
from reports.jobs.expiring import sweep_expired_files
from reports.jobs.making import many
from reports.jobs.many import may_have_many, start_many
from reports.models import Job, JobState, ReportKind
from survey.models import Response
from tests.factories import MembershipFactory
from tests.installation import until
from tests.nation.bulk.world import Nation, make_nation

pytestmark = pytest.mark.django_db
KIND = ReportKind.DGA


@pytest.fixture
def nation() -> Nation:
    return make_nation(4, opened=3)


@pytest.fixture
def broken(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of a province whose file fails; those of the others are made up."""
    code = nation.codes[1]

    def make_one(job: Job, answer: Response, path: Path, progress: Any) -> str:
        progress(1, 2)
        if answer.round.province.code == code:
            raise ValueError("broken")
        path.write_text(answer.round.province.name_th)
        return f"=x-{answer.round.province.code}.xlsx"

    monkeypatch.setitem(makers.JOB_MAKERS, KIND, make_one)
    return code


def read(job: Job) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    """The files of a ZIP, and its list by code of province."""
    with default_storage.open(job.stored) as stored, ZipFile(io.BytesIO(stored.read())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    rows = list(csv.reader(io.StringIO(files.pop("รายการ.csv").decode("utf-8-sig"))))
    return files, {row[0]: row[1:] for row in rows[1:]}


def run(nation: Nation) -> Job:
    job = start_many(by=nation.centre, kind=KIND, year=nation.year, codes=nation.codes)
    tasks.run(job.pk)
    job.refresh_from_db()
    return job


def test_one_zip_with_every_file_and_the_reasons_of_what_is_missing(nation: Nation, broken: str) -> None:
    job = run(nation)
    assert (job.state, job.file_name) == (JobState.DONE, f"dgready-dga-{nation.year}-2.zip")
    assert job.message.startswith("ไม่มีไฟล์ของ 2 จังหวัด: ")
    files, listed = read(job)
    made = [nation.codes[0], nation.codes[2]]
    assert sorted(files) == sorted(f"=x-{code}.xlsx" for code in made)
    assert set(listed) == set(nation.codes)
    for code in made:
        _name, file, size, digest, why = listed[code]
        content = files[f"=x-{code}.xlsx"]
        assert (file, size, digest, why) == (f"'=x-{code}.xlsx", str(len(content)), sha256(content).hexdigest(), "")
    assert listed[broken][-1] == "เกิดข้อผิดพลาดในระบบ โปรดแจ้งผู้ดูแลระบบ"
    assert listed[nation.codes[3]][-1] == "ยังไม่ได้เปิดรอบของปีนี้"
    assert job.of_draft
    Job.objects.update(finished_at=timezone.now() - timedelta(days=4000))
    assert sweep_expired_files(timezone.now()) == 1
    assert not default_storage.exists(job.stored)


def test_the_true_workbooks_of_an_answer(nation: Nation) -> None:
    files, _listed = read(run(nation))
    assert len(files) == 3
    assert all(content[:2] == b"PK" for content in files.values())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_in_a_worker(nation: Nation, worker: None) -> None:
    job = start_many(by=nation.centre, kind=KIND, year=nation.year, codes=nation.codes[:3])
    until(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE, "the ZIP")
    assert len(read(Job.objects.get(pk=job.pk))[0]) == 3


def test_nothing_made_is_a_failed_job(nation: Nation) -> None:
    job = start_many(by=nation.centre, kind=KIND, year=nation.year, codes=nation.codes[3:])
    tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file_name) == (JobState.FAILED, "")
    assert "สร้างไฟล์ของจังหวัดที่เลือกไม่ได้เลย" in job.message


def _bare(nation: Nation) -> Job:
    params = {"year": nation.year, "codes": nation.codes}
    return Job(kind=KIND, by=nation.centre, params=params, created_at=timezone.now())


def test_limits_of_time_and_size_name_who_is_left_out(
    nation: Nation, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_one, told = makers.JOB_MAKERS[KIND], []
    moments = iter([0, 0, many.MAX_SECONDS + 1, many.MAX_SECONDS + 1])
    job = _bare(nation)
    many.make_many_files(job, tmp_path / "a", lambda *done: told.append(done), make_one, clock=lambda: next(moments))
    assert job.message.startswith("ไม่มีไฟล์ของ 3 จังหวัด")
    assert told[0] == (0, 4)
    assert told[-1] == (3, 4)
    monkeypatch.setattr(many, "MAX_BYTES", 1)
    name = many.make_many_files(job, tmp_path / "b", lambda *_done: None, make_one)
    assert name.endswith("-1.zip")


def test_a_job_that_is_taken_away_stops(nation: Nation, broken: str, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done:
            raise JobStopped

    with pytest.raises(JobStopped):
        many.make_many_files(_bare(nation), tmp_path / "a", stop, makers.JOB_MAKERS[KIND])
    with pytest.raises(ReportError):
        many.make_many_files(_bare(nation), tmp_path / "a", lambda *_d: None, _refuse)


def _refuse(job: Job, answer: Response, path: Path, progress: Any) -> str:
    raise ReportError("gone")


def test_the_centre_alone_sees_it(nation: Nation, client: Client) -> None:
    now = timezone.now()
    job = _bare(nation)
    job.created_at = job.beat_at = now
    job.save()
    page = reverse("reports:job", args=[job.public_id])
    client.force_login(nation.centre)
    assert client.get(page).status_code == 200
    assert client.post(reverse("reports:cancel", args=[job.public_id])).status_code == 302
    secretary = MembershipFactory(role=Role.SECRETARIAT, province=nation.provinces[0]).user
    Job.objects.update(by=secretary)
    client.force_login(secretary)
    assert client.get(page).status_code == 404
    assert str(job.public_id) not in client.get(reverse("reports:jobs")).content.decode()
    assert not may_have_many(secretary, KIND)
    assert may_have_many(nation.centre, KIND)
    assert not may_have_many(nation.centre, ReportKind.BUNDLE)
