"""Content sniffing: the kind of a file by its content alone; anything but the accepted kinds is refused.

The guard opens the file, in a process of its own; here its answer is put into words.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from evidence.files.refusal import active_refusal, content_refusal
from evidence.models import FileKind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SniffedContent:
    """Content of an accepted kind.

    `pages`: pages, slides or sheets where they can be counted. `active`: what does something by itself when the file
    is opened, where the installation keeps such files. `restricted`: its owner forbids copying or changing. `length`:
    bytes to keep, where what lies behind is no part of what a reader sees.
    """

    kind: FileKind
    media_type: str
    pages: int | None = None
    active: tuple[str, ...] = ()
    restricted: bool = False
    length: int | None = None


def sniff_content(path: Path) -> SniffedContent:
    """Recognises and inspects the file at `path`. Raises EvidenceRefused."""
    limits = {"image": asdict(settings.IMAGE_LIMITS), "package": asdict(settings.ZIP_LIMITS)}
    try:
        found: dict[str, Any] = read_guarded(
            "dgready.guard.readers.inspection:inspect", path, settings.READER_LIMITS, **limits
        )
    except ChildFault as fault:
        log.info("a file was not opened: %s", fault)
        raise content_refusal("too_much") from None
    if "refused" in found:
        raise content_refusal(found["refused"], found["found"], found["values"])
    if found["active"] and settings.EVIDENCE_ACTIVE_CONTENT == "refuse":
        raise active_refusal(found["active"])
    return SniffedContent(
        FileKind(found["kind"]),
        found["media_type"],
        found["pages"],
        tuple(found["active"]),
        found["restricted"],
        found["length"],
    )
