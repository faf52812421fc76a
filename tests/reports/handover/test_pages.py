"""Asking for evidence on the pages, the job that makes it, and a download that goes on where it ended."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evidence.models import Attachment
from reports.handover.views.choices import handover_choices
from reports.jobs import actions as jobs
from reports.models import Download, Job, JobState, ReportKind
from reports.tasks import run
from tests.evidence.conftest import World, pdf

Browse = Callable[[User], Client]


@pytest.fixture
def browse() -> Browse:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def proven(world: World) -> World:
    world.answer({"E1": "done"})
    world.mark(world.attach("E1=done", pdf("plan")))
    world.attach("E1=done", pdf("own"), response=world.contribution, name="ของหน่วยงาน.pdf")
    return world


def test_the_pages_offer_all_pillars_questions_and_agencies(
    proven: World, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    client = browse(proven.secretary)
    for name in ("reports:list", "evidence:listing"):
        client.get(reverse(name, args=[proven.response.pk]))
        with django_assert_max_num_queries(10):
            page = client.get(reverse(name, args=[proven.response.pk])).content.decode()
        for piece in ('value="pillar:1"', 'value="question:E1"', 'value="binder"', 'value="index_sheet"'):
            assert piece in page
        assert f"{reverse('reports:list', args=[proven.contribution.pk])}#handover-title" in page
    assert 'value="question:E2"' not in page  # no evidence there
    page = browse(proven.coordinator).get(reverse("evidence:listing", args=[proven.contribution.pk])).content.decode()
    assert "question:E2" not in page


def test_an_agency_is_offered_once_however_many_files_it_has_and_not_without_one(proven: World) -> None:
    contribution = proven.contribution
    found = handover_choices(proven.secretary, proven.response)
    assert found
    assert [each.pk for each in found.agencies] == [contribution.pk]
    proven.attach("E1=done", pdf("second"), response=contribution, name="ฉบับที่สอง.pdf")
    found = handover_choices(proven.secretary, proven.response)
    assert found
    assert [each.pk for each in found.agencies] == [contribution.pk]
    Attachment.objects.filter(response=contribution).update(removed_at=timezone.now(), removed_by=proven.secretary)
    found = handover_choices(proven.secretary, proven.response)
    assert found
    assert found.agencies == ()


@pytest.mark.usefixtures("eager")
def test_a_part_is_made_as_a_job_and_asked_for_twice_is_one(
    proven: World, browse: Browse, django_capture_on_commit_callbacks: Any
) -> None:
    client = browse(proven.secretary)
    address = reverse("reports:hand-over", args=[proven.response.pk])
    for _click in range(2):
        assert client.post(address, {"kind": "bundle", "part": "question:E1"}).status_code == 302
    job = Job.objects.get()
    assert (job.kind, job.params) == ("bundle", {"question": "E1"})
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file_name.endswith("-E1-evidence-bundle.zip")) == (JobState.DONE, True)
    for wrong in ({"kind": "bundle", "part": "question:NONE"}, {"kind": "bundle", "part": "x:1"}, {"kind": "result"}):
        assert client.post(address, wrong).status_code == 404
    assert browse(proven.outsider).post(address, {"kind": "bundle"}).status_code == 404
    assert client.post(reverse("reports:make", args=[proven.response.pk]), {"kind": "binder"}).status_code == 404


def test_a_broken_off_download_goes_on_and_is_recorded_once(proven: World, browse: Browse) -> None:
    job = jobs.start_job(by=proven.secretary, kind=ReportKind.BUNDLE, response=proven.response)
    run(job.pk)
    client, address = browse(proven.secretary), reverse("reports:download", args=[job.public_id])
    whole = client.get(address)
    content = b"".join(whole.streaming_content)  # type: ignore[attr-defined]
    assert (whole["Accept-Ranges"], whole["Content-Type"]) == ("bytes", "application/zip")
    rest = client.get(address, headers={"Range": "bytes=100-", "If-Range": whole["ETag"]})
    assert rest.status_code == 206
    assert rest["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert rest["Content-Security-Policy"] == whole["Content-Security-Policy"]
    assert content[:100] + b"".join(rest.streaming_content) == content  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    for header, expected in (
        ({"Range": "bytes=-7"}, content[-7:]),
        ({"Range": "bytes=3-9"}, content[3:10]),
        ({"Range": "bytes=0-0,5-6"}, content),
        ({"Range": "bytes=9-3"}, content),
        ({"Range": "bytes=5-", "If-Range": '"another"'}, content),
    ):
        answer = client.get(address, headers=header)
        assert b"".join(answer.streaming_content) == expected, header  # type: ignore[attr-defined]
    behind = client.get(address, headers={"Range": f"bytes={len(content)}-"})
    assert (behind.status_code, behind["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert Download.objects.count() == 4  # the whole ones
