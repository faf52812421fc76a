"""Moving an agency's part: submitting, taking back, declining; accepting, returning, opening again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning import part_notices
from survey.assigning import queries as parts
from survey.assigning.part_progress import ContributionCounts
from survey.assigning.targets import covered_questions
from survey.consolidating import actions as consolidation
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Assignment, Comment, Event, Response
from survey.threads.comments import clean_comment_text
from survey.workflow.part_states import (
    PART_TRANSITIONS_BY_NAME,
    PartGuardFacts,
    PartTransition,
    PartTransitionName,
    check_part_transition,
    stale_part_refusal,
    wrong_state_message,
)
from survey.workflow.response_states import TransitionRefused

MAX_REASON = 1000


def move_part(
    *,
    by: User,
    part: Assignment,
    name: PartTransitionName,
    reason: str = "",
    suggested: Agency | None = None,
    seen: datetime | None = None,
    tell: bool = True,
) -> Event:
    """Takes one step under the lock of the agency's contribution; the only place where a part's state is written.

    `seen`: since when the part stood as the person saw it; what moved in between is not decided unseen.
    `tell`: whoever has the next step; who moves many parts tells of all at once.
    Raises Refused, and then nothing has happened.
    """
    row = PART_TRANSITIONS_BY_NAME[name]
    with transaction.atomic():
        contribution = _lock_contribution(by, part)
        locked = _lock_part(part)
        contribution.round = locked.round
        now = timezone.now()
        facts = _guard_facts(locked, contribution, row, clean_comment_text(reason, MAX_REASON), now)
        check_part_transition(by, locked, row, facts)
        if seen is not None and locked.state_at != seen:
            raise stale_part_refusal(locked)
        kept = suggested if row.name == "decline" and suggested and suggested != locked.agency else None
        fields = {"state": row.target, "state_at": now, "state_by": by, "state_note": facts.reason, "suggested": kept}
        if Assignment.objects.filter(pk=locked.pk, state=locked.state).update(**fields) != 1:
            raise TransitionRefused("state", wrong_state_message(_lock_part(part), row))
        event = journal.record_event(
            by=by,
            response=contribution,
            verb=row.verb,
            question=locked.question,
            data=_step_event_data(locked, row, facts, kept),
            at=now,
        )
        if tell:
            part_notices.notify_part_moved(by=by, found=[locked], name=row.name, event=event, reason=facts.reason)
        if row.name == "submit":
            instrument = locked.round.instrument
            asked = covered_questions(compiled_instrument(instrument), parts.assignment_target(instrument, locked))
            consolidation.notify_stale_consolidations(by=by, contribution=contribution, questions=asked, seq=event.seq)
    for field, value in fields.items():
        setattr(part, field, value)
    return event


def accept_parts(*, by: User, found: Iterable[Assignment]) -> int:
    """Accepts those of the parts that are submitted; what somebody else moved meanwhile stays. How many it was.

    Each agency is told once.
    """
    done: dict[int, list[Assignment]] = defaultdict(list)
    events: dict[int, Event] = {}
    with transaction.atomic():
        for part in found:
            try:
                events[part.agency_id] = move_part(by=by, part=part, name="accept", seen=part.state_at, tell=False)
            except TransitionRefused:
                continue
            done[part.agency_id].append(part)
        for agency, accepted in done.items():
            part_notices.notify_part_moved(by=by, found=accepted, name="accept", event=events[agency])
    return sum(map(len, done.values()))


def _lock_contribution(by: User, part: Assignment) -> Response:
    response = ensure_response(by=by, round_=part.round, agency=part.agency)
    return journal.lock_response(response.pk)


def _lock_part(part: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round", "agency", "question", "state_by")
    found = rows.get(pk=part.pk)
    found.round.instrument = part.round.instrument  # large, and never another one
    return found


def _guard_facts(
    part: Assignment, contribution: Response, row: PartTransition, reason: str, now: datetime
) -> PartGuardFacts:
    given = demands = 0
    if "answered" in row.guards:
        instrument = contribution.round.instrument
        target = parts.assignment_target(instrument, part)
        given = ContributionCounts(response_path(contribution), ()).of(target).given
        asked = covered_questions(compiled_instrument(instrument), target)
        open_ones = Comment.objects.filter(response=contribution, parent=None, resolved_at=None, must_answer=True)
        demands = open_ones.filter(Q(question__item_id__in=asked) | Q(question=None)).count()
    closed = parts.agency_closed_reason(contribution, now) if "in_time" in row.guards else ""
    return PartGuardFacts(now, reason=reason, given=given, demands=demands, closed=closed)


def _step_event_data(
    part: Assignment, row: PartTransition, facts: PartGuardFacts, suggested: Agency | None
) -> dict[str, Any]:
    instrument = part.round.instrument
    data: dict[str, Any] = {
        "assignment": part.pk,
        "part": str(parts.assignment_target(instrument, part)),
        "from": str(part.state),
        "to": str(row.target),
    }
    if facts.reason:
        data["reason"] = facts.reason
    if suggested:
        data["suggested"] = suggested.code
    if timezone.localdate(facts.now) > parts.assignment_due(part.round, part):
        data["late"] = True
    return data
