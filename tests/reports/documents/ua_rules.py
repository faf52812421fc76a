"""Rules of PDF/UA that can be read off a file's structure, as veraPDF checks them; veraPDF itself is a Java program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

HEADINGS = {f"/H{n}": n for n in range(1, 7)}


def faults(path: Path) -> list[str]:
    """What is wrong with a PDF as a tagged document; nothing where all rules hold."""
    with pikepdf.open(path) as pdf:
        return [*_document_faults(pdf), *_page_faults(pdf), *_structure_faults(pdf)]


def _document_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not str(pdf.Root.get("/Lang", "")):
        yield "no language"
    if not pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the title is not shown"
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure"
    with pdf.open_metadata() as meta:
        if meta.get("pdfuaid:part") != "1":
            yield "does not say that it is PDF/UA"
        if not str(meta.get("dc:title", "")).strip():
            yield "no title"


def _page_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" not in page.obj:
            yield f"page {number} is outside the structure"
        for font in page.resources.get("/Font", {}).values():
            if "/ToUnicode" not in font:
                yield f"page {number}: a font without its characters"
            elif "/FontFile2" not in font.DescendantFonts[0].FontDescriptor:
                yield f"page {number}: a font that is not embedded"
        for note in page.obj.get("/Annots", []):
            if note.Subtype == "/Link" and "/StructParent" not in note:
                yield f"page {number}: a link outside the structure"


def elements_below(root: Any) -> Iterator[Any]:
    """The structure elements in reading order."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += reversed(list(node))
        elif isinstance(node, pikepdf.Dictionary) and node.get("/Type") not in ("/MCR", "/OBJR"):
            if "/S" in node:
                yield node
            if "/K" in node:
                waiting.append(node.K)


def _structure_faults(pdf: pikepdf.Pdf) -> Iterator[str]:
    before = 0
    for node in elements_below(pdf.Root.StructTreeRoot):
        kind = str(node.S)
        if kind == "/Figure" and not str(node.get("/Alt", "")).strip():
            yield "a figure without words"
        if kind in HEADINGS:
            if HEADINGS[kind] > before + 1:
                yield f"a heading of order {HEADINGS[kind]} follows one of order {before}"
            before = HEADINGS[kind]
        if kind == "/Table":
            yield from _table_faults(node)
    if not before:
        yield "no heading"


def _table_faults(table: Any) -> Iterator[str]:
    """Cells name their headers: where a table has headers, each has a name and each cell says which are its own."""
    cells = [node for node in elements_below(table) if str(node.S) in ("/TH", "/TD")]
    heads = [cell for cell in cells if cell.S == "/TH"]
    if any("/ID" not in head for head in heads):
        yield "a table header without a name"
    named = {bytes(head.ID) for head in heads if "/ID" in head}
    for cell in cells if heads else ():
        own = [bytes(name) for name in cell.get("/A", {}).get("/Headers", [])]
        if cell.S == "/TD" and not own:
            yield "a table cell without headers"
        if not set(own) <= named:
            yield "a table cell with a header of another table"
