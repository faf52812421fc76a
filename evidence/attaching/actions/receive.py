"""What is kept of a file that was sent in: its kind, cut at its end, a phone's photo as JPEG."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings

from evidence import store
from evidence.files.photos import photo_as_jpeg
from evidence.files.sniff import PhotoToConvert, SniffedContent, sniff_content
from evidence.models import FileKind

JPEG: Final = SniffedContent(FileKind.JPEG, "image/jpeg", 1)


@dataclass(frozen=True, slots=True)
class Received:
    """The content to keep, what it is, and what its event says besides."""

    content: store.SpooledUpload
    sniffed: SniffedContent
    told: dict[str, Any] = field(default_factory=dict)


def receive_content(content: store.SpooledUpload, name: str) -> Received:
    """Inspects an upload of this name and makes of it what is kept. Raises EvidenceRefused."""
    try:
        sniffed = sniff_content(content.path, content.sha256)
    except PhotoToConvert:
        made = store.replace_content(content, photo_as_jpeg(content.path))
        if made.size > settings.EVIDENCE_MAX_BYTES:
            raise store.too_large_refusal(settings.EVIDENCE_MAX_BYTES) from None
        sent = {"kind": "heic", "name": name[-150:], "sha256": content.sha256, "size": content.size}
        return Received(made, JPEG, {"converted": sent})
    if sniffed.length is not None:
        content = store.keep_beginning(content, sniffed.length)
    return Received(content, sniffed)
