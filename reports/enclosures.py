"""What is attached to the result of an approved answer: the frozen content as it is, and its long sheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Province
from dgready.sheets.formulas import csv_text
from reports.content.as_on_paper import content_on_paper
from reports.content.report import ResponseReport
from reports.documents.archive import Enclosure
from reports.errors import ReportError
from reports.workbooks.item_sheet import item_texts, item_titles
from survey.models import FrozenResponse


def gather_enclosures(province: Province, report: ResponseReport) -> tuple[Enclosure, ...]:
    """The files of an approved answer of the province. One query. Raises ReportError."""
    approval = report.approval
    rows = FrozenResponse.objects.filter(response__round__province=province, response__round__year=report.year)
    version = rows.filter(response__agency=None, number=approval.number if approval else 0).first()
    if approval is None or version is None:
        raise ReportError("frozen")
    on_paper = replace(report, content=content_on_paper(report.content))  # as in the workbook for DGA
    with translation.override(report.language):
        return (
            Enclosure(
                f"{report.name}-content.json",
                f"{_('เนื้อหาที่อนุมัติ')} SHA-256 {approval.sha256}",
                version.content.encode(),
                version.approved_at,
            ),
            Enclosure(f"{report.name}-items.csv", _("รายการทั้งหมดเป็นตาราง"), items_csv(on_paper), version.approved_at),
        )


def items_csv(report: ResponseReport) -> bytes:
    """The long sheet as CSV in UTF-8 with the mark that spreadsheets need; what looks like a formula stays text."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(item_titles())
    table.writerows([csv_text(text) for text in row] for row in item_texts(report))
    return out.getvalue().encode("utf-8-sig")
