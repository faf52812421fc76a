"""The index of evidence as PDF: laid out in batches, put together and stamped as a binder is."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _

from reports.documents.paper import paper_html
from reports.documents.render import write_pdf
from reports.handover.binder import Progress, bind_parts, part_of_binder
from reports.handover.index import IndexRow, index_rows
from reports.handover.package import Package
from reports.handover.sheets import package_imprint

ROWS: Final = 80  # laid out at once


def write_index_pdf(package: Package, path: Path, progress: Progress) -> None:
    """Writes the index to `path`. Raises ReportError, and what `progress` raises."""
    rows = index_rows(package)
    with TemporaryDirectory(dir=path.parent, prefix="index-") as name, translation.override(package.language):
        folder = Path(name)
        parts: list[dict[str, Any]] = []
        for number, at in enumerate(range(0, max(len(rows), 1), ROWS)):
            progress(5 + 85 * at // max(len(rows), 1), 100)
            parts.append(_part(package, rows[at : at + ROWS], number, folder))
        title = f"{_('ดัชนีหลักฐาน')} {package.province} {package.year}"
        bind_parts(parts, path, folder, title=title, language=package.language)


def _part(package: Package, rows: list[IndexRow], number: int, folder: Path) -> dict[str, Any]:
    made = folder / f"index-{number}.pdf"
    context = {"package": package, "rows": rows, "cover": number == 0}
    write_pdf(paper_html("reports/handover/index.html", package_imprint(package, _("ดัชนีหลักฐาน")), context), made)
    with pikepdf.open(made) as pdf:
        return part_of_binder(made, 0, len(pdf.pages), f"{package.province_code} · {package.year}", own=True)
