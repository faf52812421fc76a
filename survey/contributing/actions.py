"""Actions on an agency's part: submit, withdraw, decline, accept, return, reopen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning import part_notices
from survey.assigning.part_progress import ContributionCounts
from survey.assigning.queries import agency_closed_reason, assignment_due, assignment_target
from survey.assigning.targets import covered_questions
from survey.consolidating.actions import notify_stale_consolidations
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Assignment, Comment, Event, Response
from survey.threads.comments import clean_comment_text
from survey.workflow.part_guards import PartGuardFacts
from survey.workflow.part_states import check_part_transition, stale_part_refusal, wrong_state_message
from survey.workflow.part_transitions import PART_TRANSITIONS_BY_NAME, PartTransition, PartTransitionName
from survey.workflow.refusal import TransitionRefused

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
    """Makes one transition under the lock of the agency's contribution; the only writer of a part's state.

    `seen`: the part's `state_at` as the person saw it; a part moved since is refused.
    `tell`: notify whoever acts next; a caller that moves many parts notifies once itself.
    Raises TransitionRefused, and then nothing has happened.
    """
    transition = PART_TRANSITIONS_BY_NAME[name]
    with transaction.atomic():
        contribution = _lock_contribution(by, part)
        locked, now = _lock_part(part), timezone.now()
        contribution.round = locked.round
        facts = _guard_facts(locked, contribution, transition, clean_comment_text(reason, MAX_REASON), now)
        check_part_transition(by, locked, transition, facts)
        if seen is not None and locked.state_at != seen:
            raise stale_part_refusal(locked)
        suggestion = suggested if name == "decline" and suggested and suggested != locked.agency else None
        fields = {"state": transition.target, "state_at": now, "state_by": by, "state_note": facts.reason}
        fields["suggested"] = suggestion
        _write_state(locked, transition, fields)
        data = _step_event_data(locked, transition, facts, suggestion)
        event = journal.record_event(
            by=by, response=contribution, verb=transition.verb, question=locked.question, data=data, at=now
        )
        if tell:
            part_notices.notify_part_moved(by=by, parts=[locked], name=name, event=event, reason=facts.reason)
        if name == "submit":
            _notify_if_consolidated(by, locked, contribution, event)
    for field, value in fields.items():
        setattr(part, field, value)
    return event


def _write_state(part: Assignment, transition: PartTransition, fields: Mapping[str, Any]) -> None:
    """Writes the new state unless the part has moved meanwhile. Raises TransitionRefused."""
    if Assignment.objects.filter(pk=part.pk, state=part.state).update(**fields) != 1:
        raise TransitionRefused("state", wrong_state_message(_lock_part(part), transition))


def _notify_if_consolidated(by: User, part: Assignment, contribution: Response, event: Event) -> None:
    """Notifies the province's editors when answers handed in again are behind the provincial answer."""
    instrument = part.round.instrument
    questions = covered_questions(compiled_instrument(instrument), assignment_target(instrument, part))
    notify_stale_consolidations(by=by, contribution=contribution, questions=questions, seq=event.seq)


def accept_parts(*, by: User, parts: Iterable[Assignment]) -> int:
    """Accepts the submitted ones of the parts, skips those moved meanwhile; returns how many.

    Each agency is notified once.
    """
    accepted_by_agency: dict[int, list[Assignment]] = defaultdict(list)
    events: dict[int, Event] = {}
    with transaction.atomic():
        for part in parts:
            try:
                events[part.agency_id] = move_part(by=by, part=part, name="accept", seen=part.state_at, tell=False)
            except TransitionRefused:
                continue
            accepted_by_agency[part.agency_id].append(part)
        for agency, accepted in accepted_by_agency.items():
            part_notices.notify_part_moved(by=by, parts=accepted, name="accept", event=events[agency])
    return sum(map(len, accepted_by_agency.values()))


def _lock_contribution(by: User, part: Assignment) -> Response:
    response = ensure_response(by=by, round_=part.round, agency=part.agency)
    return journal.lock_response(response.pk)


def _lock_part(part: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round", "agency", "question", "state_by")
    found = rows.get(pk=part.pk)
    found.round.instrument = part.round.instrument  # large, and never another one
    return found


def _guard_facts(
    part: Assignment, contribution: Response, transition: PartTransition, reason: str, now: datetime
) -> PartGuardFacts:
    answered = open_demands = 0
    if "answered" in transition.guards:
        instrument = contribution.round.instrument
        target = assignment_target(instrument, part)
        answered = ContributionCounts(response_path(contribution), ()).of(target).filled
        asked = covered_questions(compiled_instrument(instrument), target)
        open_comments = Comment.objects.filter(response=contribution, parent=None, resolved_at=None, must_answer=True)
        open_demands = open_comments.filter(Q(question__item_id__in=asked) | Q(question=None)).count()
    closed = agency_closed_reason(contribution, now) if "in_time" in transition.guards else ""
    return PartGuardFacts(now, reason=reason, answered=answered, open_demands=open_demands, closed_reason=closed)


def _step_event_data(
    part: Assignment, transition: PartTransition, facts: PartGuardFacts, suggested: Agency | None
) -> dict[str, Any]:
    instrument = part.round.instrument
    data: dict[str, Any] = {
        "assignment": part.pk,
        "part": str(assignment_target(instrument, part)),
        "from": str(part.state),
        "to": str(transition.target),
    }
    if facts.reason:
        data["reason"] = facts.reason
    if suggested:
        data["suggested"] = suggested.code
    if timezone.localdate(facts.now) > assignment_due(part.round, part):
        data["late"] = True
    return data
