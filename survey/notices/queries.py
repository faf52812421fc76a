"""Reads of a user's notices as plain rows, by statements that are made once, and how a row is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Province, User
from accounts.respondents import RespondentKind
from dgready import thai
from dgready.counted_rows import CountedRows
from dgready.language import reader_language
from dgready.prepared_select import PreparedSelect
from survey.models import MailChoice, Notice
from survey.notices import notice_texts

_PLACE: Final = tuple(f"round__province__{name}" for name in ("kind", "name_th", "name_en"))
_COLUMNS: Final = ("pk", "kind", "data", "url", "at", "read_at", "round__year", *_PLACE)
Row = tuple[Any, ...]  # of _COLUMNS


class NoticeLine(NamedTuple):
    """A notice as the list shows it; `place` is its province and year, empty where it is about no round."""

    pk: int
    text: str
    icon: str
    url: str
    place: str
    when: str
    is_read: bool


def listed_notices(user: User, *, unread_only: bool) -> CountedRows[Row]:
    """The notices of a user, newest first, as rows of which a page reads its own. Two queries."""
    counted = _NUMBER.first(user.pk, unread_only=unread_only)

    def read(start: int, stop: int) -> list[Row]:
        return _PAGE.all(user.pk, unread_only=unread_only, start=start, stop=stop)

    return CountedRows(counted[0] if counted else 0, read)


def wants_digest(user: User) -> bool:
    """Whether the user gets the daily digest, as everybody does who did not stop it. One query."""
    chosen = _DIGEST.first(user.pk)
    return chosen is None or chosen[0]


def notice_lines(rows: Sequence[Row], today: date) -> list[NoticeLine]:
    """Rows as they are shown to a reader on a day, in their language; no query."""
    places = {place: _place_label(*place) for place in {row[-4:] for row in rows}}
    return [_notice_line(row, today, places[row[-4:]]) for row in rows]


def _place_label(year: int | None, _kind: str | None, name_th: str, name_en: str) -> str:
    return f"{Province(name_th=name_th, name_en=name_en)} {year}" if year else ""


def _notice_line(row: Row, today: date, place: str) -> NoticeLine:
    pk, kind, data, url, at, read_at, _year, respondent, *_names = row
    known = notice_texts.NOTICE_KINDS.get(kind)
    text = notice_texts.notice_text(kind, data, today, respondent or RespondentKind.PROVINCE)
    when = thai.format_datetime(timezone.localtime(at), reader_language(), "short")
    return NoticeLine(pk, text, known.icon if known else "bell", url, place, when, read_at is not None)


def _notices(user: int, *, unread_only: bool) -> QuerySet[Notice]:
    rows = Notice.objects.filter(user=user)
    return rows.filter(read_at=None) if unread_only else rows


_NUMBER: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda user, *, unread_only: (
        _notices(user, unread_only=unread_only).order_by().values("user").annotate(n=Count("pk")).values_list("n")
    )
)
_PAGE: PreparedSelect[Row] = PreparedSelect(
    lambda user, *, unread_only, start, stop: _notices(user, unread_only=unread_only).values_list(*_COLUMNS)[start:stop]
)
_DIGEST: PreparedSelect[tuple[bool]] = PreparedSelect(
    lambda user: MailChoice.objects.filter(user=user).order_by().values_list("digest")[:1]
)
