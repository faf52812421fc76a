"""The headers of tus 1.0.0, the protocol of uploads that go on where they were cut off. PURE."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,termination,expiration"
PART_TYPE: Final = "application/offset+octet-stream"
_NUMBER: Final = re.compile(r"[0-9]{1,18}\Z")
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}\Z")
_MOST_KEYS: Final = 20


class ProtocolFault(Exception):
    """A request that is not as the protocol says: the status it is answered with, and why (for programmers)."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def require_version(headers: Mapping[str, str]) -> None:
    """Raises ProtocolFault unless the client speaks this version."""
    if headers.get("Tus-Resumable") != VERSION:
        raise ProtocolFault(412, f"Tus-Resumable must be {VERSION}")


def read_number(headers: Mapping[str, str], name: str) -> int:
    """A header that is a number of bytes. Raises ProtocolFault."""
    text = headers.get(name, "")
    if not _NUMBER.match(text):
        raise ProtocolFault(400, f"{name} must be a number")
    return int(text)


def require_part_type(content_type: str | None) -> None:
    """Raises ProtocolFault unless the body is a part of a file."""
    if (content_type or "").partition(";")[0].strip().lower() != PART_TYPE:
        raise ProtocolFault(415, f"Content-Type must be {PART_TYPE}")


def read_metadata(text: str, limit: int) -> dict[str, str]:
    """Upload-Metadata: keys with values in Base64, by commas; `limit`: characters in all. Raises ProtocolFault."""
    if len(text) > limit:
        raise ProtocolFault(413, f"Upload-Metadata is longer than {limit}")
    read: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, coded = pair.partition(" ")
        if not _KEY.match(key) or key in read or len(read) >= _MOST_KEYS:
            raise ProtocolFault(400, "Upload-Metadata has a key that is none, or has it twice, or too many")
        try:
            value = base64.b64decode(coded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise ProtocolFault(400, f"the value of {key} is not UTF-8 in Base64") from None
        read[key] = value.replace("\x00", "")  # no text of the database holds one
    return read
