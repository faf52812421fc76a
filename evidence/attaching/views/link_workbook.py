"""The report of web addresses without a copy as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from evidence.attaching.links import LinkWithoutCopy
from evidence.attaching.views.link_files import headings, row_texts
from reports.workbooks.cells import prepare_sheet, text_cell

WIDTHS = (10, 60, 40, 30, 60, 28)


def links_workbook(rows: Sequence[LinkWithoutCopy]) -> bytes:
    """The workbook of one sheet."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("ที่อยู่เว็บ"))
    prepare_sheet(sheet, WIDTHS, headings())
    for row in rows:
        sheet.append([text_cell(sheet, text) for text in row_texts(row)])
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()
