"""Reads of evidence: what stands at which place, what is marked, what a frozen version records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Prefetch, Q, QuerySet

from evidence.models import Attachment, File, Kind, Mark
from evidence.places import Known
from evidence.words import megabytes
from survey.instrument.path import Path, Place
from survey.instrument.schema import Value
from survey.models import Response

Standing = Literal["marked", "unmarked", "url", "missing"]


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark as shown."""

    id: int
    pages: str
    quote: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attachment as shown: file (then `sha256`, `kind`, `size`) or web address (then `url`)."""

    id: str
    address: str
    name: str
    kind: str
    size: int
    pages: int | None
    sha256: str
    url: str
    document_date: date | None
    added_by: str
    added_at: datetime
    marks: tuple[MarkView, ...]
    removed_at: datetime | None = None

    @property
    def marked(self) -> bool:
        """Whether it counts: a passage is marked, or it is a web address at a place that takes one."""
        return bool(self.marks) or bool(self.url)

    @property
    def is_image(self) -> bool:
        """Whether it is a picture, whose only page is 1."""
        return bool(self.kind) and Kind(self.kind).is_image

    @property
    def size_text(self) -> str:
        """The size as people say it."""
        return megabytes(self.size)

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(Kind(self.kind).label) if self.kind else "URL"


def marked_addresses(response: Response) -> frozenset[str]:
    """Places that have evidence which counts, open or not. One query."""
    rows = Attachment.objects.filter(response=response, removed_at=None)
    counts = Q(marks__isnull=False) | Q(url__isnull=False)
    return frozenset(rows.filter(counts).order_by().values_list("address", flat=True).distinct())


def evidence_by_address(
    response: Response, addresses: Collection[str] | None = None
) -> dict[str, list[AttachmentView]]:
    """The evidence at each place (of `addresses`, or all), oldest first. Two queries."""
    rows = _rows(response).filter(removed_at=None)
    if addresses is not None:
        rows = rows.filter(address__in=addresses)
    out: dict[str, list[AttachmentView]] = {}
    for row in rows:
        out.setdefault(row.address, []).append(view_of(row))
    return out


def removed_at_place(response: Response, address: str) -> list[AttachmentView]:
    """What was taken off a place and can be put back, newest first. Two queries."""
    rows = _rows(response).filter(removed_at__isnull=False, address=address).order_by("-removed_at")[:20]
    return [view_of(row) for row in rows]


def _rows(response: Response) -> QuerySet[Attachment]:
    marks = Prefetch("marks", Mark.objects.select_related("by"))
    return (
        Attachment.objects.filter(response=response)
        .select_related("file", "added_by")
        .prefetch_related(marks)
    )


def view_of(row: Attachment) -> AttachmentView:
    """The view of a row fetched with its file, adder and marks."""
    file = row.file
    return AttachmentView(
        id=str(row.public_id),
        address=row.address,
        name=row.name,
        kind=file.kind if file else "",
        size=file.size if file else 0,
        pages=file.pages if file else None,
        sha256=file.sha256 if file else "",
        url=row.url or "",
        document_date=row.document_date,
        added_by=row.added_by.get_full_name(),
        added_at=row.added_at,
        marks=tuple(MarkView(m.pk, m.pages, m.quote, m.by.get_full_name(), m.at) for m in row.marks.all()),
        removed_at=row.removed_at,
    )


def hashes(response: Response) -> list[dict[str, Any]]:
    """What a frozen version records of the evidence, in one order whatever the database. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None).select_related("file")
    out = [_hash(row) for row in rows.prefetch_related("marks")]
    return sorted(out, key=lambda entry: (entry["address"], entry["sha256"], entry["url"]))


def _hash(row: Attachment) -> dict[str, Any]:
    marks = [{"pages": m.pages, "quote": m.quote} for m in row.marks.all()]
    return {
        "address": row.address,
        "name": row.name,
        "sha256": row.file.sha256 if row.file else "",
        "size": row.file.size if row.file else 0,
        "url": row.url or "",
        "document_date": row.document_date.isoformat() if row.document_date else "",
        "marks": sorted(marks, key=lambda m: (m["pages"], m["quote"])),
    }


def count(response: Response) -> int:
    """How many attachments stand. One query."""
    return Attachment.objects.filter(response=response, removed_at=None).count()


def files(response: Response) -> QuerySet[File]:
    """The files that stand anywhere in the response, each once, in order of their hash."""
    standing = Attachment.objects.filter(response=response, removed_at=None, file__isnull=False)
    return File.objects.filter(pk__in=standing.values("file")).order_by("sha256")


def standing(
    place: Place | Known, attachments: Iterable[AttachmentView], values: Mapping[str, Value]
) -> Standing:
    """How a place stands: a marked file, a web address instead, files without any mark, or nothing."""
    have = list(attachments)
    if any(a.marked for a in have):
        return "marked"
    if place.url is not None and values.get(place.url):
        return "url"
    return "unmarked" if have else "missing"


def off_path(path: Path, at: Iterable[str]) -> list[str]:
    """Those places that are closed now: what is attached there is kept and does not count."""
    return [a for a in at if a not in path.places]


def open_points(
    path: Path, evidence: Mapping[str, list[AttachmentView]]
) -> tuple[list[Place], list[tuple[Place, AttachmentView]]]:
    """What the checker asks of evidence: open places with nothing, and files there without a mark."""
    missing: list[Place] = []
    unmarked: list[tuple[Place, AttachmentView]] = []
    for address, place in path.places.items():
        have = evidence.get(address, [])
        if standing(place, have, path.values) == "missing":
            missing.append(place)
        unmarked += [(place, a) for a in have if not a.marked]
    return missing, unmarked
