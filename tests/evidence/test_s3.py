"""The same in an S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from evidence import store
from evidence.models import File
from tests.evidence.conftest import World, pdf, upload

BUCKET = "dgready"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A store on a free loopback port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Any) -> Iterator[Any]:
    """An empty bucket that the evidence store uses, set up as dgready.settings does it."""
    keys = {"aws_access_key_id": "sample", "aws_secret_access_key": "sample", "region_name": "us-east-1"}
    client = boto3.resource("s3", endpoint_url=endpoint, **keys)
    made = client.create_bucket(Bucket=BUCKET)
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": endpoint,
        "access_key": "sample",
        "secret_key": "sample",
        "region_name": "us-east-1",
        "addressing_style": "path",
        "signature_version": "s3v4",
        "location": "evidence",
        "default_acl": None,
        "file_overwrite": False,
        "max_memory_size": 5 << 20,
    }
    spec = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": spec}
    yield made
    made.objects.all().delete()
    made.delete()


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


def test_a_store_that_is_away_leaves_no_row(bucket: Any, world: World, settings: Any) -> None:
    spec = settings.STORAGES["evidence"]
    options = {**spec["OPTIONS"], "bucket_name": "missing"}
    settings.STORAGES = {**settings.STORAGES, "evidence": {**spec, "OPTIONS": options}}
    with pytest.raises(Exception, match=r"NoSuchBucket|does not exist|404"):
        world.attach()
    assert not File.objects.exists()
