"""An attachment with its marks, as pages show it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from evidence.attaching.proving import REJECTING, UNPROVEN, is_checking, is_claimed, lacking_state
from evidence.files.notes import FileNote
from evidence.files.sizes import format_size
from evidence.models import FileKind, MarkState, Verdict

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


def icon_of(kind: str) -> str:
    """The name of the picture of a kind of file, or of a web address, among the Bootstrap icons."""
    return _ICONS.get(kind, "link-45deg")


class MarkView(NamedTuple):
    """A mark as shown."""

    id: int
    pages: str
    quote: str
    by: str
    at: datetime
    areas: str = ""
    note: str = ""
    state: str = MarkState.UNCHECKED

    @property
    def is_unproven(self) -> bool:
        """Whether it proves nothing as it is: its passage was not found, or its page is a picture."""
        return self.state in UNPROVEN

    @property
    def state_text(self) -> str:
        """What became of its passage, in words; empty while nobody looked."""
        return str(MarkState(self.state).label) if self.state else ""


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
    to_confirm: bool = False
    verdict: str = Verdict.NONE
    verdict_reason: str = ""
    copy: str = ""
    """The hash of what a web address showed, where somebody kept it."""
    verdict_at: datetime | None = None
    verdict_by: str = ""

    @property
    def claimed(self) -> bool:
        """Whether it counts unless a reviewer rejects it."""
        states = [mark.state for mark in self.marks]
        return is_claimed(states, url=self.url, infected=self.infected, to_confirm=self.to_confirm)

    @property
    def marked(self) -> bool:
        """Whether it counts: proven, and not rejected by a reviewer."""
        return self.claimed and self.verdict not in REJECTING

    @property
    def lacking(self) -> str:
        """What one of its marks lacks (evidence.attaching.proving.UNPROVEN); "" where none lacks anything."""
        return lacking_state(mark.state for mark in self.marks)

    @property
    def checking(self) -> bool:
        """Whether one of its marks is still to be looked for in the file."""
        return is_checking(mark.state for mark in self.marks)

    @property
    def is_rejected(self) -> bool:
        """Whether a reviewer rejects it."""
        return self.verdict in REJECTING

    @property
    def verdict_text(self) -> str:
        """The verdict in words."""
        return str(Verdict(self.verdict).label)

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
        return icon_of(self.kind)

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(FileKind(self.kind).label) if self.kind else "URL"
