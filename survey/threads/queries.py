"""Reads of comment threads: lists, filters, counts, and who can read or be mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, Prefetch, Q, QuerySet

from accounts.models import User
from accounts.roles import Capability
from survey.models import Comment, Response
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


def list_threads(response: Response) -> QuerySet[Comment]:
    """The threads of a response with replies and users, unresolved and must_answer first. Three queries."""
    replies = Comment.objects.select_related("by").prefetch_related("mentions").order_by("at", "pk")
    rows = Comment.objects.filter(response=response, parent=None)
    rows = rows.select_related("by", "question", "resolved_by").prefetch_related("mentions")
    rows = rows.prefetch_related(Prefetch("replies", replies))
    return rows.order_by("resolved_at", "-must_answer", "-at", "-pk")


def involving_user(user: User, response: Response) -> Q:
    """Filter for threads of a response that involve a user: started, answered or mentioned."""
    # Only that response's replies: among those of all provinces the user's are looked for row by row.
    replies = Comment.objects.filter(response=response, parent__isnull=False)
    answered = replies.filter(Q(by=user) | Q(mentions=user)).values("parent")
    return Q(by=user) | Q(mentions=user) | Q(pk__in=answered)


def waiting_threads(response: Response) -> QuerySet[Comment]:
    """Unresolved threads of a response that must be answered and are not answered."""
    rows = Comment.objects.filter(response=response, parent=None, resolved_at=None, must_answer=True)
    return rows.filter(~Exists(answers_of_threads()))


def filter_threads(rows: QuerySet[Comment], show: str, user: User, response: Response) -> QuerySet[Comment]:
    """Apply one filter of THREAD_FILTERS to threads of a response."""
    if show == "open":
        return rows.filter(resolved_at=None)
    if show == "must":
        return rows.filter(pk__in=waiting_threads(response).values("pk"))
    if show == "mine":
        return rows.filter(involving_user(user, response)).distinct()
    return rows.filter(resolved_at__isnull=False) if show == "done" else rows


def count_threads_by_filter(response: Response, user: User) -> dict[str, int]:
    """Number of threads by filter. One query."""
    rows = Comment.objects.filter(response=response, parent=None)
    counts = rows.aggregate(
        open=Count("pk", filter=Q(resolved_at=None), distinct=True),
        must=Count("pk", filter=Q(pk__in=waiting_threads(response).values("pk")), distinct=True),
        mine=Count("pk", filter=involving_user(user, response), distinct=True),
        done=Count("pk", filter=Q(resolved_at__isnull=False), distinct=True),
        all=Count("pk", distinct=True),
    )
    return {show: counts[show] for show in THREAD_FILTERS}


def count_must_answer_threads(response: Response) -> int:
    """Number of threads that must be answered before submission and are not. One query or none."""
    return sum(len(comments) for comments in unanswered_demands(response).values())


def count_open_threads_by_question(responses: Sequence[int]) -> dict[tuple[int, int], int]:
    """Number of unresolved threads by (response id, question id). One query."""
    rows = Comment.objects.filter(response__in=responses, parent=None, resolved_at=None, question__isnull=False)
    counted = rows.order_by().values_list("response_id", "question_id").annotate(number=Count("pk"))
    return {(response, question): number for response, question, number in counted}
