"""The storage of a bucket in which a name is written once; apart, because boto3 takes its memory."""

from __future__ import annotations

from typing import Any

from dgready.s3 import LimitedS3Storage
from dgready.write_once import WriteOnce


class WriteOnceBucket(WriteOnce, LimitedS3Storage):
    """A prefix of a bucket; a bucket with object lock refuses also what goes round the application."""

    def get_available_name(self, name: str, max_length: int | None = None) -> Any:
        """The name itself, and no other. Raises WriteOnceRefused when it is taken."""
        return WriteOnce.get_available_name(self, name, max_length)
