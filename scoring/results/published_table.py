"""A table of published figures as it was sent in: its rows as texts, and the hash of the file. PURE."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The rows of a file, numbered as a spreadsheet would; `sha256` of its bytes, for the journal."""

    rows: tuple[tuple[str, ...], ...]
    sha256: str
