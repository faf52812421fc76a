"""Reads for checking marks: the texts of files as the rule takes them, which files have marks to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence.checking.rule import KnownText
from evidence.models import Attachment, FileText, Mark, MarkState, TextState
from evidence.reading.pages import unpack
from survey.models import Event, Response

BECOMES_EDITABLE: Final = tuple(f"response.{name}" for name in ("return", "withdraw", "reopen", "remand"))
_COLUMNS: Final = ("file", "file__sha256", "file__kind", "state", "pages")


def known_texts(files: Iterable[int]) -> dict[int, KnownText]:
    """The texts of files by key, as far as anything is known of them. One query."""
    return {pk: text for pk, _sha256, text in _read(FileText.objects.filter(file__in=list(files)))}


def texts_by_hash(hashes: Iterable[str]) -> dict[str, KnownText]:
    """The texts of contents, as far as anything is known of them. One query."""
    rows = FileText.objects.filter(file__sha256__in=list(hashes))
    return {sha256: text for _pk, sha256, text in _read(rows)}


def known_text(file: int) -> KnownText | None:
    """The text of one file, as far as anything is known of it. One query."""
    return known_texts([file]).get(file)


def _read(rows: QuerySet[FileText]) -> Iterator[tuple[int, str, KnownText]]:
    known = rows.exclude(state=TextState.WAITING, pages=None).values_list(*_COLUMNS)
    for pk, sha256, kind, state, pages in known:
        document = unpack(bytes(pages)) if pages is not None else None
        yield pk, sha256, KnownText(kind, document, state != TextState.WAITING)


def _settled_marks() -> QuerySet[Mark]:
    """Marks in files whose text is read as far as it will be, in answers that can be changed now."""
    response, open_states = "attachment__response", (Response.State.DRAFT, Response.State.RETURNED)
    editable = Q(**{f"{response}__state__in": open_states}) | Q(
        **{f"{response}__state": Response.State.ENDORSED, f"{response}__late_until__gte": timezone.localdate()}
    )
    read = Mark.objects.exclude(attachment__file__text__state=TextState.WAITING)
    return read.filter(
        editable, attachment__file__text__isnull=False, **{f"{response}__round__closes_at__gte": timezone.now()}
    )


def files_with_unchecked_marks(most: int, *, after: int = 0) -> list[int]:
    """Keys of files with marks that were not checked though the text is read. One query."""
    return _files(_settled_marks().filter(state=MarkState.UNCHECKED), most, after)


def files_read_since(moment: datetime, most: int, *, after: int = 0) -> list[int]:
    """Keys of files with marks whose text, or whose answer's being closed, is newer than the moment. One query.

    An answer that was closed while a file was read anew still has the states of the reading before.
    """
    opened = Event.objects.filter(response=OuterRef("attachment__response"), verb__in=BECOMES_EDITABLE, at__gte=moment)
    newer = Q(attachment__file__text__read_at__gte=moment) | Q(Exists(opened))
    return _files(_settled_marks().filter(newer), most, after)


def _files(marks: QuerySet[Mark], most: int, after: int) -> list[int]:
    rows = marks.filter(attachment__file__gt=after).order_by("attachment__file")
    return list(rows.values_list("attachment__file", flat=True).distinct()[:most])


def responses_with_file(file: int) -> list[int]:
    """Keys of the answers that the file is attached to, removed attachments included. One query.

    With or without marks: one that is being made now cannot be seen before its answer's lock is had.
    """
    rows = Attachment.objects.filter(file=file).order_by("response")
    return list(rows.values_list("response", flat=True).distinct())
