"""The store of anchors, in which a name is written once: the text, its signature and its time stamp side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from dgready.limits import read_limited

TEXT, SIGNATURE, TIMESTAMP = ".txt", ".p7s", ".tst"
MAX_BYTES = 64 << 20


def anchor_storage() -> Storage:
    """The storage of anchors."""
    return storages["anchors"]


def anchor_name(at: datetime) -> str:
    """The name of the anchor of a moment, without its ending; names sort by time."""
    local = timezone.localtime(at)
    return f"{local:%Y}/anchor-{local:%Y-%m-%d-%H%M%S}"


def anchor_names() -> list[str]:
    """The names of all stored anchors, without endings, oldest first."""
    return sorted(_find_names())


def _find_names() -> Iterator[str]:
    storage = anchor_storage()
    try:
        folders = storage.listdir("")[0]
    except FileNotFoundError:
        return
    for folder in folders:
        for name in storage.listdir(folder)[1]:
            if name.endswith(TEXT):
                yield f"{folder}/{name.removesuffix(TEXT)}"


def write_part(name: str, ending: str, content: bytes) -> None:
    """Stores a part of an anchor. Raises WriteOnceRefused when there is one."""
    anchor_storage().save(name + ending, ContentFile(content))


def read_part(name: str, ending: str) -> bytes | None:
    """A part of an anchor; None when there is none."""
    try:
        with anchor_storage().open(name + ending, "rb") as file:
            return read_limited(file, MAX_BYTES)
    except FileNotFoundError:
        return None


def newest_anchor() -> tuple[str, str] | None:
    """Name and SHA-256 of the newest stored anchor."""
    names = anchor_names()
    content = read_part(names[-1], TEXT) if names else None
    return None if content is None else (names[-1], hashlib.sha256(content).hexdigest())
