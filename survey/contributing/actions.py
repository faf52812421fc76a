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
from survey.answering.queries import path_of
from survey.assigning import part_notices
from survey.assigning import queries as parts
from survey.assigning.part_progress import Counts
from survey.assigning.targets import covered
from survey.consolidating import actions as consolidation
from survey.instrument.queries import instrument_of
from survey.journal import actions as journal
from survey.models import Assignment, Comment, Event, Response
from survey.threads.remarks import clean
from survey.workflow.part_states import BY_NAME, Facts, Name, Transition, check, moved_by_others, wrong_state
from survey.workflow.response_states import Refused

MAX_REASON = 1000


def move(
    *,
    by: User,
    part: Assignment,
    name: Name,
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
    row = BY_NAME[name]
    with transaction.atomic():
        contribution = _contribution(by, part)
        locked = _locked(part)
        contribution.round = locked.round
        now = timezone.now()
        facts = _facts(locked, contribution, row, clean(reason, MAX_REASON), now)
        check(by, locked, row, facts)
        if seen is not None and locked.state_at != seen:
            raise moved_by_others(locked)
        kept = suggested if row.name == "decline" and suggested and suggested != locked.agency else None
        fields = {"state": row.target, "state_at": now, "state_by": by, "state_note": facts.reason, "suggested": kept}
        if Assignment.objects.filter(pk=locked.pk, state=locked.state).update(**fields) != 1:
            raise Refused("state", wrong_state(_locked(part), row))
        event = journal.record(
            by=by,
            response=contribution,
            verb=row.verb,
            question=locked.question,
            data=_said(locked, row, facts, kept),
            at=now,
        )
        if tell:
            part_notices.moved(by=by, found=[locked], name=row.name, event=event, reason=facts.reason)
        if row.name == "submit":
            instrument = locked.round.instrument
            asked = covered(instrument_of(instrument), parts.target_of(instrument, locked))
            consolidation.tell_changed(by=by, contribution=contribution, questions=asked, seq=event.seq)
    for field, value in fields.items():
        setattr(part, field, value)
    return event


def accept_all(*, by: User, found: Iterable[Assignment]) -> int:
    """Accepts those of the parts that are submitted; what somebody else moved meanwhile stays. How many it was.

    Each agency is told once.
    """
    done: dict[int, list[Assignment]] = defaultdict(list)
    events: dict[int, Event] = {}
    with transaction.atomic():
        for part in found:
            try:
                events[part.agency_id] = move(by=by, part=part, name="accept", seen=part.state_at, tell=False)
            except Refused:
                continue
            done[part.agency_id].append(part)
        for agency, accepted in done.items():
            part_notices.moved(by=by, found=accepted, name="accept", event=events[agency])
    return sum(map(len, done.values()))


def _contribution(by: User, part: Assignment) -> Response:
    response = ensure_response(by=by, round_=part.round, agency=part.agency)
    return journal.lock(response.pk)


def _locked(part: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round", "agency", "question", "state_by")
    found = rows.get(pk=part.pk)
    found.round.instrument = part.round.instrument  # large, and never another one
    return found


def _facts(part: Assignment, contribution: Response, row: Transition, reason: str, now: datetime) -> Facts:
    given = demands = 0
    if "answered" in row.guards:
        instrument = contribution.round.instrument
        target = parts.target_of(instrument, part)
        given = Counts(path_of(contribution), ()).of(target).given
        asked = covered(instrument_of(instrument), target)
        open_ones = Comment.objects.filter(response=contribution, parent=None, resolved_at=None, must_answer=True)
        demands = open_ones.filter(Q(question__item_id__in=asked) | Q(question=None)).count()
    closed = parts.closed(contribution, now) if "in_time" in row.guards else ""
    return Facts(now, reason=reason, given=given, demands=demands, closed=closed)


def _said(part: Assignment, row: Transition, facts: Facts, suggested: Agency | None) -> dict[str, Any]:
    instrument = part.round.instrument
    data: dict[str, Any] = {
        "assignment": part.pk,
        "part": str(parts.target_of(instrument, part)),
        "from": str(part.state),
        "to": str(row.target),
    }
    if facts.reason:
        data["reason"] = facts.reason
    if suggested:
        data["suggested"] = suggested.code
    if timezone.localdate(facts.now) > parts.due_of(part.round, part):
        data["late"] = True
    return data
