"""Files in the stores are handed out only when they are what was put in, and are not read for their hash each time."""

import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from dgready import stored_files
from dgready.stored_files import StoredFileFault, open_verified

CONTENT = b"proof" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def name() -> str:
    return storages["evidence"].save("a/proof", ContentFile(CONTENT))


def on_disk(name: str) -> Path:
    return Path(storages["evidence"].path(name))


def test_the_right_file_is_opened_at_its_beginning(name: str) -> None:
    with open_verified("evidence", name, SHA256) as file:
        assert file.read() == CONTENT


def test_a_missing_file_is_told(name: str) -> None:
    on_disk(name).unlink()
    with pytest.raises(StoredFileFault) as caught:
        open_verified("evidence", name, SHA256)
    assert caught.value.is_missing
    assert (caught.value.store, caught.value.name, caught.value.expected) == ("evidence", name, SHA256)


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"X", CONTENT + b"X", b""])
def test_an_altered_file_is_told_also_after_it_was_right(name: str, content: bytes) -> None:
    open_verified("evidence", name, SHA256).close()
    before = on_disk(name).stat()
    on_disk(name).chmod(0o640)
    on_disk(name).write_bytes(content)
    os.utime(on_disk(name), ns=(before.st_atime_ns, before.st_mtime_ns))  # as who covers the traces would
    with pytest.raises(StoredFileFault) as caught:
        open_verified("evidence", name, SHA256)
    assert caught.value.found == hashlib.sha256(content).hexdigest()


def test_a_file_is_not_read_for_its_hash_each_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    digest = stored_files.stream_sha256
    monkeypatch.setattr(stored_files, "stream_sha256", lambda file: read.append("read") or digest(file))
    for _time in range(3):
        open_verified("evidence", name, SHA256).close()
    assert read == ["read"]
    now = stored_files.time.monotonic()
    monkeypatch.setattr(stored_files.time, "monotonic", lambda: now + stored_files.REMEMBERED_SECONDS)
    open_verified("evidence", name, SHA256).close()
    assert read == ["read", "read"]
