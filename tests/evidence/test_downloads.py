"""Downloads from a folder and from a real bucket: parts of a file, the checks before, and who hands it out."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.core.files.storage import storages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dgready import stored_files
from dgready.s3 import STORE
from evidence.models import Attachment
from tests.evidence.conftest import World, pdf

Browse = Callable[[User], Client]
CONTENT = pdf("ดาวน์โหลด", 40)
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
BUCKET = pytest.param("bucket", marks=pytest.mark.slow)
FOLDER_OR_BUCKET = pytest.mark.parametrize("place", ["folder", BUCKET], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
        STORE.reset()
    return str(request.param)


@pytest.fixture
def attachment(world: World) -> Attachment:
    return world.attach("E1=done", CONTENT, name="แผน.pdf")


@pytest.fixture
def get(world: World, browse: Browse) -> Callable[..., HttpResponse]:
    client = browse(world.reader)

    def asked(attachment: Attachment, method: str = "GET", **headers: str) -> HttpResponse:
        url = reverse("evidence:download", args=[world.response.pk, attachment.public_id])
        return client.generic(method, url, headers=headers)

    return asked


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@FOLDER_OR_BUCKET
def test_a_download_goes_on_where_it_was_cut_off(place: str, attachment: Attachment, get: Any) -> None:
    whole = get(attachment)
    etag = whole["ETag"]
    assert (whole.status_code, body(whole), whole["Accept-Ranges"]) == (200, CONTENT, "bytes")
    for headers in ({"Range": "bytes=100-"}, {"Range": "bytes=100-", "If-Range": etag}):
        part = get(attachment, **headers)
        assert (part.status_code, body(part)) == (206, CONTENT[100:])
        assert part["Content-Range"] == f"bytes 100-{len(CONTENT) - 1}/{len(CONTENT)}"
        assert part["Content-Length"] == str(len(CONTENT) - 100)
        assert {name: part[name] for name in SAFE} == SAFE
        assert part["Content-Disposition"].startswith("attachment;")
    other = get(attachment, Range="bytes=100-", **{"If-Range": '"other"'})
    assert (other.status_code, body(other)) == (200, CONTENT)
    behind = get(attachment, Range=f"bytes={len(CONTENT)}-")
    assert (behind.status_code, behind["Content-Range"], body(behind)) == (416, f"bytes */{len(CONTENT)}", b"")
    head = get(attachment, "HEAD")
    assert (head.status_code, head["Content-Length"], body(head)) == (200, str(len(CONTENT)), b"")


@FOLDER_OR_BUCKET
def test_bytes_are_hashed_once_and_again_when_they_change(
    place: str, attachment: Attachment, get: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest = stored_files.stream_sha256
    monkeypatch.setattr(stored_files, "stream_sha256", lambda file: read.append("read") or digest(file))
    for start in (0, 10, 20):
        assert body(get(attachment, Range=f"bytes={start}-{start + 4}")) == CONTENT[start : start + 5]
    assert read == ["read"]
    assert attachment.file is not None
    alter(attachment.file.stored)
    answer = get(attachment, Range="bytes=0-4")
    assert (answer.status_code, read) == (503, ["read", "read"])


def alter(name: str) -> None:
    """Other bytes of the same length under the same name."""
    storage: Any = storages["evidence"]
    if hasattr(storage, "bucket"):
        storage.bucket.put_object(Key=f"evidence/{name}", Body=CONTENT[:-1] + b"X")
    else:
        path = Path(storage.path(name))
        path.chmod(0o640)
        path.write_bytes(CONTENT[:-1] + b"X")


@FOLDER_OR_BUCKET
def test_the_proxy_is_told_where_a_checked_file_lies(
    place: str, attachment: Attachment, get: Any, settings: Any
) -> None:
    settings.DOWNLOADS = "proxy"
    folder = Path(current.STORAGES["evidence"].get("OPTIONS", {}).get("location", ""))
    if place == "folder":
        settings.VAR_DIR = folder.parent
    answer = get(attachment)
    assert (answer.status_code, answer.content) == (200, b"")
    assert {name: answer[name] for name in SAFE} == SAFE
    assert "แผน" not in answer["X-Accel-Redirect"]
    assert attachment.file is not None
    begin = (
        "/_stored/" + folder.name
        if place == "folder"
        else f"/_store/{current.STORAGES['evidence']['OPTIONS']['bucket_name']}/evidence"
    )
    assert answer["X-Accel-Redirect"].startswith(f"{begin}/{attachment.file.stored}")
    assert get(attachment, "HEAD")["Content-Length"] == str(len(CONTENT))
    alter(attachment.file.stored)
    assert get(attachment).status_code == 503


def test_a_folder_elsewhere_is_streamed(attachment: Attachment, get: Any, settings: Any, tmp_path: Path) -> None:
    settings.DOWNLOADS, settings.VAR_DIR = "proxy", tmp_path / "elsewhere"
    assert body(get(attachment)) == CONTENT
    settings.DOWNLOADS = "address"
    assert body(get(attachment)) == CONTENT


@pytest.mark.slow
def test_a_bucket_hands_out_itself_for_a_moment(bucket: Any, attachment: Attachment, get: Any, settings: Any) -> None:
    settings.DOWNLOADS = "address"
    settings.S3_PUBLIC_ENDPOINT = str(current.STORAGES["evidence"]["OPTIONS"]["endpoint_url"]).replace(
        "127.0.0.1", "localhost"
    )
    answer = get(attachment, **{"Sec-Fetch-Mode": "navigate"})
    assert (answer.status_code, answer["Location"].startswith("http://localhost:")) == (302, True)
    asked = urllib.request.Request(answer["Location"], headers={"Range": "bytes=100-"})
    with urllib.request.urlopen(asked) as page:
        assert (page.status, page.read()) == (206, CONTENT[100:])
        assert page.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B9%81")
        assert page.headers["Content-Type"] == "application/pdf"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(answer["Location"].replace("X-Amz-Expires=60", "X-Amz-Expires=6000"))
    script = get(attachment, **{"Sec-Fetch-Mode": "cors"})
    assert body(script) == CONTENT  # a page's script asks this site only
