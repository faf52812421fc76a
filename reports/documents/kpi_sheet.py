"""The KPI sheet for OPDC."""

from __future__ import annotations

from reports.content.imprint import Imprint
from reports.content.kpi_sheet import KpiSheet
from reports.documents.paper import paper_html

TEMPLATE = "reports/documents/kpi.html"


def kpi_sheet_html(sheet: KpiSheet, imprint: Imprint) -> str:
    """The document as HTML."""
    return paper_html(TEMPLATE, imprint, {"sheet": sheet})
