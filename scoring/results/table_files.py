"""Tables that somebody sends in, CSV or Excel, read by the guard."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings

from dgready.language import localize_text
from dgready.limits import Readable, read_limited
from dgready.localized_text import LocalizedText
from dgready.sheets.uploaded import read_uploaded_texts
from scoring.results.actions.cells import COMMON_COLUMNS, TableRejected
from scoring.results.published_table import PublishedTable


def read_table_file(file: Readable) -> PublishedTable:
    """The table; of a workbook the sheet that has the headings, else the first.

    Raises TableRejected for what cannot be read or takes too much to read, and TooLargeError.
    """
    content = read_limited(file, settings.WORKBOOK_LIMITS.size)
    rows = read_uploaded_texts(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, COMMON_COLUMNS)
    if isinstance(rows, LocalizedText):
        raise TableRejected([localize_text(rows)])
    return PublishedTable(rows, sha256(content).hexdigest())
