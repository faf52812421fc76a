"""Moving the provincial response: allowed transitions, and the one function that writes its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dgready.arrival import deadline_now
from survey.access import has_response_capability
from survey.journal import actions as journal
from survey.models import Event, Response
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import RESPONSE_GUARDS, RESPONSE_PRECHECKS, ResponseGuardFacts
from survey.workflow.response_transitions import (
    ResponseTransition,
    ResponseTransitionName,
    get_transition,
    transitions_of,
)


def allowed_response_transitions(
    user: User, response: Response, now: datetime | None = None
) -> list[ResponseTransition]:
    """The transitions this person may make now, apart from guards that depend on their input."""
    facts = ResponseGuardFacts(now or deadline_now(), user)
    return [
        transition
        for transition in transitions_of(response)
        if response.state in transition.sources
        and has_response_capability(user, response, transition.capability)
        and not any(RESPONSE_GUARDS[g](response, facts) for g in transition.guards if g in RESPONSE_PRECHECKS)
    ]


def refusal_message(user: User, response: Response, name: ResponseTransitionName, now: datetime | None = None) -> str:
    """The reason why this person cannot make the transition now, before any input; empty when they can."""
    try:
        _check_transition(
            user,
            response,
            get_transition(response, name),
            ResponseGuardFacts(now or deadline_now(), user),
            only=RESPONSE_PRECHECKS,
        )
    except TransitionRefused as refused:
        return str(refused)
    return ""


def _check_transition(
    by: User,
    response: Response,
    transition: ResponseTransition,
    facts: ResponseGuardFacts,
    only: frozenset[str] | None = None,
) -> None:
    if not has_response_capability(by, response, transition.capability):
        raise TransitionRefused("capability", _("ท่านไม่มีสิทธิทำขั้นตอนนี้"))
    if response.state not in transition.sources:
        raise TransitionRefused("state", _wrong_state_message(response, transition))
    for name in transition.guards:
        if (only is None or name in only) and (text := RESPONSE_GUARDS[name](response, facts)):
            raise TransitionRefused("closed" if name in RESPONSE_PRECHECKS else "guard", text)


def _wrong_state_message(response: Response, transition: ResponseTransition) -> str:
    """A message with the current state and who made it; shown to the second of two people who acted at once."""
    words = {"state": response.state_label, "step": transition.label_for(response)}
    events = Event.objects.filter(response=response, verb__in=[t.verb for t in transitions_of(response)])
    last_event = events.select_related("by").order_by("-seq").first()
    if last_event is None or last_event.by is None:
        return _("%(step)sไม่ได้ เพราะคำตอบอยู่ในสถานะ “%(state)s”") % words
    words["who"] = last_event.by.get_full_name()
    return _("%(step)sไม่ได้ เพราะคำตอบอยู่ในสถานะ “%(state)s” แล้ว โดย %(who)s") % words


def check_version_seen(locked: Response, seen: int | None) -> None:
    """Raises TransitionRefused when the response has changed since version `seen` (None: not checked)."""
    if seen is not None and seen != locked.version:
        raise TransitionRefused("changed", _("คำตอบเปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดตรวจอีกครั้งก่อนตัดสินใจ"))


def move_response(
    *,
    by: User,
    response: Response,
    name: ResponseTransitionName,
    facts: Callable[[Response, datetime], ResponseGuardFacts] | None = None,
    seen: int | None = None,
    effect: Callable[[Response, datetime], tuple[Mapping[str, Any], Mapping[str, Any]]] | None = None,
) -> Event:
    """Makes a transition under the response's lock; the only place where `state` is written.

    `facts` gives what the guards need; `effect` does what belongs to the transition and answers with the
    event's data and further fields of the response; both run under the lock. `seen`: the version the person
    decided on. Raises TransitionRefused, and then nothing has happened.
    """
    with transaction.atomic():
        locked = journal.lock_response(response.pk)
        now = timezone.now()
        transition = get_transition(locked, name)
        given = facts(locked, now) if facts else ResponseGuardFacts(now)
        _check_transition(by, locked, transition, replace(given, by=by, now=deadline_now()))
        check_version_seen(locked, seen)
        data, fields = effect(locked, now) if effect else ({}, {})
        unmoved = Response.objects.filter(pk=locked.pk, state=locked.state)
        if unmoved.update(state=transition.target, **fields) != 1:
            raise TransitionRefused(
                "state", _wrong_state_message(Response.objects.select_related("round").get(pk=locked.pk), transition)
            )
        step = {"from": str(locked.state), "to": str(transition.target)}
        event = journal.record_event(by=by, response=locked, verb=transition.verb, data={**step, **data}, at=now)
    for field, value in {"state": transition.target, **fields}.items():
        setattr(response, field, value)
    response.version, response.head = event.seq, event.hash
    return event
