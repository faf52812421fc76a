"""Reads of evidence: what stands at which place, what is marked, what a frozen version records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from dgready.lru_cache import LruCache
from evidence.files.sizes import format_size
from evidence.models import Attachment, File, FileKind, Mark
from evidence.places import PlaceDefinition
from survey.answering.queries import response_state_key
from survey.instrument.path import EvidencePlace, QuestionnairePath
from survey.instrument.schema import AnswerValue
from survey.models import Response

EvidenceStatus = Literal["marked", "unmarked", "url", "missing"]


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


class AttachmentSummary(NamedTuple):
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
        return bool(self.kind) and FileKind(self.kind).is_image

    @property
    def size_text(self) -> str:
        """The size as people say it."""
        return format_size(self.size)

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return _ICONS.get(self.kind, "link-45deg")

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(FileKind(self.kind).label) if self.kind else "URL"


def marked_addresses(response: Response) -> frozenset[str]:
    """Places that have evidence which counts, open or not. One query or none."""
    return frozenset(place for place, some in attachment_summaries(response).items() if any(s.marked for s in some))


def marked_addresses_by_response(responses: Iterable[int]) -> dict[int, set[str]]:
    """Like `marked_addresses`, of several responses by key. One query."""
    rows = Attachment.objects.filter(response__in=responses, removed_at=None)
    counts = Q(marks__isnull=False) | Q(url__isnull=False)
    out: dict[int, set[str]] = {}
    for response, address in rows.filter(counts).order_by().values_list("response", "address").distinct():
        out.setdefault(response, set()).add(address)
    return out


_summaries_cache: LruCache[dict[str, list[AttachmentSummary]]] = LruCache(32)


def attachment_summaries(response: Response) -> Mapping[str, list[AttachmentSummary]]:
    """Name and standing of the evidence at each place, oldest first. One query or none."""
    return _summaries_cache.get(response_state_key(response), lambda: _read_summaries(response))


def _read_summaries(response: Response) -> dict[str, list[AttachmentSummary]]:
    rows = Attachment.objects.filter(response=response, removed_at=None).annotate(
        counts=Q(Exists(Mark.objects.filter(attachment=OuterRef("pk")))) | Q(url__isnull=False)
    )
    out: dict[str, list[AttachmentSummary]] = {}
    for address, name, url, marked, dated in rows.values_list("address", "name", "url", "counts", "document_date"):
        out.setdefault(address, []).append(AttachmentSummary(name or url or "", marked, dated))
    return out


def attachments_by_address(response: Response, address: str | None = None) -> dict[str, list[AttachmentView]]:
    """The evidence at each place (or at `address` alone), oldest first. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None)
    out: dict[str, list[AttachmentView]] = {}
    for view in _attachment_views(rows if address is None else rows.filter(address=address)):
        out.setdefault(view.address, []).append(view)
    return out


def removed_attachments(response: Response, address: str) -> list[AttachmentView]:
    """What was taken off a place and can be put back, newest first. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at__isnull=False, address=address)
    return _attachment_views(rows.order_by("-removed_at", "-pk")[:20])


_NAME_COLUMNS = ("first_name", "last_name", "email")


def _attachment_views(rows: QuerySet[Attachment]) -> list[AttachmentView]:
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
    more = ("url", "document_date", "added_at", *(f"added_by__{n}" for n in _NAME_COLUMNS))
    found = list(rows.values_list(*columns, *more))
    marks = _marks_by_attachment([row[0] for row in found])
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
            added_by=_display_name(*person),
            added_at=at,
            marks=marks.get(pk, ()),
        )
        for pk, public_id, address, name, kind, size, pages, sha256, url, day, at, *person in found
    ]


def _marks_by_attachment(attachments: list[int]) -> dict[int, tuple[MarkView, ...]]:
    columns = ("attachment", "pk", "pages", "quote", "at", *(f"by__{n}" for n in _NAME_COLUMNS))
    out: dict[int, tuple[MarkView, ...]] = {}
    rows = Mark.objects.filter(attachment__in=attachments).values_list(*columns)
    for attachment, pk, pages, quote, at, *person in rows:
        out[attachment] = (*out.get(attachment, ()), MarkView(pk, pages, quote, _display_name(*person), at))
    return out


def _display_name(first: str, last: str, email: str) -> str:
    return f"{first} {last}".strip() or email


def evidence_snapshot(response: Response) -> list[dict[str, Any]]:
    """What a frozen version records of the evidence, in one order whatever the database. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None).select_related("file")
    out = [_snapshot_entry(row) for row in rows.prefetch_related("marks")]
    return sorted(out, key=lambda entry: (entry["address"], entry["sha256"], entry["url"]))


def _snapshot_entry(row: Attachment) -> dict[str, Any]:
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


def count_attachments(response: Response) -> int:
    """How many attachments stand. One query."""
    return Attachment.objects.filter(response=response, removed_at=None).count()


def attached_files(response: Response) -> QuerySet[File]:
    """The files that stand anywhere in the response, each once, in order of their hash."""
    standing = Attachment.objects.filter(response=response, removed_at=None, file__isnull=False)
    return File.objects.filter(pk__in=standing.values("file")).order_by("sha256")


def evidence_status(
    place: EvidencePlace | PlaceDefinition, attachments: Iterable[AttachmentView], values: Mapping[str, AnswerValue]
) -> EvidenceStatus:
    """How a place stands: a marked file, a web address instead, files without any mark, or nothing."""
    have = list(attachments)
    if any(a.marked for a in have):
        return "marked"
    if place.url is not None and values.get(place.url):
        return "url"
    return "unmarked" if have else "missing"


def off_path_addresses(path: QuestionnairePath, at: Iterable[str]) -> list[str]:
    """Those places that are closed now: what is attached there is kept and does not count."""
    return [a for a in at if a not in path.places]


def open_evidence_points(
    path: QuestionnairePath, evidence: Mapping[str, list[AttachmentView]]
) -> tuple[list[EvidencePlace], list[tuple[EvidencePlace, AttachmentView]]]:
    """What the checker asks of evidence: open places with nothing, and files there without a mark."""
    missing: list[EvidencePlace] = []
    unmarked: list[tuple[EvidencePlace, AttachmentView]] = []
    for address, place in path.places.items():
        have = evidence.get(address, [])
        if evidence_status(place, have, path.values) == "missing":
            missing.append(place)
        unmarked += [(place, a) for a in have if not a.marked]
    return missing, unmarked
