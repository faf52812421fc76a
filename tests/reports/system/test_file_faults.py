"""A file whose bytes are missing or altered is never handed out: the page says so, and the administrators are told."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from evidence.models import Attachment
from reports.models import FileFault
from reports.system.file_faults import find_mended_files, open_file_faults
from survey.models import Letter, Notice
from tests.evidence.conftest import World, build
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(people: People) -> World:
    return build(people.a, people.b, people.a1)


@pytest.fixture
def attachment(world: World) -> Attachment:
    return world.attach()


def url(attachment: Attachment) -> str:
    return reverse("evidence:download", args=[attachment.response_id, attachment.public_id])


def on_disk(attachment: Attachment) -> Path:
    assert attachment.file is not None
    return Path(storages["evidence"].path(attachment.file.stored))


@pytest.mark.parametrize("missing", [True, False])
def test_the_page_says_so_and_the_alarm_rings_once_a_day(
    people: People, world: World, attachment: Attachment, client: Client, missing: bool
) -> None:
    told = [people.who(Role.CENTRAL_ADMIN), people.who(Role.PROVINCE_ADMIN)]
    people.who(Role.PROVINCE_ADMIN, "b")
    client.force_login(world.secretary)
    if missing:
        on_disk(attachment).unlink()
    else:
        on_disk(attachment).write_bytes(b"%PDF-1.4 another")
    for _time in range(2):
        reply = client.get(url(attachment))
        assert reply.status_code == 503
        assert "Content-Disposition" not in reply
        page = reply.content.decode()
        assert ("ไม่พบไฟล์" if missing else "ไม่ตรงกับไฟล์ที่ส่งเข้ามา") in page
        assert "แจ้งผู้ดูแลระบบแล้ว" in page
        assert attachment.file is not None
        assert attachment.file.sha256 in page
        assert attachment.name in page
    fault = open_file_faults().get()
    assert (fault.found == "") is missing
    assert (fault.what, fault.province) == (attachment.name, people.a)
    rung = Notice.objects.filter(kind__startswith="file.")
    assert sorted(rung.values_list("user", flat=True)) == sorted(user.pk for user in told)
    assert Letter.objects.filter(key__contains="file:").count() == len(told)


def test_a_file_put_back_is_handed_out_and_no_fault_any_more(
    world: World, attachment: Attachment, client: Client
) -> None:
    client.force_login(world.secretary)
    content = on_disk(attachment).read_bytes()
    on_disk(attachment).write_bytes(b"another")
    assert client.get(url(attachment)).status_code == 503
    assert find_mended_files() == 0
    on_disk(attachment).write_bytes(content)
    assert find_mended_files() == 1
    assert not open_file_faults().exists()
    reply = client.get(url(attachment))
    assert b"".join(reply.streaming_content) == content  # type: ignore[attr-defined]
    assert FileFault.objects.get().mended_at
