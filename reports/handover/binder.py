"""The evidence binder: cover, contents, and behind a sheet each document with its marks, as one PDF."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Province
from dgready.children import ChildFault
from dgready.guard.reading import READERS, read_guarded
from dgready.shorten import shorten
from dgready.stored_files import StoredFileFault
from evidence.renditions.actions import renew_renditions
from reports.documents.print_font import font_face
from reports.errors import ReportError
from reports.handover.contents import Content, Contents, local_copy
from reports.handover.highlights import highlights_of
from reports.handover.package import Document, Package
from reports.handover.sheets import Sheet, write_front, write_sheets
from reports.handover.stamp_font import write_stamp_font
from reports.system.file_faults import report_file_fault

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
TITLE_LENGTH: Final = 90  # characters of a bookmark
_PREPARED, _SHEETS, _FRONT = 60, 85, 90  # per cent when each is done


@dataclass
class _Binding:
    """What is made on the way: prepared files and their pages by the number of the document, and why some have none."""

    package: Package
    folder: Path
    province: Province | None
    progress: Progress
    prepared: dict[int, tuple[Path, int]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    sheets: dict[int, Sheet] = field(default_factory=dict)

    def length(self, document: Document) -> int:
        """How many pages a document has in the binder, its sheet included."""
        return self.sheets[document.number].pages + self.prepared.get(document.number, (None, 0))[1]

    @property
    def pages(self) -> int:
        """Pages of all prepared documents."""
        return sum(pages for _path, pages in self.prepared.values())


def write_binder(package: Package, path: Path, progress: Progress, province: Province | None = None) -> None:
    """Writes the binder to `path`. Raises ReportError, and what `progress` raises."""
    with TemporaryDirectory(dir=path.parent, prefix="binder-") as name, translation.override(package.language):
        binding = _Binding(package, Path(name), province, progress)
        _prepare_documents(binding)
        _lay_out_sheets(binding)
        first = _first_pages(binding)
        front = write_front(package, lambda number, pages: pages + first[number], _facts(binding), binding.folder)
        progress(_FRONT, 100)
        _bind_all(binding, front, first, path)


def _prepare_documents(binding: _Binding) -> None:
    contents = Contents(binding.package.documents)
    for done, document in enumerate(binding.package.documents):
        binding.progress(5 + (_PREPARED - 5) * done // len(binding.package.documents), 100)
        content = contents.to_bind(document)
        reason = content.reason or _prepare(binding, document, content)
        if reason:
            binding.reasons[document.number] = reason
        if binding.pages > settings.HANDOVER_LIMITS.pages:
            raise ReportError("bulk", most=f"{settings.HANDOVER_LIMITS.pages:,}")


def _prepare(binding: _Binding, document: Document, content: Content) -> str:
    """Writes a document's pages; why not, where it cannot be."""
    target = binding.folder / f"document-{document.number}.pdf"
    try:
        with local_copy(content, document.item.name) as path:
            made = read_guarded(
                f"{READERS}.binder_pages:prepare",
                path,
                settings.HANDOVER_LIMITS.prepare,
                kind=content.kind,
                target=str(target),
                marks=highlights_of(document, content, path),
                most=settings.HANDOVER_LIMITS.pages,
            )
    except StoredFileFault as fault:
        if content.rendered and content.file is not None:
            renew_renditions([content.file.pk])  # it can be made again
            return "rendition_waiting"
        report_file_fault(fault, what=document.item.name, province=binding.province)
        return "altered"
    except ChildFault as fault:
        log.warning("evidence %s is not in a binder: %s", content.sha256, fault)
        return "broken"
    if "refused" in made:
        return str(made["refused"])
    binding.prepared[document.number] = (target, made["pages"])
    return ""


