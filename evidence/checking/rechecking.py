"""Looking at all marks and texts again: what the state of each mark is and should be, which texts are not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from evidence.checking.actions import passage_of
from evidence.checking.queries import known_texts
from evidence.checking.rule import KnownText, check_passage
from evidence.models import File, FileText, Mark, TextState
from survey.models import Response

FILES_AT_ONCE: Final = 20  # texts held at the same time
_ROUND: Final = "attachment__response__round"


@dataclass(frozen=True, slots=True)
class MarkRecheck:
    """A mark with the state it has and the one it should have. `closed`: its answer cannot be changed now.

    What is closed keeps the states it was submitted or approved with, so another state is no fault there.
    """

    province: str
    year: int
    response: int
    question: str
    place: str
    name: str
    sha256: str
    removed: bool
    pages: str
    quote: str
    state: str
    should_be: str
    closed: bool

    @property
    def is_fault(self) -> bool:
        """Whether its state is wrong."""
        return self.state != self.should_be and not self.closed

    def json(self) -> dict[str, Any]:
        """As printed (JSON)."""
        return asdict(self)


def marks_of(province: str = "", year: int | None = None) -> QuerySet[Mark]:
    """The marks of one province or year, or all."""
    rows = Mark.objects.filter(attachment__file__isnull=False)
    rows = rows.filter(**{f"{_ROUND}__province__code": province}) if province else rows
    return rows.filter(**{f"{_ROUND}__year": year}) if year else rows


def recheck_marks(marks: QuerySet[Mark]) -> Iterator[MarkRecheck]:
    """Checks marks again by what is read of their files, and changes nothing. Two queries for each twenty files."""
    files = list(marks.order_by("attachment__file").values_list("attachment__file", flat=True).distinct())
    related = ("attachment__file", "attachment__question", f"{_ROUND}__province")
    for start in range(0, len(files), FILES_AT_ONCE):
        some = files[start : start + FILES_AT_ONCE]
        texts = known_texts(some)
        rows = marks.filter(attachment__file__in=some).select_related(*related)
        for mark in rows.order_by("attachment__file", "pk"):
            yield _recheck(mark, texts.get(mark.attachment.file_id or 0))


def _recheck(mark: Mark, text: KnownText | None) -> MarkRecheck:
    attachment = mark.attachment
    response: Response = attachment.response
    return MarkRecheck(
        province=response.round.province.code,
        year=response.round.year,
        response=response.pk,
        question=attachment.question.item_id,
        place=attachment.address,
        name=attachment.name,
        sha256=attachment.file.sha256 if attachment.file else "",
        removed=attachment.removed_at is not None,
        pages=mark.pages,
        quote=mark.quote,
        state=mark.state,
        should_be=check_passage(passage_of(mark), text, mark.state).state or mark.state,
        closed=not response.is_editable or response.round.is_closed(timezone.now()),
    )


def texts_not_read() -> Iterator[dict[str, Any]]:
    """Files of which no text, or not all of it, could be read yet or at all: hash, state, why. Two queries."""
    rows = FileText.objects.filter(state__in=(TextState.WAITING, TextState.FAILED, TextState.UNREAD)).order_by("file")
    for sha256, kind, state, detail in rows.values_list("file__sha256", "file__kind", "state", "detail"):
        yield {"sha256": sha256, "kind": kind, "state": state, "why": detail}
    for sha256, kind in File.objects.filter(text__isnull=True).order_by("pk").values_list("sha256", "kind"):
        yield {"sha256": sha256, "kind": kind, "state": "none", "why": ""}
