"""Sample evidence: small real PDFs in Thai, every page of which says that it is only a sample."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf
from django.utils.html import escape

from reports.documents.render import write_pdf

BATCH_SIZE: Final = 60  # documents laid out together; each costs a page or two
SECOND_PAGE: Final = 2


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """The text of a sample document: `quote` is the passage to mark, on page `quote_page`."""

    title: str
    quote: str
    number: int = 1

    @property
    def quote_page(self) -> int:
        """The page with the quote: documents with an even number have a cover page."""
        return SECOND_PAGE if self.number % 2 == 0 else 1

    @property
    def name(self) -> str:
        """A file name."""
        return f"ตัวอย่าง {self.number:03d} {self.title[:60]}.pdf"


def sample_documents(count: int) -> list[SampleDocument]:
    """That many documents, each with its own text."""
    titles = ("แผนดำเนินงานด้านดิจิทัล", "คำสั่งแต่งตั้งคณะทำงาน", "รายงานการประชุม", "ประกาศแนวปฏิบัติ", "รายงานผลการอบรม")
    return [
        SampleDocument(
            title=titles[n % len(titles)],
            quote=f"จังหวัดดำเนินการตามแผนครั้งที่ {n + 1} แล้วเสร็จและรายงานผลต่อที่ประชุม",
            number=n + 1,
        )
        for n in range(count)
    ]


def render_documents(documents: Sequence[SampleDocument]) -> Iterator[bytes]:
    """The PDFs of the documents, in order. The same document always gives the same bytes."""
    for start in range(0, len(documents), BATCH_SIZE):
        batch = documents[start : start + BATCH_SIZE]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "documents.pdf"
            _render_batch(batch, path)
            with pikepdf.open(path) as batch_pdf:
                yield from _split_batch(batch_pdf, batch)


def write_documents(folder: Path, documents: Iterable[SampleDocument]) -> list[Path]:
    """Writes the PDFs into a folder under their names."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = list(documents)
    paths = []
    for document, content in zip(documents, render_documents(documents), strict=True):
        path = folder / re.sub(r'[\\/:*?"<>|]', "_", document.name)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _split_batch(batch_pdf: pikepdf.Pdf, batch: Sequence[SampleDocument]) -> Iterator[bytes]:
    first_page = 0
    for document in batch:
        pages = batch_pdf.pages[first_page : first_page + document.quote_page]
        first_page += document.quote_page
        with pikepdf.new() as single:
            single.pages.extend(pages)
            for page in single.pages:
                if "/StructParents" in page.obj:
                    del page.obj["/StructParents"]  # the structure stays with the batch_pdf
            single.docinfo["/Title"] = f"ตัวอย่าง: {document.title}"
            buffer = io.BytesIO()
            single.remove_unreferenced_resources()
            single.save(buffer, deterministic_id=True, compress_streams=True)
        yield buffer.getvalue()


def _render_batch(batch: Sequence[SampleDocument], path: Path) -> None:
    body = "".join(_document_html(document) for document in batch)
    head = f"<head><meta charset=utf-8><title>ตัวอย่าง</title><style>{_STYLE}</style></head>"
    write_pdf(f'<!doctype html><html lang="th">{head}<body>{body}</body></html>', path)


def _document_html(document: SampleDocument) -> str:
    title, quote = escape(document.title), escape(document.quote)
    cover = (
        f"<section><p class=mark>ตัวอย่าง ไม่ใช่เอกสารจริง</p><h1>{title}</h1>"
        f"<p>เอกสารเลขที่ {document.number:03d} มีทั้งหมด 2 หน้า</p></section>"
        if document.quote_page == SECOND_PAGE
        else ""
    )
    return (
        f"{cover}<section><p class=mark>ตัวอย่าง ไม่ใช่เอกสารจริง</p><h1>{title}</h1>"
        f"<p>เอกสารเลขที่ {document.number:03d} จัดทำขึ้นเพื่อสาธิตการแนบหลักฐานเท่านั้น</p>"
        f"<p class=quote>{quote}</p><p>ไม่มีผลผูกพันหน่วยงานใด</p></section>"
    )


_STYLE: Final = """
@font-face { font-family: Sarabun; font-weight: 400; src: url(dgready:///font/Regular); }
@font-face { font-family: Sarabun; font-weight: 700; src: url(dgready:///font/Bold); }
@page { size: A4; margin: 25mm 22mm; }
body { font-family: Sarabun; font-size: 14pt; line-height: 1.7; margin: 0; }
section { break-after: page; }
section:last-child { break-after: auto; }
h1 { font-size: 20pt; }
.mark { color: #b3261e; border: 2pt solid #b3261e; padding: 2mm 4mm; font-weight: 700; text-align: center; }
.quote { margin: 8mm 0; padding-left: 5mm; border-left: 2pt solid #0b6866; }
"""
