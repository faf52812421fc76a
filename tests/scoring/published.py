"""Tables of published figures for tests, read by the guard's reader in this process."""

from __future__ import annotations

from hashlib import sha256

from dgready.guard.readers.delimited import split_rows
from dgready.typed.result import Understood
from scoring.results.published_table import PublishedTable


def rows_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of delimited text; none where it has none."""
    result = split_rows(text)
    return result.value.rows if isinstance(result, Understood) else ()


def published(text: str) -> PublishedTable:
    """The table of a text."""
    return PublishedTable(rows_of(text), sha256(text.encode()).hexdigest())
