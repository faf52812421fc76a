"""Content sniffing: the kind of a file by its content alone; anything but the accepted kinds is refused.

The guard opens the file, in a process of its own; here its answer is put into words.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from dgready.lru_cache import LruCache
from evidence.files.refusal import EvidenceRefused, active_refusal, content_refusal
from evidence.models import FileKind

log = logging.getLogger(__name__)
READER: Final = "dgready.guard.readers.inspection:inspect"


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


class PhotoToConvert(EvidenceRefused):
    """A phone's photo, which few programs show: refused, unless the caller keeps it as JPEG."""


_inspected: LruCache[dict[str, Any]] = LruCache(500)  # by content


def sniff_content(path: Path, sha256: str = "") -> SniffedContent:
    """Recognises and inspects the file at `path`. Raises EvidenceRefused, of it PhotoToConvert.

    `sha256`: of its content, if it is known; the same content is then inspected only once by this process.
    """
    try:
        key = (sha256, settings.IMAGE_LIMITS, settings.ZIP_LIMITS) if sha256 else None
        found = _inspected.get(key, lambda: _inspect(path))
    except ChildFault as fault:
        log.info("a file was not opened: %s", fault)
        raise content_refusal("too_much") from None
    if "refused" in found:
        raise content_refusal(found["refused"], found["found"], found["values"])
    if found["kind"] == "heic":
        refusal = content_refusal("kind", "heic")
        raise PhotoToConvert(refusal.reason, refusal.message)
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


def _inspect(path: Path) -> dict[str, Any]:
    limits = {"image": asdict(settings.IMAGE_LIMITS), "package": asdict(settings.ZIP_LIMITS)}
    answer: dict[str, Any] = read_guarded(READER, path, settings.READER_LIMITS, **limits)
    return answer
