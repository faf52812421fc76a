"""Reads of remarks that are still open, for the cards of their questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from dgready.recent import Recent
from survey.answering.queries import state_key
from survey.models import Comment, Response


class CommentRow(NamedTuple):
    """An open comment as the card of its question shows it. `must_answer`: before the answer is handed in."""

    text: str
    at: datetime
    by: str
    must_answer: bool = False


_comments: Recent[dict[str, list[CommentRow]]] = Recent(64)


def open_comments(response: Response) -> Mapping[str, list[CommentRow]]:
    """Unresolved comments by item id of their question ("" for the whole response). One query or none."""
    return _comments.get(state_key(response), lambda: _open_comments(response))


def _open_comments(response: Response) -> dict[str, list[CommentRow]]:
    fields = ("question__item_id", "text", "at", "must_answer", "by__first_name", "by__last_name", "by__email")
    rows = Comment.objects.filter(response=response, resolved_at=None, parent=None).order_by("at", "pk")
    out: dict[str, list[CommentRow]] = {}
    for question, text, at, must, first, last, email in rows.values_list(*fields):
        out.setdefault(question or "", []).append(CommentRow(text, at, f"{first} {last}".strip() or email, must))
    return out
