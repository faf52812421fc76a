"""An attachment with its marks, as pages show it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from evidence.files.notes import FileNote
from evidence.files.sizes import format_size
from evidence.models import FileKind

_ICONS = {
    "pdf": "file-earmark-pdf",
    "docx": "file-earmark-word",
    "odt": "file-earmark-word",
    "xlsx": "file-earmark-excel",
    "ods": "file-earmark-excel",
    "pptx": "file-earmark-slides",
    "odp": "file-earmark-slides",
    "jpeg": "file-earmark-image",
    "png": "file-earmark-image",
}


class MarkView(NamedTuple):
    """A mark as shown."""

    id: int
    pages: str
    quote: str
    by: str
    at: datetime


class AttachmentView(NamedTuple):
    """An attachment as shown: file (then `sha256`, `kind`, `size`) or web address (then `url`)."""

    id: str
    address: str
    name: str
    kind: str
    size: int
    pages: int | None
    sha256: str
    url: str
    document_date: date | None
    added_by: str
    added_at: datetime
    marks: tuple[MarkView, ...]
    notes: tuple[FileNote, ...] = ()
    infected: bool = False

    @property
    def marked(self) -> bool:
        """Whether it counts: a passage is marked and no virus was found, or it is a web address."""
        return (bool(self.marks) or bool(self.url)) and not self.infected

    @property
    def is_image(self) -> bool:
        """Whether it is a picture, whose only page is 1."""
        return bool(self.kind) and FileKind(self.kind).is_image

    @property
    def size_text(self) -> str:
        """The size as people say it."""
        return format_size(self.size)

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return _ICONS.get(self.kind, "link-45deg")

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(FileKind(self.kind).label) if self.kind else "URL"
