"""Reads of unresolved comments, for the question cards they are shown on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from dgready.lru_cache import LruCache
from survey.answering.queries import response_state_key
from survey.models import Comment, Response


class OpenComment(NamedTuple):
    """An unresolved comment as shown on a question card. `must_answer`: it blocks the submission."""

    text: str
    at: datetime
    by: str
    must_answer: bool = False


_open_comments_cache: LruCache[dict[str, list[OpenComment]]] = LruCache(64)


def open_comments_by_question(response: Response) -> Mapping[str, list[OpenComment]]:
    """Unresolved comments by item id of their question ("" for the whole response). One query or none."""
    return _open_comments_cache.get(response_state_key(response), lambda: _read_open_comments(response))


def _read_open_comments(response: Response) -> dict[str, list[OpenComment]]:
    fields = ("question__item_id", "text", "at", "must_answer", "by__first_name", "by__last_name", "by__email")
    rows = Comment.objects.filter(response=response, resolved_at=None, parent=None).order_by("at", "pk")
    comments: dict[str, list[OpenComment]] = {}
    for question, text, at, must, first, last, email in rows.values_list(*fields):
        name = f"{first} {last}".strip() or email
        comments.setdefault(question or "", []).append(OpenComment(text, at, name, must))
    return comments
