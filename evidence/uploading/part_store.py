"""Where the parts of uploads lie: with the evidence, in a folder of this machine or in the bucket of all machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from django.core.files.storage import FileSystemStorage

from dgready.limits import UploadLimits
from evidence.store import evidence_storage
from evidence.uploading import parts, shared_parts
from evidence.uploading.parts import Body, PartContent


class PartStore(Protocol):
    """What both modules can do; they say how."""

    def make_part(self, public_id: UUID) -> None: ...

    def remove_part(self, public_id: UUID) -> None: ...

    def locked_part(self, public_id: UUID) -> AbstractContextManager[Any]: ...

    def append_part(self, part: Any, offset: int, most: int, body: Body, limits: UploadLimits, /) -> int: ...

    def complete_content(
        self, public_id: UUID, name: str, length: int
    ) -> AbstractContextManager[PartContent | None]: ...

    def safe_size(self, public_id: UUID, told: int) -> int: ...

    def has_room(self, length: int) -> bool: ...

    def kept_uploads(self) -> Iterator[UUID]: ...

    def changed_before(self, public_id: UUID, moment: float) -> bool: ...


def part_store() -> PartStore:
    """The one of this installation."""
    return parts if isinstance(evidence_storage(), FileSystemStorage) else shared_parts
