"""What the readers say of a file: what it is, or why it is not accepted. PURE."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Active(StrEnum):
    """Content that does something by itself when the file is opened."""

    MACRO = "macro"
    SCRIPT = "script"
    LAUNCH = "launch"
    PROGRAM = "program"
    MEDIA = "media"
    OLE = "ole"
    CONTROL = "control"
    TEMPLATE = "template"
    LINK = "link"
    DDE = "dde"


class NotAccepted(Exception):
    """The file is not accepted: `code` says why, `found` what was found instead, `values` go into the words."""

    def __init__(self, code: str, found: str = "", **values: int) -> None:
        super().__init__(code)
        self.code, self.found, self.values = code, found, values


@dataclass(slots=True)
class Inspected:
    """A file of an accepted kind.

    `pages`: pages, slides or sheets, where they can be counted; `restricted`: opens for everybody, but its owner
    forbids copying or changing; `length`: of what a reader sees, in bytes, where something harmless lies behind it.
    """

    kind: str
    media_type: str
    pages: int | None = None
    active: set[Active] = field(default_factory=set)
    restricted: bool = False
    length: int | None = None
