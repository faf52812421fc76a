"""The store of files is made where it is missing: folders, or a bucket (moto as the object store)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

from dgready import health

KEYS = {"access_key": "sample", "secret_key": "sample", "region_name": "us-east-1"}


@pytest.fixture
def object_store() -> Iterator[str]:
    """An S3-compatible store on a free loopback port; yields its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(settings: Any, object_store: str) -> str:
    """Both stores of the settings as prefixes of one bucket that does not exist yet."""
    spec = {"endpoint_url": object_store, "bucket_name": "dgready", "addressing_style": "path", **KEYS}
    stores = dict(settings.STORAGES)
    for name in ("default", "evidence"):
        options = {**spec, "location": name, "file_overwrite": False}
        stores[name] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = stores
    return object_store


def test_folders_are_made(settings: Any) -> None:
    call_command("ensure_store")
    assert Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).is_dir()
    health.check_store()


def test_bucket_is_made_once(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="404"):
        health.check_store()
    call_command("ensure_store")
    call_command("ensure_store")
    assert capsys.readouterr().out.count("made bucket") == 1
    health.check_store()
    kept = storages["evidence"].save("a.txt", ContentFile(b"proof"))
    names = {"aws_access_key_id": "sample", "aws_secret_access_key": "sample", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=bucket, **names)
    assert client.get_object(Bucket="dgready", Key=f"evidence/{kept}")["Body"].read() == b"proof"


def test_refusal_of_the_store_is_said(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ClientError

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "403", "Message": "no"}}, "HeadBucket")

    client = storages["default"].connection.meta.client
    monkeypatch.setattr(client, "head_bucket", refuse)
    with pytest.raises(CommandError, match="403"):
        call_command("ensure_store")
