"""The report of web addresses without a copy as CSV and JSON; as a workbook in `link_workbook`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from accounts.respondents import respondent_words
from dgready.sheets.formulas import csv_text
from evidence.attaching.links import LinkWithoutCopy


def headings() -> list[str]:
    """The names of the columns."""
    return [_("ข้อ"), _("คำถาม"), _("ส่วนของคำตอบ"), _("หน่วยงาน"), _("ที่อยู่เว็บ"), _("ผู้ให้ที่อยู่")]


def row_texts(row: LinkWithoutCopy) -> list[str]:
    """The columns of one address."""
    return [
        row.code,
        row.title,
        " › ".join(row.parts),
        row.agency or _("คำตอบ%(own)s") % respondent_words(row.respondent),
        row.url,
        row.by,
    ]


def link_json(row: LinkWithoutCopy) -> dict[str, Any]:
    """An address as JSON carries it; `agency` is empty for the provincial answer."""
    names = ("response", "agency", "code", "question", "address", "url", "by")
    return {name: getattr(row, name) for name in names}


def links_csv(rows: Sequence[LinkWithoutCopy]) -> str:
    """The CSV, with the mark by which Excel knows UTF-8; text that looks like a formula stays text."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(headings())
    for row in rows:
        writer.writerow([csv_text(text) for text in row_texts(row)])
    return "\ufeff" + out.getvalue()
