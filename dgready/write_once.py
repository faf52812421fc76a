"""Storages in which a name that was written is never written again, and nothing is deleted through the application."""

from __future__ import annotations

from typing import NoReturn

from django.core.files.storage import FileSystemStorage, Storage


class WriteOnceRefused(FileExistsError):
    """What is stored under the name stays."""


class WriteOnce(Storage):
    """What folder and bucket refuse."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself, and no other. Raises WriteOnceRefused when it is taken."""
        if self.exists(name):
            raise WriteOnceRefused(name)
        return name

    def delete(self, name: str | None) -> NoReturn:
        """Refuse; raises WriteOnceRefused."""
        raise WriteOnceRefused(name)


class WriteOnceFolder(WriteOnce, FileSystemStorage):
    """A folder; the system's own exclusive creation decides between two writers. Files are read-only."""
