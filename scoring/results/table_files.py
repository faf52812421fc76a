"""Tables that somebody sends in, CSV or Excel, read by the guard."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings

from dgready.language import localize_text
from dgready.limits import Readable, read_limited
from dgready.localized_text import LocalizedText
from dgready.sheets.uploaded import read_uploaded_texts
from scoring.results.actions.cells import COMMON_COLUMNS, TableRejected, read_header
from scoring.results.actions.province_table import HEADINGS, is_province_table
from scoring.results.published_table import PublishedTable


def read_table_file(file: Readable) -> PublishedTable:
    """The table; of a workbook the sheet that has the headings, else the first.

    Raises TableRejected for what cannot be read or takes too much to read, and TooLargeError.
    """
    content = read_limited(file, settings.WORKBOOK_LIMITS.size)
    table = _read_table(content, COMMON_COLUMNS)
    if is_province_table(table) or "kind" in read_header(table):
        return table
    # No sheet has the long table's headings, and the first one is none either: a cover, before the short one's sheet.
    return _read_table(content, [HEADINGS["code"][0], HEADINGS["source"][0]])


def _read_table(content: bytes, headings: Sequence[str]) -> PublishedTable:
    rows = read_uploaded_texts(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, headings)
    if isinstance(rows, LocalizedText):
        raise TableRejected([localize_text(rows)])
    return PublishedTable(rows, sha256(content).hexdigest())
