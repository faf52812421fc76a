"""Services that only some tests ask for, each started once in a run and shared by all its processes.

`object_store`  SeaweedFS: its address and keys; `bucket` is an empty bucket of it that the product's stores use
`scanner`       clamd that knows EICAR's virus: host and port

A run that was given DGREADY_TEST_S3_ENDPOINT or DGREADY_TEST_CLAMD uses that one instead of starting its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "scripts") not in sys.path:
    sys.path.append(str(ROOT / "scripts"))

import on_demand  # noqa: E402
from on_demand import ObjectStore, Scanner, run_clamd, run_weed  # noqa: E402
from processes import ServiceError, free_port  # noqa: E402

__all__ = ["ObjectStore", "Scanner", "free_port", "on_demand", "run_clamd", "run_weed"]

T = TypeVar("T", ObjectStore, Scanner)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield


@contextmanager
def shared(kind: type[T], start: Callable[[], AbstractContextManager[T]], folder: Path) -> Iterator[T]:
    """A service that the first process of a run starts and stops when no other uses it any more."""
    said, users, starting = (folder / f"{kind.__name__}.{end}" for end in ("json", "users", "starting"))
    with _locked(starting, fcntl.LOCK_EX):
        mine = None if said.exists() else start()
        if mine:
            said.write_text(json.dumps(asdict(mine.__enter__())), encoding="utf-8")
        found = kind(**json.loads(said.read_text(encoding="utf-8")))
        using = _locked(users, fcntl.LOCK_SH)
        using.__enter__()
    try:
        yield found
    finally:
        if mine:
            with _locked(starting, fcntl.LOCK_EX):
                said.unlink()
        using.__exit__(None, None, None)
        if mine:
            with _locked(users, fcntl.LOCK_EX):  # the others have ended
                mine.__exit__(None, None, None)


@contextmanager
def _started(kind: type[T], start: Callable[[], AbstractContextManager[T]], temporary: Any) -> Iterator[T]:
    folder = temporary.getbasetemp()
    try:
        with shared(kind, start, folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder) as found:
            yield found
    except ServiceError as fault:
        pytest.skip(str(fault))


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """A real object store, for the run."""
    if endpoint := os.environ.get("DGREADY_TEST_S3_ENDPOINT"):
        yield ObjectStore(endpoint)
        return
    with _started(ObjectStore, run_weed, tmp_path_factory) as store:
        yield store


@pytest.fixture(scope="session")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    """A real virus scanner, for the run."""
    if address := os.environ.get("DGREADY_TEST_CLAMD"):
        host, _, port = address.partition(":")
        yield Scanner(host, int(port))
        return
    with _started(Scanner, run_clamd, tmp_path_factory) as found:
        yield found


def s3_resource(store: ObjectStore) -> Any:
    """A client of the store that is not the product's."""
    return boto3.resource(
        "s3",
        endpoint_url=store.endpoint,
        aws_access_key_id=store.access_key,
        aws_secret_access_key=store.secret_key,
        region_name="us-east-1",
    )


@pytest.fixture
def s3_settings(object_store: ObjectStore, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The product's stores in a bucket that does not exist yet, set up by the settings that ship; its name."""
    from dgready.settings import file_storage

    name = f"dgready-{uuid.uuid4().hex[:12]}"
    for variable, value in {**object_store.variables, "S3_BUCKET": name}.items():
        monkeypatch.setenv(variable, value)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": file_storage("files"),
        "evidence": file_storage("evidence"),
        "anchors": file_storage("anchors", once=True),
    }
    return name


@pytest.fixture
def bucket(object_store: ObjectStore, s3_settings: str) -> Iterator[Any]:
    """An empty bucket that the product's stores use."""
    made = s3_resource(object_store).create_bucket(Bucket=s3_settings)
    yield made
    made.objects.all().delete()
    made.delete()
