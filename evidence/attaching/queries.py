"""Reads of evidence: what stands at which place, what is marked, what a frozen version records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from dgready.recent import Recent
from evidence.files.sizes import megabytes
from evidence.models import Attachment, File, Kind, Mark
from evidence.places import Known
from survey.answering.queries import state_key
from survey.instrument.path import Path, Place
from survey.instrument.schema import Value
from survey.models import Response

Standing = Literal["marked", "unmarked", "url", "missing"]


_ICONS = {
    "pdf": "file-earmark-pdf",
    "docx": "file-earmark-word",
    "odt": "file-earmark-word",
    "xlsx": "file-earmark-excel",
    "ods": "file-earmark-excel",
    "pptx": "file-earmark-slides",
    "odp": "file-earmark-slides",
    "jpeg": "file-earmark-image",
    "png": "file-earmark-image",
}


class Slot(NamedTuple):
    """An attachment as the filling page needs it."""

    name: str
    marked: bool
    dated: date | None = None


class MarkView(NamedTuple):
    """A mark as shown."""

    id: int
    pages: str
    quote: str
    by: str
    at: datetime


class AttachmentView(NamedTuple):
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
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return _ICONS.get(self.kind, "link-45deg")

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(Kind(self.kind).label) if self.kind else "URL"


def marked_addresses(response: Response) -> frozenset[str]:
    """Places that have evidence which counts, open or not. One query or none."""
    return frozenset(place for place, some in slots(response).items() if any(s.marked for s in some))


def marked_by_response(responses: Iterable[int]) -> dict[int, set[str]]:
    """Like `marked_addresses`, of several responses by key. One query."""
    rows = Attachment.objects.filter(response__in=responses, removed_at=None)
    counts = Q(marks__isnull=False) | Q(url__isnull=False)
    out: dict[int, set[str]] = {}
    for response, address in rows.filter(counts).order_by().values_list("response", "address").distinct():
        out.setdefault(response, set()).add(address)
    return out


_slots: Recent[dict[str, list[Slot]]] = Recent(32)


def slots(response: Response) -> Mapping[str, list[Slot]]:
    """Name and standing of the evidence at each place, oldest first. One query or none."""
    return _slots.get(state_key(response), lambda: _read_slots(response))


def _read_slots(response: Response) -> dict[str, list[Slot]]:
    rows = Attachment.objects.filter(response=response, removed_at=None).annotate(
        counts=Q(Exists(Mark.objects.filter(attachment=OuterRef("pk")))) | Q(url__isnull=False)
    )
    out: dict[str, list[Slot]] = {}
    for address, name, url, marked, dated in rows.values_list("address", "name", "url", "counts", "document_date"):
        out.setdefault(address, []).append(Slot(name or url or "", marked, dated))
    return out


def evidence_by_address(response: Response, address: str | None = None) -> dict[str, list[AttachmentView]]:
    """The evidence at each place (or at `address` alone), oldest first. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None)
    out: dict[str, list[AttachmentView]] = {}
    for view in _views(rows if address is None else rows.filter(address=address)):
        out.setdefault(view.address, []).append(view)
    return out


def removed_at_place(response: Response, address: str) -> list[AttachmentView]:
    """What was taken off a place and can be put back, newest first. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at__isnull=False, address=address)
    return _views(rows.order_by("-removed_at", "-pk")[:20])


_NAME = ("first_name", "last_name", "email")


def _views(rows: QuerySet[Attachment]) -> list[AttachmentView]:
    # Plain tuples: the lists are long, and rows of models would cost more than all the rest.
    columns = (
        "pk",
        "public_id",
        "address",
        "name",
        "file__kind",
        "file__size",
        "file__pages",
        "file__sha256",
    )
    more = ("url", "document_date", "added_at", *(f"added_by__{n}" for n in _NAME))
    found = list(rows.values_list(*columns, *more))
    marks = _marks([row[0] for row in found])
    return [
        AttachmentView(
            id=str(public_id),
            address=address,
            name=name,
            kind=kind or "",
            size=size or 0,
            pages=pages,
            sha256=sha256 or "",
            url=url or "",
            document_date=day,
            added_by=_person(*person),
            added_at=at,
            marks=marks.get(pk, ()),
        )
        for pk, public_id, address, name, kind, size, pages, sha256, url, day, at, *person in found
    ]


def _marks(attachments: list[int]) -> dict[int, tuple[MarkView, ...]]:
    columns = ("attachment", "pk", "pages", "quote", "at", *(f"by__{n}" for n in _NAME))
    out: dict[int, tuple[MarkView, ...]] = {}
    rows = Mark.objects.filter(attachment__in=attachments).values_list(*columns)
    for attachment, pk, pages, quote, at, *person in rows:
        out[attachment] = (*out.get(attachment, ()), MarkView(pk, pages, quote, _person(*person), at))
    return out


def _person(first: str, last: str, email: str) -> str:
    return f"{first} {last}".strip() or email


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


def standing(place: Place | Known, attachments: Iterable[AttachmentView], values: Mapping[str, Value]) -> Standing:
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
