"""Photos of phones, made into JPEG by the guard: what is kept must be seen by everybody who judges it."""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from evidence.files.refusal import content_refusal

log = logging.getLogger(__name__)
READER: Final = "dgready.guard.readers.photos:as_jpeg"
PAGE_READER: Final = "dgready.guard.readers.photos:as_page"
PAGE_SIDE: Final = 2400  # pixels: an A4 page with 200 dots to the inch


class PhotoPage(NamedTuple):
    """A photo as a page: an upright JPEG with its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def photo_as_jpeg(path: Path) -> bytes:
    """The photo as an upright JPEG that tells no place. Raises EvidenceRefused."""
    return _read(READER, path)[0]


def photo_page(path: Path) -> PhotoPage:
    """The photo, JPEG, PNG or HEIC, as a page. Raises EvidenceRefused."""
    jpeg, made = _read(PAGE_READER, path, side=PAGE_SIDE)
    return PhotoPage(jpeg, made["width"], made["height"])


def _read(reader: str, path: Path, **arguments: Any) -> tuple[bytes, dict[str, Any]]:
    """The JPEG that a reader makes, and what it says besides. Raises EvidenceRefused."""
    arguments["image"] = asdict(settings.IMAGE_LIMITS)
    try:
        answer = read_guarded(reader, path, settings.READER_LIMITS, **arguments)
        if "refused" in answer:
            raise content_refusal(answer["refused"], answer["found"], answer["values"])
        return base64.b64decode(answer["jpeg"], validate=True), answer
    except (ChildFault, binascii.Error) as fault:
        log.info("a photo was not made into JPEG: %s", fault)
        raise content_refusal("too_much") from None
