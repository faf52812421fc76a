"""From the upload to the scan: who may have a file meanwhile, who is told, and what happens while nobody answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from evidence.attaching import actions
from evidence.models import Attachment, File, ScanState
from evidence.scanning import actions as scanning
from evidence.scanning.queries import due_files, scan_standing
from evidence.tasks import scan_due_files
from survey.models import Notice
from tests.evidence.conftest import World, pdf
from tests.evidence.scanning.eicar import infected
from tests.factories import MembershipFactory
from tests.real_services import Scanner, free_port, run_clamd

pytestmark = pytest.mark.slow
Browse = Callable[[User], Client]


@pytest.fixture(scope="module")
def running_scanner() -> Iterator[Scanner]:
    with run_clamd() as running:
        yield running


@pytest.fixture
def scanner(running_scanner: Scanner, settings: Any) -> None:
    settings.CLAMD_ADDRESS = f"{running_scanner.host}:{running_scanner.port}"


@pytest.fixture
def nobody(settings: Any) -> None:
    """A scanner is named, and none is there."""
    settings.CLAMD_ADDRESS = f"127.0.0.1:{free_port()}"


def download(client: Client, attachment: Attachment) -> int:
    url = reverse("evidence:download", args=[attachment.response_id, attachment.public_id])
    answer = client.get(url)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


def state_of(attachment: Attachment) -> str:
    assert attachment.file is not None
    attachment.file.refresh_from_db()
    return attachment.file.scan_state


def make_due() -> None:
    File.objects.filter(scan_state=ScanState.WAITING).update(scan_due_at=timezone.now() - timedelta(seconds=1))


def test_a_clean_file_is_handed_out_once_it_is_scanned(world: World, scanner: None, browse: Browse) -> None:
    attachment = world.attach()  # its task waits for the end of the test's transaction
    reader, own = browse(world.reader), browse(world.secretary)
    assert state_of(attachment) == ScanState.WAITING
    assert (download(own, attachment), download(reader, attachment)) == (200, 409)
    page = reader.get(reverse("evidence:listing", args=[world.response.pk])).content.decode()
    assert "กำลังตรวจหาไวรัส" in page
    scan_due_files()
    assert state_of(attachment) == ScanState.CLEAN
    assert download(reader, attachment) == 200
    assert "กำลังตรวจหาไวรัส" not in reader.get(reverse("evidence:listing", args=[world.response.pk])).content.decode()


def test_the_scan_follows_the_upload(
    world: World, scanner: None, eager: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        attachment = world.attach()
    assert state_of(attachment) == ScanState.CLEAN


def test_who_takes_a_file_over_is_not_who_sent_it(world: World, nobody: None, browse: Browse) -> None:
    source = world.attach(response=world.contribution, by=world.coordinator)
    adopted = actions.adopt_evidence(
        by=world.secretary, attachment=source, response=world.response, address=source.address
    ).attachment
    assert download(browse(world.secretary), adopted) == 409
    assert download(browse(world.coordinator), source) == 200


def test_an_infected_file_is_handed_out_to_nobody_and_told(world: World, scanner: None, browse: Browse) -> None:
    admin = MembershipFactory(province=world.province, role=Role.PROVINCE_ADMIN).user
    centre = MembershipFactory(province=None, role=Role.CENTRAL_ADMIN).user
    content = infected()
    attachment = world.attach(content=content, name="รายงาน.docx")
    scan_due_files()
    assert state_of(attachment) == ScanState.INFECTED
    for user in (world.secretary, world.reader):
        assert download(browse(user), attachment) == 403
    told = Notice.objects.filter(kind="file.infected")
    assert {notice.user for notice in told} == {world.secretary, admin, centre}
    assert "EICAR" in told[0].data["virus"]
    url = reverse("evidence:slot", args=[world.response.pk, "E1"])
    page = browse(world.secretary).get(url, {"at": attachment.address}).content.decode()
    assert "พบไวรัส" in page
    page = browse(centre).get(reverse("evidence:scans")).content.decode()
    assert "รายงาน.docx" in page
    assert "EICAR" in page
    again = world.attach("E1b", content=content, name="อีกครั้ง.docx")
    assert download(browse(world.secretary), again) == 403


def test_a_scanner_that_is_away_is_asked_again_with_growing_pauses(world: World, nobody: None, browse: Browse) -> None:
    centre = MembershipFactory(province=None, role=Role.CENTRAL_ADMIN).user
    attachment = world.attach()
    pauses = []
    for _attempt in range(8):
        make_due()
        before = timezone.now()
        scan_due_files()
        assert state_of(attachment) == ScanState.WAITING
        assert attachment.file is not None
        pauses.append(round((attachment.file.scan_due_at - before) / timedelta(minutes=1)))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert Notice.objects.filter(kind="scanner.away", user=centre).count() == 1
    page = browse(centre).get(reverse("evidence:scans")).content.decode()
    assert "ระบบจะลองใหม่เอง" in page
    assert scan_standing().waiting == 1


def test_a_scanner_that_is_back_is_asked_for_all_that_waited(world: World, nobody: None, settings: Any) -> None:
    waiting = world.attach()
    scan_due_files()
    other = world.attach("E1b", content=pdf("b"))
    assert due_files(timezone.now(), 10) == [other.file_id]
    with run_clamd() as back:
        settings.CLAMD_ADDRESS = f"{back.host}:{back.port}"
        scan_due_files()
        scan_due_files()
    assert (state_of(waiting), state_of(other)) == (ScanState.CLEAN, ScanState.CLEAN)


def test_one_sweep_does_not_wait_for_each_file_of_a_scanner_that_is_away(world: World, nobody: None) -> None:
    for number in range(3):
        world.attach("E1b", content=pdf(str(number)))
    scan_due_files()
    assert sorted(File.objects.values_list("scan_attempts", flat=True)) == [0, 0, 1]


def test_a_file_whose_bytes_are_missing_waits_and_stops_no_other(world: World, scanner: None) -> None:
    from evidence import store

    missing, sound = world.attach(), world.attach("E1b", content=pdf("b"))
    assert missing.file is not None
    store.evidence_storage().delete(missing.file.stored)
    scan_due_files()
    assert (state_of(missing), state_of(sound)) == (ScanState.WAITING, ScanState.CLEAN)


def test_two_workers_do_not_scan_one_file(world: World, nobody: None) -> None:
    attachment = world.attach()
    assert attachment.file_id is not None
    now = timezone.now()
    assert scanning.claim_scan(attachment.file_id, now) is not None
    assert scanning.claim_scan(attachment.file_id, now) is None


def test_without_a_scanner_nothing_waits(world: World, browse: Browse, settings: Any) -> None:
    attachment = world.attach()
    assert state_of(attachment) == ScanState.NONE
    assert download(browse(world.reader), attachment) == 200
    settings.CLAMD_ADDRESS = f"127.0.0.1:{free_port()}"
    other = world.attach("E1b", content=pdf("b"))
    assert state_of(other) == ScanState.WAITING
    settings.CLAMD_ADDRESS = ""
    scan_due_files()
    assert state_of(other) == ScanState.NONE
