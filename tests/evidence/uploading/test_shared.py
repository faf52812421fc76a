"""Parts of one upload taken by several machines, which share the bucket and no disk."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as current
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dgready.store_away import StoreAwayError
from evidence import store
from evidence.models import Attachment, ResumableUpload, UploadState
from evidence.uploading import finishing, shared_parts
from evidence.uploading.part_store import part_store
from tests.evidence.conftest import World, pdf
from tests.evidence.uploading.tus import Tus, for_place, row

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def machine(tmp_path: Path, settings: Any, bucket: Any) -> Callable[[str], None]:
    """Goes to a machine, which has a disk of its own."""

    def go(name: str) -> None:
        settings.UPLOAD_DIR = tmp_path / name
        settings.UPLOAD_DIR.mkdir(exist_ok=True)

    go("first")
    return go


def names(bucket: Any) -> list[str]:
    return sorted(one.key for one in bucket.objects.filter(Prefix="parts/"))


def test_each_part_on_another_machine(
    world: World, browse: Callable[[User], Client], bucket: Any, machine: Callable[[str], None], tmp_path: Path
) -> None:
    tus, content = Tus(browse(world.secretary)), pdf("ข", 4)
    url = tus.begun(len(content), for_place(world))
    assert part_store() is shared_parts
    for number, offset in enumerate(range(0, len(content), 300)):
        machine("second" if number % 2 else "first")
        piece = content[offset : offset + 300]
        if number == 1:  # a machine that died before it told: written, not acknowledged, and shorter than what is
            body = io.BytesIO(piece[:100])
            shared_parts.append_part(row(url).public_id, offset, 100, body, current.UPLOAD_LIMITS)
            assert tus.ask("HEAD", url)["Upload-Offset"] == str(offset)
        answer = tus.part(url, offset, piece)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(offset + len(piece)))
    attachment = Attachment.objects.get()
    with store.open_stored_content(attachment.file.stored) as file:  # type: ignore[union-attr]
        assert file.read() == content
    assert names(bucket) == []
    assert [path for path in tmp_path.glob("*/*") if path.is_file()] == []


def test_what_no_machine_wants_is_swept(
    world: World, browse: Callable[[User], Client], bucket: Any, machine: Callable[[str], None]
) -> None:
    tus = Tus(browse(world.secretary))
    old, open_one = (tus.begun(100, for_place(world)) for _ in range(2))
    orphan = uuid4()
    for url in (old, open_one):
        tus.part(url, 0, b"x" * 50)
    shared_parts.append_part(orphan, 0, 9, io.BytesIO(b"123456789"), current.UPLOAD_LIMITS)
    ResumableUpload.objects.filter(pk=row(old).pk).update(expires_at=timezone.now() - timedelta(1))
    kept = f"parts/{row(open_one).public_id.hex}/{0:015d}-50"
    assert finishing.sweep_uploads(timezone.now(), 10) == 1
    assert len(names(bucket)) == 2  # an orphan may be one whose row is being written
    assert finishing.sweep_uploads(timezone.now() + finishing.KEPT + timedelta(hours=1), 10) == 1
    assert names(bucket) == [kept]


def test_a_worker_that_cannot_read_the_parts_keeps_them(
    world: World, browse: Callable[[User], Client], bucket: Any, machine: Callable[[str], None], monkeypatch: Any
) -> None:
    tus, content = Tus(browse(world.secretary)), pdf("ค")
    url = tus.begun(len(content), for_place(world))
    tus.part(url, 0, content[:50])

    def away(*args: Any) -> None:
        raise StoreAwayError("away")

    with monkeypatch.context() as patched:
        patched.setattr(shared_parts, "_names", away)
        assert tus.part(url, 50, content[50:]).status_code == 204
    upload = row(url)
    assert (upload.state, upload.attempts) == (UploadState.COMPLETE, 0)
    machine("worker")
    finishing.finish_upload(upload.pk)
    assert row(url).state == UploadState.DONE
    assert names(bucket) == []
