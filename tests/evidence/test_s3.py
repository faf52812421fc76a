"""The same in an S3-compatible store, a real one."""

from __future__ import annotations

import hashlib
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from dgready.limits import CallTimes
from dgready.s3 import STORE
from evidence import store
from evidence.models import File
from tests.evidence.conftest import World, pdf, upload
from tests.installation import until
from tests.real_services import run_weed, s3_resource

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _answering_store() -> Iterator[None]:
    """What one test found away no other test takes for away."""
    STORE.reset()
    yield
    STORE.reset()


def keys(bucket: Any) -> list[str]:
    return [o.key for o in bucket.objects.all()]


def test_a_content_is_put_once_under_its_hash(bucket: Any) -> None:
    content = b"content" * 1_000_000  # more than one part
    for _time in range(2):
        with store.spool_upload(upload(content)) as spooled:
            name = store.store_content(spooled)
    assert keys(bucket) == [f"evidence/{name}"]
    with store.open_stored_content(name) as file:
        assert file.read() == content


def test_an_object_that_was_cut_short_is_put_again(bucket: Any) -> None:
    with store.spool_upload(upload(b"content")) as spooled:
        first = store.store_content(spooled)
    bucket.put_object(Key=f"evidence/{first}", Body=b"con")
    with store.spool_upload(upload(b"content")) as spooled:
        second = store.store_content(spooled)
    with store.open_stored_content(second) as file:
        assert file.read() == b"content"


def test_the_object_is_there_before_the_row(bucket: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    create = File.objects.get_or_create

    def watched(**given: Any) -> Any:
        seen.append(len(keys(bucket)))
        return create(**given)

    monkeypatch.setattr(File.objects, "get_or_create", watched)
    content = pdf("s3", 2)
    attachment = world.attach("E1=done", content)
    assert seen == [1]
    assert attachment.file is not None
    with store.open_stored_content(attachment.file.stored) as file:
        assert file.read() == content


def spec(settings: Any, **options: Any) -> None:
    """Changes how the evidence store is reached."""
    given = settings.STORAGES["evidence"]
    changed = {**given, "OPTIONS": {**given["OPTIONS"], **options}}
    settings.STORAGES = {**settings.STORAGES, "evidence": changed}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bucket_name": "missing"}, r"NoSuchBucket|does not exist|404"),
        ({"secret_key": "another"}, "403|SignatureDoesNotMatch"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "Could not connect"),
    ],
    ids=["no bucket", "refused", "away"],
)
def test_a_store_that_does_not_take_it_leaves_no_row(
    bucket: Any, world: World, settings: Any, options: dict[str, str], message: str
) -> None:
    spec(settings, **options)
    with pytest.raises(Exception, match=message):
        world.attach()
    assert not File.objects.exists()
    assert not keys(bucket)


def test_a_frozen_store_is_given_up_and_works_again_afterwards(s3_settings: str, world: World, settings: Any) -> None:
    with run_weed() as own, frozen_process(own.pid) as thaw:
        settings.S3_TIMES = CallTimes(connect=1, answer=1, attempts=2)
        spec(settings, endpoint_url=own.endpoint, bucket_name="dgready")
        began = time.monotonic()
        with pytest.raises(Exception, match=r"Read timeout|Connect timeout|timed out"):
            world.attach()
        # twice a second to connect and one to be answered; the rest is room for a machine that does other work
        assert time.monotonic() - began < 30
        assert not File.objects.exists()
        thaw()
        s3_resource(own).create_bucket(Bucket="dgready")
        until(lambda: not STORE.is_away, "the store is found well", 30)
        assert world.attach().file is not None


@contextmanager
def frozen_process(pid: int) -> Iterator[Callable[[], None]]:
    """A process that is stopped but not ended; yields what lets it go on."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield lambda: os.kill(pid, signal.SIGCONT)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_content_is_put_in_parts_and_comes_back_whole(bucket: Any) -> None:
    content = os.urandom(18 << 20)  # boto3 sends parts of 8 MiB
    with store.spool_upload(upload(content)) as spooled:
        name = store.store_content(spooled)
    assert bucket.Object(f"evidence/{name}").e_tag.strip('"').endswith("-3")
    with store.open_stored_content(name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == Path(name).name


def test_addresses_made_for_a_while_are_signed(bucket: Any) -> None:
    kept = storages["evidence"].save("a.txt", ContentFile(b"proof"))
    address = storages["evidence"].url(kept)
    with urllib.request.urlopen(address) as page:
        assert page.read() == b"proof"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address.partition("?")[0])
