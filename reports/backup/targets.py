"""Where backups lie: a folder, or a bucket of an object store. A name appears once its content is complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from dgready.disk import sync_path
from dgready.limits import s3_options
from reports.backup.manifest import BackupError

DELETED_AT_ONCE = 1000  # S3's limit


class Target(Protocol):
    """A place for backups. Names use "/"."""

    def put(self, name: str, path: Path, *, keep: bool = False) -> None:
        """Stores a local file; `keep`: it stays as it is and may share its space with the copy."""

    def fetch(self, name: str, path: Path) -> None:
        """Writes what is stored into a local file. Raises BackupError when there is none."""

    def sizes(self, prefix: str) -> dict[str, int]:
        """Names below a prefix and their sizes."""

    def delete(self, names: list[str]) -> None:
        """Removes what is stored."""

    def room(self) -> int | None:
        """Free bytes; None where that is not known."""


def open_target(address: str) -> Target:
    """The target of an address: a folder, or s3://bucket/prefix. Raises BackupError."""
    if address.startswith("s3://"):
        parts = urlsplit(address)
        return BucketTarget(parts.netloc, parts.path.strip("/"))
    if "://" in address:
        raise BackupError(f"{address}: a target is a folder or s3://bucket/prefix")
    return FolderTarget(Path(address))


class FolderTarget:
    """A folder: of this machine, or mounted from another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, path: Path, *, keep: bool = False) -> None:
        """By a rename, after its bytes are safe; on the same disk a kept file is linked, which costs no space."""
        target = self.folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        if not (keep and _link(path, part)):
            shutil.copyfile(path, part)
            part.chmod(0o600)
            sync_path(part)
        os.replace(part, target)
        sync_path(target.parent)

    def fetch(self, name: str, path: Path) -> None:
        """Copies."""
        try:
            shutil.copyfile(self.folder / name, path)
        except FileNotFoundError as error:
            raise BackupError(f"{self.folder / name} is missing") from error

    def sizes(self, prefix: str) -> dict[str, int]:
        """Without what was not completed."""
        found = {}
        for path in _files(self.folder / prefix):
            if path.suffix != ".part":
                with suppress(FileNotFoundError):
                    found[path.relative_to(self.folder).as_posix()] = path.stat().st_size
        return found

    def delete(self, names: list[str]) -> None:
        """With folders that are empty then."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                (self.folder / name).parent.rmdir()

    def room(self) -> int | None:
        """Of its disk."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free


class BucketTarget:
    """A prefix of a bucket of an S3-compatible store, another one than the installation's as a rule."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        path_style = {"addressing_style": "path"}
        config = Config(**s3_options(settings.S3_TIMES), s3=path_style, signature_version="s3v4")
        self.client = boto3.client("s3", **settings.BACKUP_STORE, config=config)

    def put(self, name: str, path: Path, *, keep: bool = False) -> None:
        """In several parts when it is large."""
        with _said(f"s3://{self.bucket}/{self.prefix}{name}"):
            self.client.upload_file(str(path), self.bucket, self.prefix + name)

    def fetch(self, name: str, path: Path) -> None:
        """In several parts when it is large."""
        with _said(f"s3://{self.bucket}/{self.prefix}{name}"):
            self.client.download_file(self.bucket, self.prefix + name, str(path))

    def sizes(self, prefix: str) -> dict[str, int]:
        """By pages of a thousand."""
        with _said(f"s3://{self.bucket}/{self.prefix}{prefix}"):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + prefix
            )
            return {o["Key"].removeprefix(self.prefix): o["Size"] for page in pages for o in page.get("Contents", ())}

    def delete(self, names: list[str]) -> None:
        """By the thousand."""
        with _said(f"s3://{self.bucket}"):
            for at in range(0, len(names), DELETED_AT_ONCE):
                objects = [{"Key": self.prefix + name} for name in names[at : at + DELETED_AT_ONCE]]
                self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True})

    def room(self) -> int | None:
        """A store does not say."""
        return None


@contextmanager
def _said(place: str) -> Iterator[None]:
    """Turns faults of the client into BackupError that names the place."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as fault:
        raise BackupError(f"{place}: {fault}") from fault


def _link(path: Path, target: Path) -> bool:
    with suppress(OSError):
        os.link(path, target)
        return True
    return False


def _files(folder: Path) -> Iterator[Path]:
    for base, _folders, names in os.walk(folder):
        for name in names:
            yield Path(base, name)
