"""Reads of threads: what is asked about a response, by whom, what is open, who can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from accounts.roles import Capability
from survey.models import Comment, Response
from survey.notices import recipients as audience
from survey.threads.open_comments import open_comments_by_question

THREAD_FILTERS: Final = ("open", "must", "mine", "done", "all")


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """Somebody who can be mentioned."""

    id: int
    name: str
    place: str


def response_readers(response: Response) -> list[User]:
    """The province's own people who can read a response: of a contribution its agency's too."""
    province = response.round.province_id
    if response.agency_id is None:
        return audience.users_with_capability(province, Capability.RESPONSE_READ)
    found = [
        *audience.agency_coordinators(response.agency_id),
        *audience.users_with_capability(province, Capability.CONTRIBUTION_READ),
    ]
    return list({u.pk: u for u in found}.values())


def response_answerers(response: Response) -> list[User]:
    """Who answers there, and so has to answer a demand."""
    if response.agency_id is None:
        return audience.users_with_capability(response.round.province_id, Capability.ANSWER_EDIT)
    return audience.agency_coordinators(response.agency_id)


def mention_candidates(response: Response, but: User) -> list[MentionCandidate]:
    """Who can be mentioned, those of the agency first. Two or four queries."""
    own = {u.pk for u in response_answerers(response)} if response.agency_id else set()
    place = str(response.agency) if response.agency_id else ""
    found = [
        MentionCandidate(u.pk, str(u), place if u.pk in own else "")
        for u in response_readers(response)
        if u.pk != but.pk
    ]
    return sorted(found, key=lambda p: (not p.place, p.name))


def list_threads(response: Response) -> QuerySet[Comment]:
    """The threads of a response with replies and people, what is open and demanded first. Three queries."""
    replies = Comment.objects.select_related("by").prefetch_related("mentions").order_by("at", "pk")
    rows = Comment.objects.filter(response=response, parent=None)
    rows = rows.select_related("by", "question", "resolved_by").prefetch_related("mentions")
    rows = rows.prefetch_related(Prefetch("replies", replies))
    return rows.order_by("resolved_at", "-must_answer", "-at", "-pk")


def involving_user(user: User) -> Q:
    """Threads somebody takes part in: asked, answered or mentioned."""
    of = Comment.objects.filter(parent__isnull=False)
    answered = of.filter(Q(by=user) | Q(mentions=user)).values("parent")
    return Q(by=user) | Q(mentions=user) | Q(pk__in=answered)


def filter_threads(rows: QuerySet[Comment], show: str, user: User) -> QuerySet[Comment]:
    """The threads of one filter of SHOWS."""
    if show == "open":
        return rows.filter(resolved_at=None)
    if show == "must":
        return rows.filter(resolved_at=None, must_answer=True)
    if show == "mine":
        return rows.filter(involving_user(user)).distinct()
    return rows.filter(resolved_at__isnull=False) if show == "done" else rows


def count_threads_by_filter(response: Response, user: User) -> dict[str, int]:
    """How many threads each filter shows. One query."""
    rows = Comment.objects.filter(response=response, parent=None)
    found = rows.aggregate(
        open=Count("pk", filter=Q(resolved_at=None), distinct=True),
        must=Count("pk", filter=Q(resolved_at=None, must_answer=True), distinct=True),
        mine=Count("pk", filter=involving_user(user), distinct=True),
        done=Count("pk", filter=Q(resolved_at__isnull=False), distinct=True),
        all=Count("pk", distinct=True),
    )
    return {show: found[show] for show in THREAD_FILTERS}


def count_must_answer_threads(response: Response) -> int:
    """How many threads demand an answer before the response is handed in. One query or none."""
    return sum(c.must_answer for some in open_comments_by_question(response).values() for c in some)


def count_open_threads_by_question(responses: Sequence[int]) -> dict[tuple[int, int], int]:
    """Open threads by response and question. One query."""
    rows = Comment.objects.filter(response__in=responses, parent=None, resolved_at=None, question__isnull=False)
    found = rows.order_by().values_list("response_id", "question_id").annotate(n=Count("pk"))
    return {(response, question): n for response, question, n in found}
