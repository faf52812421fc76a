"""The forms in which evidence is handed over, each with what writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from accounts.models import Province
from reports.handover.binder import Progress, write_binder
from reports.handover.bundle import write_bundle
from reports.handover.index import index_csv, index_json, index_rows, index_workbook
from reports.handover.index_pdf import write_index_pdf
from reports.handover.package import Package

Writer = Callable[[Package, Path, Progress, Province | None], None]


def _write_sheet(package: Package, path: Path, _progress: Progress, _province: Province | None) -> None:
    path.write_bytes(index_workbook(package, index_rows(package)))


def _write_csv(package: Package, path: Path, _progress: Progress, _province: Province | None) -> None:
    path.write_bytes(index_csv(package, index_rows(package)))


def _write_json(package: Package, path: Path, _progress: Progress, _province: Province | None) -> None:
    path.write_bytes(index_json(package, index_rows(package)))


def _write_pdf(package: Package, path: Path, progress: Progress, _province: Province | None) -> None:
    write_index_pdf(package, path, progress)


WRITERS: Final[dict[str, Writer]] = {
    "binder.pdf": write_binder,
    "bundle.zip": write_bundle,
    "index.pdf": _write_pdf,
    "index.xlsx": _write_sheet,
    "index.csv": _write_csv,
    "index.json": _write_json,
}
"""By what they are and the ending of their names."""


def write_package(form: str, package: Package, path: Path, progress: Progress, province: Province | None = None) -> str:
    """Writes a package in one of the forms and returns its file name for download. Raises ReportError."""
    WRITERS[form](package, path, progress, province)
    return f"dgready-{package.name}-evidence-{form}"
