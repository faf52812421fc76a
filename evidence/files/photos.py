"""Photos of phones (HEIC), made into JPEG by the guard: what is kept must be seen by everybody who judges it."""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import asdict
from pathlib import Path
from typing import Final

from django.conf import settings

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from evidence.files.refusal import content_refusal

log = logging.getLogger(__name__)
READER: Final = "dgready.guard.readers.photos:as_jpeg"


def photo_as_jpeg(path: Path) -> bytes:
    """The photo as an upright JPEG that tells no place. Raises EvidenceRefused."""
    try:
        answer = read_guarded(READER, path, settings.READER_LIMITS, image=asdict(settings.IMAGE_LIMITS))
        if "refused" in answer:
            raise content_refusal(answer["refused"], answer["found"], answer["values"])
        return base64.b64decode(answer["jpeg"], validate=True)
    except (ChildFault, binascii.Error) as fault:
        log.info("a photo was not made into JPEG: %s", fault)
        raise content_refusal("too_much") from None
