"""Reads of unresolved comments, for the question cards they are shown on and for what waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists

from dgready.lru_cache import LruCache
from dgready.prepared_queries import PreparedValues
from survey.answering.queries import response_state_key
from survey.models import Comment, Response
from survey.threads.comments import answers_of_threads

_OPEN_COMMENTS = PreparedValues(
    lambda: (
        Comment.objects.filter(resolved_at=None, parent=None)
        .order_by("at", "pk")
        .annotate(answered=Exists(answers_of_threads()))
        .values_list(
            *("text", "at", "must_answer", "answered", "pk", "question__item_id"),
            *("by__first_name", "by__last_name", "by__email"),
        )
    ),
    "response",
)


class OpenComment(NamedTuple):
    """An unresolved comment as shown on a question card.

    `must_answer`: it blocks the submission until it is `answered`, by somebody other than its author.
    """

    text: str
    at: datetime
    by: str
    must_answer: bool = False
    answered: bool = False
    pk: int = 0
    question: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it still blocks the submission."""
        return self.must_answer and not self.answered


_open_comments_cache: LruCache[dict[str, list[OpenComment]]] = LruCache(64)


def open_comments_by_question(response: Response) -> Mapping[str, list[OpenComment]]:
    """Unresolved comments by item id of their question ("" for the whole response). One query or none."""
    return _open_comments_cache.get(response_state_key(response), lambda: _read_open_comments(response))


def unanswered_demands(response: Response) -> dict[str, list[OpenComment]]:
    """The comments that block the submission, by item id of their question. One query or none."""
    blocking = {q: [c for c in some if c.blocks] for q, some in open_comments_by_question(response).items()}
    return {q: some for q, some in blocking.items() if some}


def _read_open_comments(response: Response) -> dict[str, list[OpenComment]]:
    comments: dict[str, list[OpenComment]] = {}
    for text, at, must, answered, pk, question, first, last, email in _OPEN_COMMENTS.all(response.pk):
        name = f"{first} {last}".strip() or email
        comment = OpenComment(text, at, name, must, answered, pk, question or "")
        comments.setdefault(comment.question, []).append(comment)
    return comments
