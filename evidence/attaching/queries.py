"""Reads of evidence: attachments by place, places with evidence that counts_by_join, what was removed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from dgready.lru_cache import LruCache
from dgready.prepared_queries import PreparedValues
from dgready.prepared_select import PreparedSelect, ReadRows
from dgready.shortened import Shortened
from evidence.attaching.attachment_view import AttachmentView, MarkView
from evidence.attaching.counting import checking, claims, counts_by_join, lacking
from evidence.attaching.proving import REJECTING
from evidence.files.notes import file_notes
from evidence.models import Attachment, File, Mark, ScanState
from survey.answering.queries import response_state_key
from survey.models import Response

_SUMMARY_ROWS = PreparedValues(
    lambda: (
        Attachment.objects.filter(removed_at=None)
        .annotate(claimed=claims(), lacking=lacking(), checking=checking())
        .values_list(
            *("address", "name", "url", "claimed", "document_date", "file__active_content", "file__scan_state"),
            *("verdict", "to_confirm", "lacking", "checking", "verdict_reason"),
        )
    ),
    "response",
)
SHOWN_REMOVED: Final = 20


class AttachmentSummary(NamedTuple):
    """An attachment as the filling page shows it: its name, whether it counts_by_join, the date it bears.

    `infected`: a virus was found in it, so it does not count, marked or not. `verdict`: of a reviewer; with
    `to_confirm` it was carried over and nobody looked at it yet.
    """

    name: str
    marked: bool
    dated: date | None = None
    active: bool = False
    infected: bool = False
    verdict: str = ""
    to_confirm: bool = False
    claimed: bool = False
    """Whether it would count if no reviewer rejected it."""
    lacking: str = ""
    """What one of its marks lacks (evidence.attaching.proving.UNPROVEN)."""
    checking: bool = False
    """Whether one of its marks is still to be looked for in the file."""
    verdict_reason: str = ""


HARMLESS: Final = frozenset(ScanState) - {ScanState.INFECTED}


def marked_addresses(response: Response) -> frozenset[str]:
    """Places that have evidence which counts_by_join, open or not. One query or none."""
    return frozenset(
        address
        for address, summaries in attachment_summaries(response).items()
        if any(summary.marked for summary in summaries)
    )


def claimed_addresses(response: Response) -> frozenset[str]:
    """Places with evidence that would count if no reviewer rejected any, open or not. One query or none."""
    summaries = attachment_summaries(response)
    return frozenset(address for address, some in summaries.items() if any(one.claimed for one in some))


def marked_addresses_by_response(responses: Iterable[int]) -> dict[int, set[str]]:
    """Like `marked_addresses`, of several responses by key. One query."""
    rows = Attachment.objects.filter(response__in=responses, removed_at=None)
    addresses: dict[int, set[str]] = {}
    for response, address in rows.filter(counts_by_join()).order_by().values_list("response", "address").distinct():
        addresses.setdefault(response, set()).add(address)
    return addresses


_summaries_cache: LruCache[dict[str, list[AttachmentSummary]]] = LruCache(32)


def are_summaries_kept(response: Response) -> bool:
    """Whether `attachment_summaries` needs no query."""
    return _summaries_cache.knows(response_state_key(response))


def attachment_summaries(response: Response) -> Mapping[str, list[AttachmentSummary]]:
    """The attachments at each place in short, oldest first. One query or none."""
    return _summaries_cache.get(response_state_key(response), lambda: _read_summaries(response))


def _read_summaries(response: Response) -> dict[str, list[AttachmentSummary]]:
    summaries: dict[str, list[AttachmentSummary]] = {}
    rows = _SUMMARY_ROWS.all(response.pk)
    for address, name, url, claimed, dated, active, scan, verdict, to_confirm, *marks in rows:
        marked, infected = claimed and verdict not in REJECTING, scan == ScanState.INFECTED
        summary = AttachmentSummary(
            name or url or "", marked, dated, bool(active), infected, verdict, to_confirm, claimed, *marks
        )
        summaries.setdefault(address, []).append(summary)
    return summaries


def attachments_by_address(response: Response, address: str | None = None) -> dict[str, list[AttachmentView]]:
    """The attachments at each place (or at `address` alone), oldest first. Two queries."""
    return group_by_address(read_attachments(response, address).rows)


def group_by_address(rows: AttachmentRows) -> dict[str, list[AttachmentView]]:
    """What was read as views by place. No query."""
    views: dict[str, list[AttachmentView]] = {}
    for view in _attachment_views(rows):
        views.setdefault(view.address, []).append(view)
    return views


def read_attachments(response: Response, address: str | None = None) -> ReadAttachments:
    """What `attachments_by_address` makes its views of, cheap to compare. Two queries."""
    if address is None:
        return ReadAttachments(_ALL_ROWS.read(response.pk), _ALL_MARKS.read(response.pk))
    return ReadAttachments(_ROWS_AT.read(response.pk, address), _MARKS_AT.read(response.pk, address))


def removed_attachments(response: Response, address: str) -> Shortened[AttachmentView]:
    """Removed attachments of a place that can be restored, newest first. Two queries, three where some are left out."""
    rows = Attachment.objects.filter(response=response, removed_at__isnull=False, address=address)
    found = _with_columns(rows.order_by("-removed_at", "-pk")[:SHOWN_REMOVED])
    marks = _mark_columns(Mark.objects.filter(attachment__in=[row[0] for row in found]))
    shown = _attachment_views(AttachmentRows(list(found), list(marks)))
    return Shortened(shown, rows.count() - len(shown) if len(shown) == SHOWN_REMOVED else 0)


_NAME_COLUMNS = ("first_name", "last_name", "email")
_JUDGED_COLUMNS = (
    *("to_confirm", "verdict", "verdict_reason", "copy__sha256", "verdict_at"),
    *("verdict_by__first_name", "verdict_by__last_name", "verdict_by__email"),
)
_NOTED_COLUMNS = ("file__active_content", "file__restricted", "file__scan_state", "file__scan_detail")


_COLUMNS = (
    *("pk", "public_id", "address", "name", "file__kind", "file__size", "file__pages", "file__sha256"),
    *("url", "document_date", "added_at"),
)


class AttachmentRows(NamedTuple):
    """Attachments and their marks as they were read: plain tuples, for rows of models would cost more than the rest."""

    attachments: list[tuple[Any, ...]]
    marks: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ReadAttachments:
    """The same as the database gave them."""

    _attachments: ReadRows[tuple[Any, ...]]
    _marks: ReadRows[tuple[Any, ...]]

    @property
    def state(self) -> Hashable:
        """All that was read, to be compared."""
        return tuple(self._attachments.values), tuple(self._marks.values)

    @property
    def rows(self) -> AttachmentRows:
        """The rows. No query."""
        return AttachmentRows(self._attachments.all(), self._marks.all())


def _with_columns(rows: QuerySet[Attachment]) -> QuerySet[Attachment, Any]:
    people = (f"added_by__{name}" for name in _NAME_COLUMNS)
    return rows.values_list(*_COLUMNS, *_JUDGED_COLUMNS, *_NOTED_COLUMNS, *people)


def _mark_columns(rows: QuerySet[Mark]) -> QuerySet[Mark, Any]:
    columns = ("attachment", "pk", "pages", "quote", "areas", "note", "state", "at")
    return rows.values_list(*columns, *(f"by__{name}" for name in _NAME_COLUMNS))


def _attached(response: Any, **where: Any) -> QuerySet[Attachment, Any]:
    return _with_columns(Attachment.objects.filter(response=response, removed_at=None, **where))


def _marked(response: Any, **where: Any) -> QuerySet[Mark, Any]:
    return _mark_columns(Mark.objects.filter(attachment__response=response, attachment__removed_at=None, **where))


_Row = tuple[Any, ...]
_ALL_ROWS: Final[PreparedSelect[_Row]] = PreparedSelect(_attached)
_ALL_MARKS: Final[PreparedSelect[_Row]] = PreparedSelect(_marked)
_ROWS_AT: Final[PreparedSelect[_Row]] = PreparedSelect(lambda response, at: _attached(response, address=at))
_MARKS_AT: Final[PreparedSelect[_Row]] = PreparedSelect(lambda response, at: _marked(response, attachment__address=at))


def _attachment_views(rows: AttachmentRows) -> list[AttachmentView]:
    marks = _marks_by_attachment(rows.marks)
    return [_attachment_view(row, marks.get(row[0], ())) for row in rows.attachments]


def _attachment_view(row: tuple[Any, ...], marks: tuple[MarkView, ...]) -> AttachmentView:
    judged, noted = len(_COLUMNS), len(_COLUMNS) + len(_JUDGED_COLUMNS)
    person = noted + len(_NOTED_COLUMNS)
    _pk, public_id, address, name, kind, size, pages, sha256, url, day, at = row[:judged]
    to_confirm, verdict, reason, copy, judged_at, *judge = row[judged:noted]
    notes = row[noted:person]
    return AttachmentView(
        id=str(public_id),
        address=address,
        name=name,
        kind=kind or "",
        size=size or 0,
        pages=pages,
        sha256=sha256 or "",
        url=url or "",
        document_date=day,
        added_by=_display_name(*row[person:]),
        added_at=at,
        marks=marks,
        notes=file_notes(*notes) if sha256 else (),
        infected=notes[_NOTED_COLUMNS.index("file__scan_state")] == ScanState.INFECTED,
        to_confirm=to_confirm,
        verdict=verdict,
        verdict_reason=reason,
        copy=copy or "",
        verdict_at=judged_at,
        verdict_by=_display_name(*(part or "" for part in judge)),
    )


def _marks_by_attachment(rows: list[tuple[Any, ...]]) -> dict[int, tuple[MarkView, ...]]:
    marks: dict[int, tuple[MarkView, ...]] = {}
    for attachment, pk, pages, quote, areas, note, state, at, *person in rows:
        mark = MarkView(pk, pages, quote, _display_name(*person), at, areas, note, state)
        marks[attachment] = (*marks.get(attachment, ()), mark)
    return marks


def _display_name(first: str, last: str, email: str) -> str:
    return f"{first} {last}".strip() or email


class FlaggedContents(NamedTuple):
    """Hashes of contents: which do something by themselves when they are opened, in which a virus was found."""

    active: frozenset[str]
    infected: frozenset[str]


def flagged_contents(hashes: Iterable[str]) -> FlaggedContents:
    """Which of the contents everybody should be warned of. One query."""
    rows = File.objects.filter(sha256__in=set(hashes)).exclude(active_content=[], scan_state__in=HARMLESS)
    found = list(rows.values_list("sha256", "active_content", "scan_state"))
    return FlaggedContents(
        frozenset(sha256 for sha256, active, _scan in found if active),
        frozenset(sha256 for sha256, _active, scan in found if scan == ScanState.INFECTED),
    )


def count_attachments(response: Response) -> int:
    """How many attachments the response has, removed ones aside. One query."""
    return Attachment.objects.filter(response=response, removed_at=None).count()


def attached_files(response: Response) -> QuerySet[File]:
    """The files attached anywhere in the response, each once, in order of their hash."""
    attachments = Attachment.objects.filter(response=response, removed_at=None, file__isnull=False)
    return File.objects.filter(pk__in=attachments.values("file")).order_by("sha256")
