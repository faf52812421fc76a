"""Reads of comment threads: lists, filters, counts, and who can read or be mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.db.models import Count, Exists, Q, QuerySet

from accounts.models import User
from accounts.roles import Capability
from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect
from survey.models import Comment, Question, Response
from survey.notices import recipients
from survey.threads.comments import answers_of_threads
from survey.threads.open_comments import unanswered_demands

THREAD_FILTERS: Final = ("open", "must", "mine", "done", "all")


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """A user who can be mentioned in a comment."""

    id: int
    name: str
    place: str


def response_readers(response: Response) -> list[User]:
    """Users of the province who can read a response; for a contribution also the agency's coordinators."""
    province = response.round.province_id
    if response.agency_id is None:
        return recipients.users_with_capability(province, Capability.RESPONSE_READ)
    readers = [
        *recipients.agency_coordinators(response.agency_id),
        *recipients.users_with_capability(province, Capability.CONTRIBUTION_READ),
    ]
    return list({user.pk: user for user in readers}.values())


def response_answerers(response: Response) -> list[User]:
    """Users who answer a response, and so have to answer threads marked must_answer."""
    if response.agency_id is None:
        return recipients.users_with_capability(response.round.province_id, Capability.ANSWER_EDIT)
    return recipients.agency_coordinators(response.agency_id)


def mention_candidates(response: Response, but: User) -> list[MentionCandidate]:
    """Users who can be mentioned, those of the agency first. Two or four queries."""
    agency_user_ids = {u.pk for u in response_answerers(response)} if response.agency_id else set()
    place = str(response.agency) if response.agency_id else ""
    candidates = [
        MentionCandidate(u.pk, str(u), place if u.pk in agency_user_ids else "")
        for u in response_readers(response)
        if u.pk != but.pk
    ]
    return sorted(candidates, key=lambda candidate: (not candidate.place, candidate.name))


def listed_threads(response: Response, user: User, show: str, total: int) -> CountedRows[Comment]:
    """The `total` threads of one filter of THREAD_FILTERS, for a page. Three queries at most for each slice.

    With replies and users, unresolved and must_answer first.
    """
    values = (response.pk, user.pk) if show == "mine" else (response.pk,)
    return CountedRows(
        total, lambda start, stop: _with_replies(_LISTED.all(*values, show=show, start=start, stop=stop))
    )


def threads_of_question(response: Response, question: Question) -> list[Comment]:
    """The threads of a question, as `listed_threads` gives them. Three queries at most."""
    return _with_replies(_OF_QUESTION.all(response.pk, question.pk))


def _with_replies(threads: list[Comment]) -> list[Comment]:
    """The same threads, with what prefetch_related would read: replies, and who is mentioned."""
    replies: dict[int, list[Comment]] = {thread.pk: [] for thread in threads}
    for reply in _REPLIES.all(list(replies)) if threads else ():
        replies[cast("int", reply.parent_id)].append(reply)
    said = [*threads, *(reply for some in replies.values() for reply in some)]
    mentioned: dict[int, list[User]] = {one.pk: [] for one in said}
    for row in _MENTIONED.all([one.pk for one in said]) if said else ():
        mentioned[row.comment_id].append(row.user)
    for one in said:
        vars(one)["_prefetched_objects_cache"] = {"mentions": mentioned[one.pk], "replies": replies.get(one.pk, [])}
    return threads


def _threads(response: int) -> QuerySet[Comment]:
    rows = Comment.objects.filter(response=response, parent=None)
    rows = rows.select_related("by", "question", "resolved_by")
    return rows.order_by("resolved_at", "-must_answer", "-at", "-pk")


_LISTED: PreparedSelect[Comment] = PreparedSelect(
    lambda response, *user, show, start, stop: _filter_threads(_threads(response), show, response, *user)[start:stop]
)
_OF_QUESTION: PreparedSelect[Comment] = PreparedSelect(
    lambda response, question: _threads(response).filter(question=question)
)
_REPLIES: PreparedSelect[Comment] = PreparedSelect(
    lambda threads: Comment.objects.filter(parent__in=threads).select_related("by").order_by("at", "pk")
)
_MENTIONED: PreparedSelect[Any] = PreparedSelect(
    lambda comments: (
        Comment.mentions.through._default_manager.filter(comment__in=comments)
        .select_related("user")
        .order_by("user__sort_key", "user__email")
    )
)


def _involving(user: int, response: int) -> Q:
    """Filter for threads of a response that involve a user: started, answered or mentioned."""
    # Only that response's replies: among those of all provinces the user's are looked for row by row.
    replies = Comment.objects.filter(response=response, parent__isnull=False)
    answered = replies.filter(Q(by=user) | Q(mentions=user)).values("parent")
    return Q(by=user) | Q(mentions=user) | Q(pk__in=answered)


def _waiting(response: int) -> QuerySet[Comment]:
    """Unresolved threads of a response that must be answered and are not answered."""
    rows = Comment.objects.filter(response=response, parent=None, resolved_at=None, must_answer=True)
    return rows.filter(~Exists(answers_of_threads()))


def _filter_threads(rows: QuerySet[Comment], show: str, response: int, user: int = 0) -> QuerySet[Comment]:
    """Apply one filter of THREAD_FILTERS to threads of a response; of "mine" the user is told."""
    if show == "open":
        return rows.filter(resolved_at=None)
    if show == "must":
        return rows.filter(pk__in=_waiting(response).values("pk"))
    if show == "mine":
        return rows.filter(_involving(user, response)).distinct()
    return rows.filter(resolved_at__isnull=False) if show == "done" else rows


def count_threads_by_filter(response: Response, user: User) -> dict[str, int]:
    """Number of threads by filter. One query."""
    counts = _COUNTS.first(response.pk, user.pk) or (0,) * len(THREAD_FILTERS)
    return dict(zip(THREAD_FILTERS, counts, strict=True))


_COUNTS: PreparedSelect[tuple[int, ...]] = PreparedSelect(
    lambda response, user: (
        Comment.objects.filter(response=response, parent=None)
        .order_by()
        .values("response")
        .annotate(
            open=Count("pk", filter=Q(resolved_at=None), distinct=True),
            must=Count("pk", filter=Q(pk__in=_waiting(response).values("pk")), distinct=True),
            mine=Count("pk", filter=_involving(user, response), distinct=True),
            done=Count("pk", filter=Q(resolved_at__isnull=False), distinct=True),
            all=Count("pk", distinct=True),
        )
        .values_list(*THREAD_FILTERS)
    )
)


def count_must_answer_threads(response: Response) -> int:
    """Number of threads that must be answered before submission and are not. One query or none."""
    return sum(len(comments) for comments in unanswered_demands(response).values())


def count_open_threads_by_question(responses: Sequence[int]) -> dict[tuple[int, int], int]:
    """Number of unresolved threads by (response id, question id). One query."""
    rows = Comment.objects.filter(response__in=responses, parent=None, resolved_at=None, question__isnull=False)
    counted = rows.order_by().values_list("response_id", "question_id").annotate(number=Count("pk"))
    return {(response, question): number for response, question, number in counted}
