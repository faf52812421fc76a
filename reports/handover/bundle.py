"""The evidence bundle: the files in folders by pillar and question, an index, and their hashes, as one ZIP.

The same evidence gives the same bytes, so that a download which was broken off can be gone on with, and two bundles
compared.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Province
from dgready.shorten import shorten
from dgready.stored_files import StoredFileFault, open_verified
from evidence import store
from evidence.files.names import clean_folder_name
from reports.handover.binder import Progress
from reports.handover.contents import REASONS, Content, Contents
from reports.handover.index import ZIP_TIME, index_csv, index_json, index_rows, index_workbook
from reports.handover.package import Document, Package, Proof, ProofPlace
from reports.system.file_faults import report_file_fault

FOLDER_LENGTH: Final = 46  # characters; Thai ones are three bytes, and a path on Windows has 260 characters
NAME_LENGTH: Final = 70
_READ: Final = 1 << 20


class _Bundle:
    """A ZIP that is written, with the hash of each file in it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.sums: list[tuple[str, str]] = []

    def add(self, name: str, content: bytes) -> None:
        """Adds a file that was made here."""
        self.archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
        self.sums.append((hashlib.sha256(content).hexdigest(), name))

    def copy(self, name: str, file: IO[Any], sha256: str) -> None:
        """Adds a stored file, piece by piece; what is packed already is not packed again."""
        entry = _entry(name)
        entry.compress_type = zipfile.ZIP_STORED
        with self.archive.open(entry, "w", force_zip64=True) as out:
            while piece := file.read(_READ):
                out.write(piece)
        self.sums.append((sha256, name))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_TIME)
    entry.external_attr, entry.create_system = 0o644 << 16, 3
    return entry


def write_bundle(package: Package, path: Path, progress: Progress, province: Province | None = None) -> None:
    """Writes the bundle to `path`. Raises what `progress` raises."""
    contents = Contents(package.documents)
    with translation.override(package.language), zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        bundle = _Bundle(archive)
        paths: dict[int, str] = {}
        for done, document in enumerate(package.documents):
            progress(5 + 85 * done // len(package.documents), 100)
            paths[document.number] = _add_document(bundle, document, contents.original(document), province)
        _add_references(bundle, package, paths)
        _add_index(bundle, package, paths)
        lines = "".join(f"{digest}  {name}\n" for digest, name in sorted(bundle.sums, key=lambda each: each[1]))
        bundle.add("SHA256SUMS", lines.encode("utf-8"))


def folder_of(place: ProofPlace) -> str:
    """The folder of a question inside that of its pillar."""
    pillar = f"{place.pillar} {place.pillar_name}".strip() or _("ข้อมูลทั่วไป")
    question = f"{place.code} {place.text}".strip()
    return f"{_folder_name(pillar)}/{_folder_name(question)}"


def _folder_name(text: str) -> str:
    return clean_folder_name(shorten(text, FOLDER_LENGTH).rstrip("…"))


def _file_name(document: Document, name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    short = shorten(stem or extension, NAME_LENGTH).rstrip("…")
    return clean_folder_name(f"{document.number:03d} {short}") + (f"{dot}{extension}" if stem else "")


def _add_document(bundle: _Bundle, document: Document, content: Content, province: Province | None) -> str:
    """Adds a document at its first place, or a note that says why it is not there; its name in the bundle."""
    folder = folder_of(document.place)
    if not content.reason:
        name = f"{folder}/{_file_name(document, _shown_name(document, content))}"
        try:
            with open_verified(store.STORE, content.stored, content.sha256) as file:
                bundle.copy(name, file, content.sha256)
        except StoredFileFault as fault:
            report_file_fault(fault, what=document.item.name, province=province)
            content = Content(reason="altered")
        else:
            return name
    name = f"{folder}/{_file_name(document, document.item.name or document.item.url)[:NAME_LENGTH]}.txt"
    bundle.add(name, _note(document, content.reason).encode("utf-8"))
    return name


def _shown_name(document: Document, content: Content) -> str:
    """The name of a file; a copy of a web page has none of its own."""
    return document.item.name if document.item.sha256 else f"{document.item.name}.{content.kind}"


def _note(document: Document, reason: str) -> str:
    lines = [document.item.name, document.item.url, f"{_('ไม่มีไฟล์ในชุดนี้')}: {REASONS[reason]}", document.content]
    return "\r\n".join(dict.fromkeys(line for line in lines if line)) + "\r\n"


def _add_references(bundle: _Bundle, package: Package, paths: dict[int, str]) -> None:
    """In the folders of the other questions that a document proves, where it is."""
    for document in package.documents:
        for proof in _elsewhere(document):
            name = f"{folder_of(proof.place)}/{document.number:03d} {_('ดูข้อ')} {document.place.name}.txt"
            name = "/".join(clean_folder_name(part) for part in name.split("/"))
            bundle.add(name, f"{paths[document.number]}\r\n".encode())


def _elsewhere(document: Document) -> Iterator[Proof]:
    seen = {document.place.question}
    for proof in document.proofs:
        if proof.place.question not in seen:
            seen.add(proof.place.question)
            yield proof


def _add_index(bundle: _Bundle, package: Package, paths: dict[int, str]) -> None:
    rows = index_rows(package, paths)
    bundle.add("index.xlsx", index_workbook(package, rows))
    bundle.add("index.csv", index_csv(package, rows))
    bundle.add("index.json", index_json(package, rows))
