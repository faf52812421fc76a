"""The paper on the table: kept as it was, found by its SHA-256, and what changed since."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed
from accounts.roles import Role
from reports.errors import ReportError
from reports.jobs import makers
from reports.models import FileFault, Job, ReportKind
from survey.committee.actions.meetings import cancel_meeting
from survey.committee.actions.papers import table_paper
from survey.models import Event, Meeting, TabledPaper
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from tests.committee import PDF, endorsed, make_meeting, table
from tests.flow import Flow, text


def test_it_is_kept_with_its_hash_and_the_change_since_is_said(flow: Flow, client: Client, tmp_path: Path) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    kept = table(flow, meeting, tmp_path)
    event = Event.objects.get(verb="meeting.table")
    assert event.data["after"] == {"sha256": kept.sha256}
    args = [flow.province.code, flow.round.year, meeting.pk]
    client.force_login(flow.who(Role.COMMITTEE))
    page = text(client.get(reverse("survey:meeting", args=args)))
    assert kept.sha256 in page
    assert "คำตอบยังตามนี้" in page
    flow.save("T8", {"T8": "no"})
    page = text(client.get(reverse("survey:meeting", args=args)))
    assert "คำตอบเปลี่ยนหลังจากนั้น 1 ข้อ" in page
    assert reverse("survey:history", args=[flow.response.pk, "T8"]) in page
    file = client.get(reverse("survey:meeting-tabled", args=[*args, kept.public_id]))
    assert isinstance(file, FileResponse)
    assert b"".join(file.streaming_content) == PDF  # type: ignore[arg-type]
    assert verify.verify_journal().ok


def test_a_file_that_is_not_the_one_that_was_tabled_is_not_shown(flow: Flow, client: Client, tmp_path: Path) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    kept = table(flow, meeting, tmp_path)
    with default_storage.open(kept.stored, "wb") as file:
        file.write(PDF + b"x")
    client.force_login(flow.secretariat)
    url = reverse("survey:meeting-tabled", args=[flow.province.code, flow.round.year, meeting.pk, kept.public_id])
    reply = client.get(url)
    assert reply.status_code == 503
    assert "ไม่ตรงกับไฟล์ที่ส่งเข้ามา" in text(reply)
    default_storage.delete(kept.stored)
    reply = client.get(url)
    assert reply.status_code == 503
    assert "ไม่พบไฟล์" in text(reply)


def test_who_tables_and_when(flow: Flow, tmp_path: Path) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    for _label, user in flow.people.everyone():
        if user != flow.secretariat:
            with pytest.raises(NotAllowed):
                table_paper(by=user, meeting=meeting, path=path, version=1, source="a")
    first = table_paper(by=flow.secretariat, meeting=meeting, path=path, version=1, source="a")
    assert table_paper(by=flow.secretariat, meeting=meeting, path=path, version=9, source="a") == first
    concluded = endorsed(flow.secretariat, flow.round)
    with pytest.raises(TransitionRefused):
        table_paper(by=flow.secretariat, meeting=concluded, path=path, version=1, source="b")
    assert TabledPaper.objects.count() == 1
    assert not default_storage.listdir(f"meetings/{flow.province.code}/{concluded.pk}")[1]


def test_a_meeting_called_off_keeps_its_papers(flow: Flow, client: Client, tmp_path: Path) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    kept = table(flow, meeting, tmp_path)
    cancel_meeting(by=flow.secretariat, meeting=meeting)
    assert not Meeting.objects.exists()
    client.force_login(flow.who(Role.COMMITTEE))
    args = [flow.province.code, flow.round.year, meeting.pk]
    assert "ถูกยกเลิก" in text(client.get(reverse("survey:meeting", args=args)))
    file = client.get(reverse("survey:meeting-tabled", args=[*args, kept.public_id]))
    assert b"".join(file.streaming_content) == PDF  # type: ignore[arg-type,attr-defined]
    client.force_login(flow.secretariat)
    assert client.get(reverse("survey:meeting-edit", args=args)).status_code == 404


def test_the_secretarys_print_is_tabled_and_a_second_try_gives_the_same(
    flow: Flow, client: Client, tmp_path: Path
) -> None:
    flow.fill()
    meeting = make_meeting(flow.secretariat, flow.round)
    url = reverse("survey:meeting-paper", args=[flow.province.code, flow.round.year, meeting.pk])
    client.force_login(flow.who(Role.COMMITTEE))
    client.post(url, {"table": "1"})
    assert Job.objects.get().params == {"meeting": meeting.pk}  # a member's print is a print
    client.force_login(flow.secretariat)
    client.post(url, {"table": "1"})
    job = Job.objects.get(by=flow.secretariat)
    assert (job.kind, job.params) == (ReportKind.COMMITTEE, {"meeting": meeting.pk, "table": True})
    makers.make_job_file(job, tmp_path / "one", lambda done, total: None)
    kept = TabledPaper.objects.get()
    made = (tmp_path / "one").read_bytes()
    with default_storage.open(kept.stored) as file:
        assert file.read() == made
    flow.save("T8", {"T8": "no"})
    makers.make_job_file(job, tmp_path / "two", lambda done, total: None)
    assert (tmp_path / "two").read_bytes() == made
    assert TabledPaper.objects.count() == 1
    for kind in ("minutes", "resolutions"):
        client.post(url, {"kind": kind})
        assert Job.objects.filter(kind=kind, by=flow.secretariat).exists()


def test_a_second_try_never_copies_a_paper_that_was_altered(flow: Flow, client: Client, tmp_path: Path) -> None:
    flow.fill()
    meeting = make_meeting(flow.secretariat, flow.round)
    client.force_login(flow.secretariat)
    args = [flow.province.code, flow.round.year, meeting.pk]
    client.post(reverse("survey:meeting-paper", args=args), {"table": "1"})
    job = Job.objects.get()
    makers.make_job_file(job, tmp_path / "one", lambda done, total: None)
    kept = TabledPaper.objects.get()
    default_storage.delete(kept.stored)
    default_storage.save(kept.stored, ContentFile(b"%PDF another"))
    with pytest.raises(ReportError, match="not the one that was kept"):
        makers.make_job_file(job, tmp_path / "two", lambda done, total: None)
    assert not (tmp_path / "two").exists()
    assert FileFault.objects.get().name == kept.stored
