"""A table that somebody sends in, CSV or Excel, as CSV text whose lines are the rows of the file."""

from __future__ import annotations

from django.conf import settings

from dgready.children import read_in_child
from dgready.language import localize_text
from dgready.limits import Readable, read_limited
from dgready.typed.csv_text import decode
from dgready.typed.result import Refusal
from scoring.results.actions.cells import COMMON_COLUMNS, TableRejected


def table_text(file: Readable) -> str:
    """The table as CSV text. Of a workbook the sheet that has the headings, else the first.

    Raises TableRejected for characters that cannot be read, TooLargeError, and ChildFault for a broken workbook.
    """
    content = read_limited(file, settings.WORKBOOK_LIMITS.size)
    if content.startswith(b"PK"):
        arguments = {"rows": settings.WORKBOOK_LIMITS.rows, "headings": COMMON_COLUMNS}
        reader = "scoring.results.workbook_text:csv_text"
        return str(read_in_child(reader, content, settings.READER_LIMITS, **arguments))
    decoded = decode(content)
    if isinstance(decoded, Refusal):
        raise TableRejected([localize_text(decoded.reason)])
    return decoded[0]
