"""The sheets of a binder that are ours: cover, contents, and one before each document; laid out in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.respondents import kind_of_code
from evidence.models import MarkState, Verdict
from reports.content.imprint import Imprint, make_imprint
from reports.content.structure import EvidenceItem, EvidenceMark
from reports.documents.paper import paper_html
from reports.documents.render import write_pdf
from reports.handover.contents import REASONS
from reports.handover.package import Document, Package, Proof, ProofPlace

T = TypeVar("T")
CONTENT_ROWS: Final = 120  # of the contents, laid out at once
_TRIES: Final = 4  # until the contents are as long as they said


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its pages inside a PDF of several."""

    path: Path
    first: int
    pages: int


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark as a sheet shows it."""

    mark: EvidenceMark

    @property
    def state_label(self) -> str:
        """What became of its passage, in words; "" where nobody looked."""
        return str(MarkState(self.mark.state).label) if self.mark.state else ""


@dataclass(frozen=True, slots=True)
class ProofLine:
    """What a document proves at one place, as sheets and indexes show it."""

    place: ProofPlace
    item: EvidenceItem

    @property
    def marks(self) -> list[MarkLine]:
        """Its marks."""
        return [MarkLine(mark) for mark in self.item.marks]

    @property
    def verdict_label(self) -> str:
        """The reviewer's verdict in words."""
        return str(Verdict(self.item.verdict).label) if self.item.verdict else str(Verdict.NONE.label)


def proof_line(proof: Proof) -> ProofLine:
    """A proof as it is shown."""
    return ProofLine(proof.place, proof.item)


def write_sheets(
    package: Package, reasons: Mapping[int, str], folder: Path, batch: int, tell: Callable[[int], None]
) -> dict[int, Sheet]:
    """Writes the sheet of each document, by its number; `reasons`: why a document is not behind its sheet."""
    sheets: dict[int, Sheet] = {}
    for number, documents in enumerate(_batches(package.documents, batch)):
        shown = [_document_context(document, reasons.get(document.number, "")) for document in documents]
        path = folder / f"sheets-{number}.pdf"
        write_pdf(_html("sheets.html", package, documents=shown), path)
        for document, sheet in zip(documents, _sheets_of(path), strict=True):
            sheets[document.number] = sheet
        tell(len(documents))
    return sheets


def _document_context(document: Document, reason: str) -> dict[str, Any]:
    lines = [proof_line(proof) for proof in document.proofs]
    return {"document": document, "reason": REASONS[reason] if reason else "", "main": lines[0], "others": lines[1:]}


def _sheets_of(path: Path) -> list[Sheet]:
    """Where each sheet of a batch begins: each has one heading of the first order, so one bookmark."""
    with pikepdf.open(path) as pdf:
        index = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        with pdf.open_outline() as outline:
            starts = [index[item.destination[0].objgen] for item in outline.root]  # type: ignore[index]
        ends = [*starts[1:], len(pdf.pages)]
    return [Sheet(path, start, end - start) for start, end in zip(starts, ends, strict=True)]


def write_front(
    package: Package, pages_of: Callable[[int, int], int], facts: Mapping[str, Any], folder: Path
) -> list[Sheet]:
    """Writes cover and contents. `pages_of` gives the page of a document, when the front has so many pages."""
    pages = 2
    for _try in range(_TRIES):
        front = _write_front(package, partial(_page_behind, pages_of, pages), facts, folder)
        made = sum(sheet.pages for sheet in front)
        if made == pages:
            break
        pages = made
    return front


def _page_behind(pages_of: Callable[[int, int], int], front: int, number: int) -> int:
    """The page of a document behind a front of so many pages."""
    return pages_of(number, front)


def _write_front(
    package: Package, page_of: Callable[[int], int], facts: Mapping[str, Any], folder: Path
) -> list[Sheet]:
    written: list[Sheet] = []
    rows = list(_content_rows(package, page_of))
    for number, some in enumerate(list(_batches(rows, CONTENT_ROWS)) or [[]]):
        path = folder / f"front-{number}.pdf"
        write_pdf(_html("front.html", package, rows=some, cover=number == 0, facts=facts), path)
        with pikepdf.open(path) as pdf:
            written.append(Sheet(path, 0, len(pdf.pages)))
    return written


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A line of the contents: a document at a place; the first of a question or pillar names these above it."""

    document: Document
    proof: ProofLine
    page: int
    starts_pillar: bool
    starts_question: bool


def _content_rows(package: Package, page_of: Callable[[int], int]) -> Iterator[ContentRow]:
    pillar: str | None = None
    question = ""
    for document, proof in package.proofs:
        place = proof.place
        yield ContentRow(
            document,
            proof_line(proof),
            page_of(document.number),
            starts_pillar=place.pillar != pillar,
            starts_question=place.question != question,
        )
        pillar, question = place.pillar, place.question


def _html(template: str, package: Package, **more: Any) -> str:
    with translation.override(package.language):
        imprint = package_imprint(package, _("แฟ้มหลักฐาน"))
    return paper_html(f"reports/handover/{template}", imprint, {"package": package, **more})


def package_imprint(package: Package, title: str) -> Imprint:
    """The imprint of a paper about evidence that is handed over."""
    return make_imprint(
        title,
        subject=package.title,
        province=package.province,
        kind=kind_of_code(package.province_code),
        year=package.year,
        agency=package.agency,
        approval=package.approval,
        version=package.version,
        printed_at=package.printed_at,
        language=package.language,
    )


def _batches(values: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
