"""The object store: every call has the time limits of the settings, and pages do not all wait for it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as StoreConnectionError
from django.conf import settings
from django.core.files.storage import storages
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from dgready.breaker import Breaker, ServiceAwayError
from dgready.limits import s3_options
from dgready.page_threads import STORE_THREADS, ThreadsTakenError
from dgready.store_away import StoreAwayError

PARTS_AT_ONCE: Final = 2  # of one file, 8 MB each in memory; boto3 would take ten
PIECES_WAITING: Final = 16  # of a file that comes in, 256 kB each, until the disk has taken them; boto3 would keep 100
UNREACHABLE: Final = (HTTPClientError, StoreConnectionError, RetriesExceededError)


def _look() -> None:
    storage = storages["evidence"]
    if isinstance(storage, S3Storage):
        try:
            storage.connection.meta.client.head_bucket(Bucket=storage.bucket_name)
        except ClientError as answer:
            if _is_fault(answer):
                raise


def _is_fault(answer: ClientError) -> bool:
    return int(answer.response["ResponseMetadata"]["HTTPStatusCode"]) >= 500


STORE: Final = Breaker("the object store", _look)


@contextmanager
def store_call() -> Iterator[None]:
    """The block asks the store. Raises StoreAwayError for whatever says that it does not answer."""
    try:
        with STORE_THREADS.waiting(), STORE.calling(*UNREACHABLE):
            yield
    except (*UNREACHABLE, ServiceAwayError, ThreadsTakenError) as fault:
        raise StoreAwayError(repr(fault)) from fault
    except ClientError as answer:
        if _is_fault(answer):
            raise StoreAwayError(repr(answer)) from answer
        raise


class LimitedS3File(S3File):
    """A file of the store."""

    def _get_file(self) -> Any:
        if self._file is None:  # the one moment at which it is fetched
            with store_call():
                return super()._get_file()
        return super()._get_file()

    file = property(_get_file, S3File._set_file)

    @property
    def version_tag(self) -> tuple[str, ...]:
        """What the store told of the object when it was opened: changed with its content."""
        return (self._storage.bucket_name, self.obj.key, self.obj.e_tag, str(self.obj.last_modified), str(self.size))

    def open_part(self, start: int, length: int) -> Any:
        """So many bytes from `start` on, of the object as it was opened; nothing else is fetched."""
        wanted = {"Range": f"bytes={start}-{start + length - 1}", "IfMatch": self.obj.e_tag}
        try:
            with store_call():
                return self.obj.get(**wanted)["Body"]
        except ClientError as answer:
            raise StoreAwayError(f"{self.name} was changed meanwhile: {answer}") from answer


class LimitedS3Storage(S3Storage):
    """The backend named in settings; without it a store that hangs would hold a page for ten minutes."""

    client_config: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._given = options
        self._beside: dict[str, LimitedS3Storage] = {}
        self.client_config = self.client_config.merge(Config(**s3_options(settings.S3_TIMES)))
        self.transfer_config.num_download_attempts = settings.S3_TIMES.attempts
        self.transfer_config.max_concurrency = PARTS_AT_ONCE
        self.transfer_config.max_io_queue = PIECES_WAITING

    def beside(self, location: str) -> LimitedS3Storage:
        """The same bucket under another prefix, where a name is written again."""
        if location not in self._beside:
            self._beside[location] = type(self)(**{**self._given, "location": location, "file_overwrite": True})
        return self._beside[location]

    def _open(self, name: str, mode: str = "rb") -> LimitedS3File:
        path = self._normalize_name(clean_name(name))
        try:
            with store_call():
                return LimitedS3File(path, mode, self)
        except ClientError as answer:
            if answer.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(f"File does not exist: {name}") from answer
            raise

    def _save(self, name: str, content: Any) -> str:
        with store_call():
            return str(super()._save(name, content))

    def signed_address(self, name: str, parameters: dict[str, str], seconds: int, *, public: bool = False) -> str:
        """An address of the file for whoever holds it, good for so long. `public`: as browsers reach the store."""
        endpoint = settings.S3_PUBLIC_ENDPOINT if public else ""
        signer = type(self)(**{**self._given, "endpoint_url": endpoint}) if endpoint else self
        return str(signer.url(name, parameters=parameters, expire=seconds))

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with store_call():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """Bytes of a file. Raises FileNotFoundError."""
        with store_call():
            return int(super().size(name))

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is no fault."""
        with store_call():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Names of folders and files."""
        with store_call():
            return super().listdir(path)

    def get_modified_time(self, name: str) -> Any:
        """When a file was written."""
        with store_call():
            return super().get_modified_time(name)

    def require_answering(self) -> None:
        """Raises StoreAwayError when it is known that the store does not answer; asks nobody."""
        if STORE.is_away or STORE_THREADS.is_hanging:
            raise StoreAwayError("the store does not answer")
