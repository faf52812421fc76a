"""Actions on an agency's part: submit, report nothing, withdraw, decline, accept, return, reopen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from dgready.arrival import deadline_day, deadline_now
from survey.answering.opening import ensure_response
from survey.assigning import part_notices
from survey.assigning.queries import assignment_due, assignment_target
from survey.assigning.targets import covered_questions
from survey.consolidating.actions import notify_stale_consolidations
from survey.contributing.facts import MAX_REASON, guard_facts
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Assignment, Event, Response
from survey.threads.comments import clean_comment_text
from survey.workflow.part_guards import PartGuardFacts
from survey.workflow.part_states import check_part_transition, stale_part_refusal, wrong_state_message
from survey.workflow.part_transitions import PART_TRANSITIONS_BY_NAME, PartTransition, PartTransitionName
from survey.workflow.refusal import TransitionRefused


def move_part(
    *,
    by: User,
    part: Assignment,
    name: PartTransitionName,
    reason: str = "",
    evidence_reasons: Mapping[str, str] | None = None,
    suggested: Agency | None = None,
    seen: datetime | None = None,
    returned_with: int = 0,
    tell: bool = True,
) -> Event:
    """Makes one transition under the lock of the agency's contribution; the only writer of a part's state.

    `evidence_reasons`: by question, why evidence is missing. `seen`: the part's `state_at` as the person saw it; a
    part moved since is refused. `returned_with`: the number of parts returned at once for this reason.
    `tell`: notify whoever acts next; a caller that moves many parts notifies once itself.
    Raises TransitionRefused, and then nothing has happened.
    """
    transition = PART_TRANSITIONS_BY_NAME[name]
    with transaction.atomic():
        contribution, locked = _lock_contribution(by, part), _lock_part(part)
        contribution.round = locked.round
        facts = guard_facts(locked, contribution, transition, reason=reason, evidence_reasons=evidence_reasons or {})
        check_part_transition(by, locked, transition, replace(facts, now=deadline_now()))
        if seen is not None and locked.state_at != seen:
            raise stale_part_refusal(locked)
        fields = _state_fields(by, transition, facts) | {"returned_with": returned_with}
        fields["suggested"] = suggested if name == "decline" and suggested != locked.agency else None
        _write_state(locked, transition, fields)
        event = _record_step(by, locked, contribution, transition, facts, fields)
        if tell:
            part_notices.notify_part_moved(by=by, parts=[locked], name=name, event=event, reason=facts.reason)
        if transition.target == Assignment.State.SUBMITTED:
            _notify_if_consolidated(by, locked, contribution, event)
    for field, value in fields.items():
        setattr(part, field, value)
    return event


def _state_fields(by: User, transition: PartTransition, facts: PartGuardFacts) -> dict[str, Any]:
    """The columns of the new state. Accepting keeps what was said on handing in."""
    fields: dict[str, Any] = {"state": transition.target, "state_at": facts.now, "state_by": by, "state_note": ""}
    if transition.name == "nothing":
        return fields | {"nothing_reason": facts.reason, "evidence_reasons": {}}
    if transition.name == "accept":
        return fields
    fields |= {"state_note": facts.reason, "nothing_reason": ""}
    return fields | ({"evidence_reasons": dict(facts.evidence_reasons)} if transition.name == "submit" else {})


def _write_state(part: Assignment, transition: PartTransition, fields: Mapping[str, Any]) -> None:
    """Writes the new state unless the part has moved meanwhile. Raises TransitionRefused."""
    if Assignment.objects.filter(pk=part.pk, state=part.state).update(**fields) != 1:
        raise TransitionRefused("state", wrong_state_message(_lock_part(part), transition))


def _notify_if_consolidated(by: User, part: Assignment, contribution: Response, event: Event) -> None:
    """Notifies the province's editors when answers handed in again are behind the provincial answer."""
    instrument = part.round.instrument
    questions = covered_questions(compiled_instrument(instrument), assignment_target(instrument, part))
    notify_stale_consolidations(by=by, contribution=contribution, questions=questions, seq=event.seq)


class PartsToMove(NamedTuple):
    """Parts chosen for one step, with the reason of each where it has one of its own, and the common reason."""

    parts: Sequence[Assignment]
    reason: str = ""
    own_reasons: Mapping[int, str] = MappingProxyType({})


def accept_parts(*, by: User, parts: Iterable[Assignment]) -> int:
    """Accepts the submitted ones of the parts, skips those moved meanwhile; returns how many.

    Each agency is notified once.
    """
    return _move_parts(by, "accept", [(part, "", 0) for part in parts])


def return_parts(*, by: User, chosen: PartsToMove) -> int:
    """Returns the parts, each for its own reason or the common one; skips those moved meanwhile. How many.

    Parts that share the common reason say with how many. Raises TransitionRefused when one has no reason.
    """
    common = clean_comment_text(chosen.reason, MAX_REASON)
    own = {part.pk: clean_comment_text(chosen.own_reasons.get(part.pk, ""), MAX_REASON) for part in chosen.parts}
    if not common and not all(own.values()):
        raise TransitionRefused("guard", _("โปรดระบุเหตุผลของแต่ละส่วน หรือเหตุผลร่วม"))
    sharing = sum(not own[part.pk] for part in chosen.parts)
    shared_with = sharing if sharing > 1 else 0
    return _move_parts(
        by, "return", [(part, own[part.pk] or common, 0 if own[part.pk] else shared_with) for part in chosen.parts]
    )


def _move_parts(by: User, name: PartTransitionName, moves: Iterable[tuple[Assignment, str, int]]) -> int:
    """Moves parts (each with its reason and how many share it), telling each agency once per reason; how many."""
    moved: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
    events: dict[tuple[int, str], Event] = {}
    with transaction.atomic():
        for part, reason, returned_with in moves:
            key = (part.agency_id, reason)
            try:
                events[key] = move_part(
                    by=by,
                    part=part,
                    name=name,
                    reason=reason,
                    seen=part.state_at,
                    returned_with=returned_with,
                    tell=False,
                )
            except TransitionRefused:
                continue
            moved[key].append(part)
        for key, parts in moved.items():
            part_notices.notify_part_moved(by=by, parts=parts, name=name, event=events[key], reason=key[1])
    return sum(map(len, moved.values()))


def _lock_contribution(by: User, part: Assignment) -> Response:
    response = ensure_response(by=by, round_=part.round, agency=part.agency)
    return journal.lock_response(response.pk)


def _lock_part(part: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round", "agency", "question", "state_by")
    found = rows.get(pk=part.pk)
    found.round.instrument = part.round.instrument  # large, and never another one
    return found


def _record_step(
    by: User,
    part: Assignment,
    contribution: Response,
    transition: PartTransition,
    facts: PartGuardFacts,
    fields: Mapping[str, Any],
) -> Event:
    data: dict[str, Any] = {
        "assignment": part.pk,
        "part": str(assignment_target(part.round.instrument, part)),
        "from": str(part.state),
        "to": str(transition.target),
    }
    suggested: Agency | None = fields["suggested"]
    details = {
        "reason": facts.reason,
        "evidence": fields.get("evidence_reasons"),
        "shared": fields["returned_with"],
        "suggested": suggested.code if suggested else "",
        "late": deadline_day() > assignment_due(part.round, part),
    }
    data |= {key: value for key, value in details.items() if value}
    return journal.record_event(
        by=by, response=contribution, verb=transition.verb, question=part.question, data=data, at=facts.now
    )
