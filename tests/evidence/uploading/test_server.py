"""The tus server: a file comes in parts, goes on where it was cut off, and is attached once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as current
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dgready.limits import UploadLimits
from dgready.store_away import StoreAwayError
from evidence import store, tasks
from evidence.models import Attachment, Document, File, LibraryEvent, ResumableUpload, UploadState
from evidence.uploading import actions, finishing, parts
from survey.models import Event
from tests.evidence.conftest import World, pdf
from tests.evidence.uploading.tus import Tus, coded, for_place, row

Browse = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Any, settings: Any) -> None:
    settings.UPLOAD_DIR = tmp_path


@pytest.fixture
def tus(world: World, browse: Browse) -> Tus:
    return Tus(browse(world.secretary))


def limited(settings: Any, **values: int) -> None:
    given: UploadLimits = current.UPLOAD_LIMITS
    fields = {name: getattr(given, name) for name in given.__dataclass_fields__}
    settings.UPLOAD_LIMITS = UploadLimits(**{**fields, **values})


def send(tus: Tus, url: str, content: bytes, step: int = 300) -> None:
    for offset in range(0, len(content), step):
        piece = content[offset : offset + step]
        answer = tus.part(url, offset, piece)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(offset + len(piece)))


def test_what_the_server_says_of_itself(tus: Tus, settings: Any) -> None:
    answer = tus.client.options(reverse("evidence:uploads"))
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Max-Size"] == str(settings.EVIDENCE_MAX_BYTES)
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "creation-with-upload", "termination", "expiration"}


def test_a_file_comes_in_parts_and_is_attached_once(tus: Tus, world: World) -> None:
    content = pdf("ก", 3)
    url = tus.begun(len(content), for_place(world))
    send(tus, url, content)
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.added_by, attachment.address) == ("แผน.pdf", world.secretary, "E1=done")
    with store.open_stored_content(attachment.file.stored) as file:  # type: ignore[union-attr]
        assert file.read() == content
    assert tus.state(url) == {
        "state": "done", "offset": len(content), "length": len(content), "reason": "",
        "result": str(attachment.public_id),
    }  # fmt: skip
    assert tus.part(url, 0, content).status_code == 409  # told again
    assert tus.part(url, len(content), b"").status_code == 204
    finishing.finish_upload(row(url).pk)
    assert Event.objects.filter(verb="evidence.attach").count() == 1
    assert os.listdir(parts.folder()) == []


def test_a_file_may_come_with_its_creation(tus: Tus, world: World) -> None:
    content = pdf()
    answer = tus.begin(len(content), for_place(world), content)
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(content)))
    assert Attachment.objects.count() == 1
    half = pdf("ข")
    answer = tus.begin(len(half), for_place(world), half[:100])
    assert answer["Upload-Offset"] == "100"
    send(tus, answer["Location"], b"")
    assert tus.part(answer["Location"], 100, half[100:]).status_code == 204
    assert Attachment.objects.count() == 2


def test_a_large_file_is_attached_by_a_task(
    tus: Tus, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(settings, at_once=10)
    asked: list[int] = []
    monkeypatch.setattr(finishing, "publish", lambda task, pk: asked.append(pk))
    content = pdf()
    url = tus.begun(len(content), for_place(world))
    send(tus, url, content)
    assert tus.state(url)["state"] == "complete"
    assert tus.ask("HEAD", url)["Upload-Offset"] == str(len(content))
    assert tus.ask("DELETE", url).status_code == 409
    assert not Attachment.objects.exists()
    assert asked == [row(url).pk]
    tasks.finish_upload(asked[0])
    tasks.finish_upload(asked[0])
    assert tus.state(url)["state"] == "done"
    assert Attachment.objects.count() == Event.objects.filter(verb="evidence.attach").count() == 1


def test_the_offset_is_what_is_safe_on_disk(tus: Tus, world: World) -> None:
    content = pdf("ก", 2)
    url = tus.begun(len(content), for_place(world))
    assert tus.part(url, 0, content[:200]).status_code == 204
    path = parts.part_path(row(url).public_id)
    with path.open("ab") as file:
        file.write(b"written, and killed before it was told")
    assert tus.ask("HEAD", url)["Upload-Offset"] == "200"
    for offset in (0, 199, 201, 10**17):
        answer = tus.part(url, offset, b"x")
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "200")
    os.truncate(path, 150)  # a disk that lost what it had promised
    head = tus.ask("HEAD", url)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("150", str(len(content)))
    assert head["Cache-Control"] == "no-store"
    assert tus.part(url, 150, content[150:]).status_code == 204
    assert Attachment.objects.get().file.size == len(content)  # type: ignore[union-attr]


class Cut:
    """A body whose client goes away in the middle."""

    def __init__(self, content: bytes) -> None:
        self.left = [content]

    def read(self, size: int, /) -> bytes:
        if not self.left:
            raise OSError("gone")
        return self.left.pop()


def test_what_came_before_the_line_broke_is_kept(world: World, tus: Tus) -> None:
    upload = row(tus.begun(1000, for_place(world)))
    taken = actions.take_part(by=world.secretary, upload=upload, offset=0, body=Cut(b"x" * 400), size=1000)
    assert (
        taken.offset
        == 400
        == int(tus.ask("HEAD", reverse("evidence:upload", args=[upload.public_id]))["Upload-Offset"])
    )


def test_a_part_is_written_no_longer_than_its_slice(tus: Tus, world: World, settings: Any) -> None:
    limited(settings, slice_bytes=100)
    url = tus.begun(1000, for_place(world))
    assert tus.part(url, 0, b"x" * 300)["Upload-Offset"] == "100"
    limited(settings, slice_seconds=0)
    assert tus.part(url, 100, b"x" * 300)["Upload-Offset"] == "100"


def test_two_requests_at_one_upload(tus: Tus, world: World) -> None:
    url = tus.begun(1000, for_place(world))
    with parts.locked_part(row(url).public_id):
        assert tus.part(url, 0, b"x").status_code == 423
        assert tus.ask("DELETE", url).status_code == 423
    assert tus.part(url, 0, b"x").status_code == 204


def test_a_file_that_is_refused_says_why(tus: Tus, world: World) -> None:
    content = b"MZ\x90\x00" + bytes(300)
    url = tus.begun(len(content), for_place(world))
    send(tus, url, content)
    state = tus.state(url)
    assert state["state"] == "refused"
    assert "โปรแกรมของ Windows" in state["reason"]
    assert os.listdir(parts.folder()) == []
    empty = tus.begun(0, for_place(world))
    assert "ว่างเปล่า" in tus.state(empty)["reason"]
    assert not File.objects.exists()


def test_what_is_refused_at_the_beginning(tus: Tus, world: World, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 2000
    answer = tus.begin(2001, for_place(world))
    assert answer.status_code == 413
    assert answer.json()["refused"] == "ไฟล์ใหญ่เกิน 2 KB ต่อไฟล์"
    settings.EVIDENCE_QUOTA_BYTES = 1000
    assert (answer := tus.begin(1500, for_place(world))).status_code == 413
    assert "พื้นที่เก็บหลักฐานไม่พอ" in answer.json()["refused"]
    for metadata in (
        for_place(world, "E1=nope"),
        {**for_place(world), "response": "1e3"},
        {"target": "moon"},
        {},
        for_place(world, item="\x00E9"),
    ):
        assert tus.begin(10, metadata).status_code == 404
    assert not ResumableUpload.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1" * 400}, 400),
        ({"Upload-Length": "๑๐"}, 400),
        ({"Upload-Metadata": "filename !!!"}, 400),
        ({"Upload-Metadata": "a YQ==,a YQ=="}, 400),
        ({"Upload-Metadata": "a" * 5000}, 413),
        ({"Upload-Metadata": ",".join(f"k{n} YQ==" for n in range(30))}, 400),
        ({"Upload-Metadata": "filename /w=="}, 400),
    ],
)
def test_hostile_headers(tus: Tus, world: World, headers: dict[str, str], status: int) -> None:
    assert tus.begin(10, for_place(world), **headers).status_code == status
    assert not ResumableUpload.objects.exists()


def test_hostile_parts_and_names(tus: Tus, world: World) -> None:
    content = pdf()
    metadata = for_place(world, filename="../../etc/\x00pass\u202ewd" + "ก" * 400 + ".exe.pdf")
    url = tus.begun(len(content), metadata)
    assert tus.part(url, 0, content, "text/plain").status_code == 415
    assert tus.part(url, 0, content + b"more").status_code == 413
    assert tus.part(url, 0, b"x", **{"Upload-Offset": "0x0"}).status_code == 400
    assert tus.client.generic("PATCH", url, b"x", headers={"Upload-Offset": "0"}).status_code == 412
    assert [name for _f, _d, names in os.walk(current.UPLOAD_DIR) for name in names] == [row(url).public_id.hex]
    send(tus, url, content)
    name = Attachment.objects.get().name
    assert len(name) <= 150
    assert not set("/\\\x00\u202e") & set(name)


def test_nobody_else_sees_an_upload(tus: Tus, world: World, browse: Browse) -> None:
    url = tus.begun(1000, for_place(world))
    for person in (world.coordinator, world.outsider, world.reader):
        other = Tus(browse(person))
        answers = [other.client.get(url), other.ask("HEAD", url), other.part(url, 0, b"x"), other.ask("DELETE", url)]
        assert [a.status_code for a in answers] == [404] * 4
        assert other.begin(10, for_place(world)).status_code == 404
    signed_out = Tus(Client()).client.get(url, headers={"X-Requested-With": "fetch"})
    assert signed_out.status_code == 401
    assert tus.client.get(reverse("evidence:upload", args=[uuid4()])).status_code == 404


def test_the_token_is_asked_for(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.secretary)
    assert Tus(client).begin(10, for_place(world)).status_code == 403
    client.cookies["csrftoken"] = token = "a" * 32
    assert Tus(client).begin(10, for_place(world), **{"X-CSRFToken": token}).status_code == 201


def test_rights_are_asked_for_again_at_the_end(tus: Tus, world: World, settings: Any) -> None:
    limited(settings, at_once=10)
    content = pdf()
    url = tus.begun(len(content), for_place(world))
    world.secretary.memberships.update(active=False)
    actions.take_part(by=world.secretary, upload=row(url), offset=0, body=Cut(content), size=len(content))
    finishing.finish_upload(row(url).pk)
    assert row(url).state == UploadState.REFUSED
    assert "แนบไฟล์ที่นี่ไม่ได้แล้ว" in row(url).reason
    assert not Attachment.objects.exists()


def test_a_round_that_closes_meanwhile(tus: Tus, world: World) -> None:
    content = pdf()
    url = tus.begun(len(content), for_place(world))
    world.response.round.closes_at = timezone.now() - timedelta(days=1)
    world.response.round.save()
    send(tus, url, content)
    assert tus.state(url)["state"] == "refused"
    answer = tus.begin(10, for_place(world))
    assert (answer.status_code, bool(answer.json()["refused"])) == (409, True)


def test_while_the_store_is_away_the_file_waits_here(tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, away = store.store_content, [True]

    def store_content(content: store.SpooledUpload) -> str:
        if away:
            raise StoreAwayError("frozen")
        return taken(content)

    monkeypatch.setattr(store, "store_content", store_content)
    content = pdf()
    url = tus.begun(len(content), for_place(world))
    send(tus, url, content)
    for _night in range(finishing.MOST_ATTEMPTS + 2):
        finishing.finish_upload(row(url).pk)
    assert tus.state(url)["state"] == "complete"
    assert "คลังไฟล์ยังไม่ตอบ" in tus.state(url)["reason"]
    away.clear()
    asked: list[int] = []
    monkeypatch.setattr(tasks, "publish", lambda task, pk: asked.append(pk))
    tasks.sweep_uploads()
    assert asked == []  # not yet due
    ResumableUpload.objects.update(due_at=timezone.now())
    tasks.sweep_uploads()
    tasks.finish_upload(*asked)
    assert tus.state(url)["state"] == "done"


def test_a_worker_that_dies_on_a_file_is_not_fed_it_for_ever(
    tus: Tus, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*args: Any, **given: Any) -> None:
        raise Killed

    content = pdf()
    url = tus.begun(len(content), for_place(world))
    tus.part(url, 0, content[:-1])
    last = partial(tus.part, url, len(content) - 1, content[-1:])
    with monkeypatch.context() as patch:
        patch.setattr("evidence.uploading.place_target.attach_evidence", die)
        for _time in range(finishing.MOST_ATTEMPTS):
            again = row(url).state == UploadState.COMPLETE
            act = partial(finishing.finish_upload, row(url).pk) if again else last
            with pytest.raises(Killed):
                act()
        finishing.finish_upload(row(url).pk)
    assert tus.state(url)["state"] == "refused"


def test_killed_between_attaching_and_telling(tus: Tus, world: World) -> None:
    """Both are one transaction; one that was settled by somebody else is undone."""
    content = pdf()
    url = tus.begun(len(content), for_place(world))
    tus.part(url, 0, content[:-1])
    upload = row(url)
    actions.take_part(by=world.secretary, upload=upload, offset=len(content) - 1, body=Cut(content[-1:]), size=1)
    loaded = ResumableUpload.objects.select_related("user").get(pk=upload.pk)
    ResumableUpload.objects.update(state=UploadState.DONE, result="elsewhere")
    finishing._take_in(loaded, parts.PartContent(parts.part_path(loaded.public_id), loaded.name))
    assert not Attachment.objects.exists()


def test_many_open_uploads(tus: Tus, world: World, browse: Browse, settings: Any) -> None:
    limited(settings, per_person=2, person_bytes=5000)
    urls = [tus.begun(1000, for_place(world)) for _n in range(2)]
    answer = tus.begin(1000, for_place(world))
    assert (answer.status_code, "มากเกินไป" in answer.json()["refused"]) == (429, True)
    assert tus.ask("DELETE", urls[0]).status_code == 204
    assert tus.ask("HEAD", urls[0]).status_code == 404
    assert tus.begin(4500, for_place(world)).status_code == 429
    assert tus.begin(3000, for_place(world)).status_code == 201
    limited(settings, per_person=10, in_all=2)
    assert tus.begin(10, for_place(world)).status_code == 503
    limited(settings, per_person=10, in_all=10, all_bytes=4005)
    assert tus.begin(10, for_place(world)).status_code == 503


def test_what_expires_is_swept(tus: Tus, world: World) -> None:
    url, other = tus.begun(1000, for_place(world)), tus.begun(1000, for_place(world))
    tus.part(url, 0, b"x" * 10)
    gone = row(url)
    ResumableUpload.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.ask("HEAD", url).status_code == tus.part(url, 10, b"x").status_code == 404
    orphan = uuid4()
    parts.make_part(orphan)
    os.utime(parts.part_path(orphan), (1, 1))
    tasks.sweep_uploads()
    assert [one.public_id for one in ResumableUpload.objects.all()] == [row(other).public_id]
    assert os.listdir(parts.folder()) == [row(other).public_id.hex]
    assert "Upload-Expires" in tus.ask("HEAD", other)


def test_metadata_is_read_as_the_protocol_says() -> None:
    assert coded(a="ก", b="") == "a 4LiB,b "
    assert actions.TARGETS.keys() == {"place", "library"}


def test_a_file_for_the_library_becomes_a_document_once(tus: Tus, world: World, browse: Browse) -> None:
    content = pdf("คลัง", 2)
    given = {"target": "library", "province": world.province.code, "office": "own", "filename": "แผน.pdf"}
    url = tus.begun(len(content), given)
    page = browse(world.secretary).get(reverse("evidence:library", args=[world.province.code]))
    assert [one.name for one in page.context["unfinished"]] == ["แผน.pdf"]
    send(tus, url, content)
    document = Document.objects.get()
    assert (document.name, document.agency, document.added_by) == ("แผน.pdf", None, world.secretary)
    assert tus.state(url)["result"] == str(document.public_id)
    assert LibraryEvent.objects.filter(verb="add").count() == 1
    for office in (world.agency.code, "all", ""):
        assert tus.begin(9, {**given, "office": office}).status_code == 404  # not this person's to add to
    outsider = Tus(browse(world.outsider))
    assert outsider.begin(9, given).status_code == 404
