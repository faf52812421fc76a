"""The journal of a provincial answer as its review needs it: its transitions, and what was added since they began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet, Subquery

from dgready.prepared_select import PreparedSelect
from survey.committee.endorsement import (
    ADDITION_EVENTS,
    Endorsement,
    LateAddition,
    endorsement_of,
    endorsing_step,
)
from survey.models import Event, Response

FIRST_REVIEWS = ("response.endorse", "response.submit")


@dataclass(frozen=True, slots=True)
class ReviewEvents:
    """Transitions, newest first, and additions since the first endorsement or submission, oldest first."""

    steps: tuple[Event, ...]
    additions: tuple[Event, ...]

    def additions_after(self, seq: int) -> list[Event]:
        """The additions after an event of endorsement or submission."""
        return [e for e in self.additions if e.seq > seq]

    def endorsement(self) -> Endorsement | None:
        """The valid endorsement of the committee, with the additions after it."""
        step = endorsing_step(self.steps)
        return endorsement_of(step, tuple(map(_late_addition, self.additions_after(step.seq)))) if step else None


def read_review_events(response: Response) -> ReviewEvents:
    """The review events of a response. One query, however many steps there were."""
    events = _REVIEW_EVENTS.all(response.pk)
    steps = [e for e in events if e.verb.startswith("response.")]
    return ReviewEvents(tuple(reversed(steps)), tuple(e for e in events if not e.verb.startswith("response.")))


def _review_events(response: Any) -> QuerySet[Event]:
    rows = Event.objects.filter(response=response)
    begun = rows.filter(verb__in=FIRST_REVIEWS).order_by().values("response").annotate(first=Min("seq")).values("first")
    found = rows.filter(Q(verb__startswith="response.") | (ADDITION_EVENTS & Q(seq__gt=Subquery(begun))))
    return found.select_related("by", "question").order_by("seq")


_REVIEW_EVENTS: PreparedSelect[Event] = PreparedSelect(_review_events)


def _late_addition(event: Event) -> LateAddition:
    by = event.by.get_full_name() if event.by else ""
    return LateAddition(event.seq, event.at, by, event.verb, event.question.item_id if event.question else "")
