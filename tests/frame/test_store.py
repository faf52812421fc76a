"""The store of files is made where it is missing: folders, or a bucket of a real object store."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from dgready import health
from tests.real_services import ObjectStore, s3_resource


def test_folders_are_made(settings: Any) -> None:
    call_command("ensure_store")
    assert Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).is_dir()
    health.check_store()


@pytest.mark.slow
def test_bucket_is_made_once(object_store: ObjectStore, s3_settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="404"):
        health.check_store()
    call_command("ensure_store")
    call_command("ensure_store")
    assert capsys.readouterr().out.count("made bucket") == 1
    health.check_store()
    kept = storages["evidence"].save("a.txt", ContentFile(b"proof"))
    made = s3_resource(object_store).Bucket(s3_settings)
    assert made.Object(f"evidence/{kept}").get()["Body"].read() == b"proof"
    made.objects.all().delete()
    made.delete()


@pytest.mark.slow
def test_refusal_of_the_store_is_said(s3_settings: str, settings: Any) -> None:
    given = settings.STORAGES["default"]
    wrong = {**given, "OPTIONS": {**given["OPTIONS"], "secret_key": "another"}}
    settings.STORAGES = {**settings.STORAGES, "default": wrong, "evidence": wrong}
    with pytest.raises(CommandError, match="403"):
        call_command("ensure_store")
