"""The index of evidence: a row for each mark, as xlsx, csv, json and PDF. The same evidence gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from dgready.sheets.formulas import csv_text
from dgready.thai import format_date
from evidence.files.sizes import format_size
from evidence.models import MarkState, Verdict
from reports.content.structure import EvidenceMark
from reports.handover.package import Document, Package, Proof
from reports.workbooks.cells import append_row, prepare_sheet, text_cell

ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks have no time zone
_CHANGED: Final = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A mark of a document at a place; a document without marks has one row. Texts, as they are printed."""

    document: str
    code: str
    question: str
    place: str
    address: str
    name: str
    url: str
    size: str
    dated: str
    pages: str
    quote: str
    note: str
    mark_state: str
    counts: str
    verdict: str
    verdict_reason: str
    also: str
    path: str
    sha256: str


def column_titles() -> dict[str, str]:
    """The columns in their order, with their titles in the language of the reader."""
    return {
        "document": _("เอกสารที่"),
        "code": _("ข้อ"),
        "question": _("คำถาม"),
        "place": _("ตำแหน่ง"),
        "address": _("รหัสตำแหน่ง"),
        "name": _("ชื่อเอกสาร"),
        "url": _("ที่อยู่เว็บ"),
        "size": _("ขนาด"),
        "dated": _("วันที่ของเอกสาร"),
        "pages": _("หน้า"),
        "quote": _("ข้อความ"),
        "note": _("หมายเหตุ"),
        "mark_state": _("สถานะของเครื่องหมาย"),
        "counts": _("ใช้ยืนยันคำตอบได้"),
        "verdict": _("ผลตรวจ"),
        "verdict_reason": _("เหตุผลของผู้ตรวจ"),
        "also": _("ข้ออื่นที่ใช้เอกสารนี้"),
        "path": _("ที่อยู่ในชุดไฟล์"),
        "sha256": _("ค่าตรวจสอบ (SHA-256)"),
    }


_WIDTHS: Final = (9, 8, 50, 40, 18, 34, 34, 10, 18, 8, 60, 30, 24, 14, 18, 30, 20, 50, 66)


def index_rows(package: Package, paths: Mapping[int, str] | None = None) -> list[IndexRow]:
    """The rows in the order of the form. `paths`: where a document lies in the bundle, by its number."""
    with translation.override(package.language):
        return [row for document, proof in package.proofs for row in _rows(package, document, proof, paths or {})]


def _rows(package: Package, document: Document, proof: Proof, paths: Mapping[int, str]) -> Iterator[IndexRow]:
    item, place = proof.item, proof.place
    also = dict.fromkeys(other.place.name for other in document.proofs if other.place.question != place.question)
    for mark in item.marks or (EvidenceMark("", ""),):
        yield IndexRow(
            document=str(document.number),
            code=place.code,
            question=place.text,
            place=" › ".join(place.parts),
            address=place.address,
            name=item.name,
            url=item.url,
            size=format_size(item.size) if item.size else "",
            dated=format_date(item.document_date, package.language) if item.document_date else "",
            pages=mark.pages,
            quote=mark.quote,
            note=mark.note,
            mark_state=str(MarkState(mark.state).label) if mark.pages else "",
            counts=_("ได้") if item.counts else _("ยังไม่ได้"),
            verdict=str(Verdict(item.verdict).label),
            verdict_reason=item.verdict_reason,
            also=", ".join(also),
            path=paths.get(document.number, ""),
            sha256=document.content,
        )


def index_json(package: Package, rows: list[IndexRow]) -> bytes:
    """The index as JSON, with what it is of; columns have their English names."""
    approval = package.approval
    told: dict[str, Any] = {
        "province": package.province_code,
        "year": package.year,
        "agency": package.agency_code,
        "part": asdict(package.scope),
        "instrument": package.instrument,
        "approved_version": approval.number if approval else None,
        "approved_sha256": approval.sha256 if approval else None,
        "places": package.open_places,
        "proven_places": package.proven_places,
        "rows": [asdict(row) for row in rows],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def index_csv(package: Package, rows: list[IndexRow]) -> bytes:
    """The index as CSV with a mark that makes Excel read it as UTF-8; nothing in it is taken for a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    with translation.override(package.language):
        table.writerow(column_titles().values())
    table.writerows([csv_text(value) for value in asdict(row).values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def index_workbook(package: Package, rows: list[IndexRow]) -> bytes:
    """The index as xlsx."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created = "dgready", _MADE
    with translation.override(package.language):
        sheet = book.create_sheet(_("ดัชนีหลักฐาน"))
        prepare_sheet(sheet, _WIDTHS, list(column_titles().values()))
    for row in rows:
        append_row(sheet, [text_cell(sheet, value) for value in asdict(row).values()])
    raw = io.BytesIO()
    book.save(raw)
    return _timeless(raw)


def _timeless(raw: io.BytesIO) -> bytes:
    """The workbook without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(written.namelist()):
            content = written.read(name)
            if name == "docProps/core.xml":
                content = _CHANGED.sub(b"", content)
            out.writestr(zipfile.ZipInfo(name, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