def _lay_out_sheets(binding: _Binding) -> None:
    done = 0
    total = max(len(binding.package.documents), 1)

    def tell(count: int) -> None:
        nonlocal done
        done += count
        binding.progress(_PREPARED + (_SHEETS - _PREPARED) * done // total, 100)

    batch = settings.HANDOVER_LIMITS.batch
    binding.sheets = write_sheets(binding.package, binding.reasons, binding.folder, batch, tell)


def _first_pages(binding: _Binding) -> dict[int, int]:
    """The page of each document's sheet, counted from behind the contents."""
    pages, first = 0, {}
    for document in binding.package.documents:
        first[document.number] = pages + 1
        pages += binding.length(document)
    return first


def _facts(binding: _Binding) -> dict[str, int]:
    """What the cover counts."""
    return {
        "documents": len(binding.package.documents),
        "pages": binding.pages,
        "left_out": len(binding.reasons),
        "places": binding.package.open_places,
        "proven": binding.package.proven_places,
    }


def _bind_all(binding: _Binding, front: list[Sheet], first: dict[int, int], path: Path) -> None:
    package = binding.package
    before = sum(sheet.pages for sheet in front)
    start = {number: before + page for number, page in first.items()}
    bind_parts(
        [*_front_parts(package, front), *_document_parts(binding)],
        path,
        binding.folder,
        title=f"{_('แฟ้มหลักฐาน')} {package.province} {package.year}",
        language=package.language,
        outline=[{"title": _("ปก"), "page": 1, "inside": []}, *_outline(package, start)],
        targets={document.link: start[document.number] for document in package.documents},
    )


def _front_parts(package: Package, front: list[Sheet]) -> Iterator[dict[str, Any]]:
    label = _escape(f"{package.province_code} · {package.year}")
    for sheet in front:
        yield part_of_binder(sheet.path, sheet.first, sheet.pages, label, own=True)


def _document_parts(binding: _Binding) -> Iterator[dict[str, Any]]:
    for document in binding.package.documents:
        label = _escape(f"{document.place.name} · {pgettext('stamp', 'เอกสาร')} {document.number}")
        sheet = binding.sheets[document.number]
        yield part_of_binder(sheet.path, sheet.first, sheet.pages, f"{label} · {_('ใบนำ')}", own=True)
        if document.number in binding.prepared:
            path, pages = binding.prepared[document.number]
            yield part_of_binder(path, 0, pages, f"{label} · {pgettext('stamp', 'หน้า')} {{page}}/{{pages}}", own=False)


def part_of_binder(path: Path, first: int, pages: int, label: str, *, own: bool) -> dict[str, Any]:
    """Pages of a PDF as a part, with the label of their stamps; `own`: made here, so that links in it lead inside."""
    return {
        "path": str(path),
        "first": first,
        "pages": pages,
        "label": label,
        "end": f"{pgettext('stamp', 'รวม')} {{n}}/{{all}}",
        "own": own,
    }


def _escape(text: str) -> str:
    """Braces stand for numbers in a label."""
    return text.replace("{", "(").replace("}", ")")


def _outline(package: Package, start: dict[int, int]) -> list[dict[str, Any]]:
    """Bookmarks: pillars, in them questions, in them documents; one that proves several is named at each."""
    pillars: list[dict[str, Any]] = []
    seen: tuple[str, str] | None = None
    for document, proof in package.proofs:
        place, page = proof.place, start[document.number]
        if seen is None or seen[0] != place.pillar:
            title = f"{place.pillar} {place.pillar_name}".strip() or _("ข้อมูลทั่วไป")
            pillars.append({"title": shorten(title, TITLE_LENGTH), "page": page, "inside": []})
        if seen != (place.pillar, place.question):
            title = shorten(f"{place.code} {place.text}".strip(), TITLE_LENGTH)
            pillars[-1]["inside"].append({"title": title, "page": page, "inside": [], "closed": True})
        seen = (place.pillar, place.question)
        title = shorten(f"{document.number}. {proof.item.name or proof.item.url}", TITLE_LENGTH)
        pillars[-1]["inside"][-1]["inside"].append({"title": title, "page": page, "inside": []})
    return pillars


def bind_parts(
    parts: list[dict[str, Any]],
    path: Path,
    folder: Path,
    *,
    title: str,
    language: str,
    outline: Sequence[Mapping[str, Any]] = (),
    targets: Mapping[str, int] | None = None,
) -> None:
    """Puts parts together, stamped, as dgready.guard.readers.binder_whole does it. Raises ReportError."""
    text = "".join(part["label"] + part["end"] for part in parts) + "0123456789"
    plan = {
        "parts": parts,
        "outline": list(outline),
        "targets": dict(targets or {}),
        "title": title,
        "language": language,
        "font": write_stamp_font(font_face("Regular"), text, folder / "stamp.ttf"),
    }
    given = json.dumps(plan, ensure_ascii=False).encode("utf-8")
    try:
        read_guarded(f"{READERS}.binder_whole:bind", given, settings.HANDOVER_LIMITS.bind, target=str(path))
    except ChildFault as fault:
        log.error("a binder was not put together: %s", fault)
        raise ReportError("making") from fault
