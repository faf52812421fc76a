"""Actions on bulk acts: draft with its preview, start once, do what is left, undo.

The rows are the truth: whoever finds an act that was started and is not done goes on with what waits. A step changes
its state in the transaction that does it, so two workers never do it twice.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from accounts.actions.log import NotAllowed, RefusedError
from accounts.models import User
from accounts.roles import Capability
from dgready.publishing import publish_on_commit
from nation.bulk.planning import StepPlan, plan_digest
from nation.bulk.plans import make_plans
from nation.bulk.steps import DO_STEP, StepRefused
from nation.models import BulkAct, BulkStep
from scoring.externals.actions import ExternalScoreRefused
from survey.answering.actions import NotEditable
from survey.rounds.actions import ReasonRequired, RoundAlreadyOpen
from survey.rounds.taking_back import RoundInUse

RUN_TASK: Final = "nation.tasks.run_bulk_act"
AT_ONCE: Final = 20  # provinces done within the request; more are done in the background
IMPORTS_AT_ONCE: Final = 2  # an import writes dozens of rows for each
DRAFT_LIFETIME: Final = timedelta(hours=1)  # as previews elsewhere (dgready.previews)
SENDING_KINDS: Final = frozenset({BulkAct.Kind.MESSAGE, BulkAct.Kind.REMIND})
SENT_A_DAY: Final = 20  # messages and reminders of one person: a slip of the hand must not fill 76 mailboxes
PEOPLE_A_MESSAGE: Final = 2000
UNDOABLE_KINDS: Final = frozenset({BulkAct.Kind.OPEN, BulkAct.Kind.CLOSES, BulkAct.Kind.CLOSE, BulkAct.Kind.SCORES})
GIVEN_KINDS: Final = frozenset({BulkAct.Kind.IMPORT, BulkAct.Kind.SCORES})  # what they do lies in their steps
LOST_AFTER: Final = timedelta(seconds=60)  # without a sign of life the worker is dead, or the message was lost
GIVE_UP_AFTER: Final = timedelta(hours=6)  # a database that refuses for so long will not take it
_REFUSALS: Final[Mapping[type[Exception], str]] = {
    NotAllowed: "not_allowed",
    RoundAlreadyOpen: "open",
    ReasonRequired: "needs_reason",
    RoundInUse: "not_empty",
    NotEditable: "not_editable",
    ExternalScoreRefused: "not_external",
}
log = logging.getLogger(__name__)
State = BulkStep.State


class PreviewStale(Exception):
    """What would be done now is not what the preview showed, or the preview is too old."""


class TooManyMessages(Exception):
    """The person has sent enough for today, or the message would go to too many people."""


def draft_act(
    *,
    by: User,
    kind: str,
    year: int,
    codes: Collection[str],
    params: Mapping[str, Any],
    given: Mapping[str, Mapping[str, Any]] | None = None,
) -> BulkAct:
    """Stores what an act would do, as its preview shows it, and no more. Raises NotAllowed, TooManyMessages."""
    _check_allowed(by, kind)
    plans = make_plans(kind, year, codes, params, given or {})
    if kind in SENDING_KINDS:
        _check_sending(by, plans)
    now = timezone.now()
    with transaction.atomic():
        BulkAct.objects.filter(started_at=None, made_at__lt=now - DRAFT_LIFETIME).delete()
        digest = plan_digest(kind, params, plans)
        act = BulkAct.objects.create(kind=kind, year=year, params=dict(params), digest=digest, by=by, made_at=now)
        _create_steps(act, plans)
    return act


def _check_allowed(by: User, kind: str) -> None:
    """Acts for all provinces are of those who hold the capability without a province."""
    needed = {Capability.NATION_MANAGE}
    if kind == BulkAct.Kind.SCORES:
        needed.add(Capability.EXTERNAL_SCORE_EDIT)
    if not any(grant.province_id is None and needed <= grant.capabilities for grant in by.grants):
        raise NotAllowed


def _check_sending(by: User, plans: Sequence[StepPlan]) -> None:
    since = timezone.now() - timedelta(days=1)
    sent = BulkAct.objects.filter(by=by, kind__in=SENDING_KINDS, started_at__gte=since).count()
    people = {pk for plan in plans for pk in plan.after.get("people", ())}
    if sent >= SENT_A_DAY or len(people) > PEOPLE_A_MESSAGE:
        raise TooManyMessages


def _create_steps(act: BulkAct, plans: Sequence[StepPlan]) -> None:
    rows = [
        BulkStep(
            act=act,
            province_id=plan.province,
            state=State.LEFT_OUT if plan.reason else State.WAITING,
            reason=plan.reason,
            before=dict(plan.before),
            after=dict(plan.after),
        )
        for plan in plans
    ]
    BulkStep.objects.bulk_create(rows)


def start_act(*, by: User, act: BulkAct, digest: str) -> bool:
    """Starts a previewed act, once; False when it was started before. Raises NotAllowed, PreviewStale, TooManyMessages.

    `digest`: of the preview that the person saw. Few provinces are done before this returns, many in the background.
    """
    _check_allowed(by, act.kind)
    if act.by_id != by.pk:
        raise NotAllowed
    if act.started_at is not None:
        return False
    now = timezone.now()
    plans = _plans_now(act)
    if act.made_at < now - DRAFT_LIFETIME or not digest == act.digest == plan_digest(act.kind, act.params, plans):
        raise PreviewStale
    if act.kind in SENDING_KINDS:
        _check_sending(by, plans)
    waiting = sum(not plan.reason for plan in plans)
    at_once = waiting <= (IMPORTS_AT_ONCE if act.kind == BulkAct.Kind.IMPORT else AT_ONCE)
    with transaction.atomic():
        if not BulkAct.objects.filter(pk=act.pk, started_at=None).update(started_at=now, beat_at=now):
            return False
        if not at_once:
            publish_on_commit(RUN_TASK, act.pk)
    if at_once:
        run_act(act.pk)
    return True


def draft_again(*, by: User, act: BulkAct, params: Mapping[str, Any] | None = None) -> BulkAct:
    """A preview of the same act as things stand now, instead of one that is stale. Raises NotAllowed.

    `params`: where something else was chosen for it.
    """
    given = _given(act)
    params = act.params if params is None else params
    fresh = draft_act(by=by, kind=act.kind, year=act.year, codes=given, params=params, given=given)
    BulkAct.objects.filter(pk=act.pk, started_at=None).delete()
    return fresh


def _plans_now(act: BulkAct) -> list[StepPlan]:
    given = _given(act)
    return make_plans(act.kind, act.year, given, act.params, given)


def _given(act: BulkAct) -> dict[str, Mapping[str, Any]]:
    """By code the rows of an import or a table, as they are stored; empty for other acts."""
    rows = act.steps.values_list("province__code", "after")
    return {code: after if act.kind in GIVEN_KINDS else {} for code, after in rows}


def run_act(pk: int) -> None:
    """Does the steps of a started act that wait, one transaction each. May run again, and twice at a time."""
    act = BulkAct.objects.select_related("by").filter(pk=pk, started_at__isnull=False, done_at=None).first()
    if act is None:
        return
    waiting = act.steps.filter(state=State.WAITING).order_by("province__sort_key")
    for step in list(waiting.values_list("pk", flat=True)):
        BulkAct.objects.filter(pk=pk).update(beat_at=timezone.now())
        try:
            _do_step(act, step)
        except (OperationalError, InterfaceError) as fault:  # a lock or the line: what is left is done by the sweep
            log.warning("bulk act %s rests: %r", pk, fault)
            return
    unfinished = BulkStep.objects.filter(act=pk, state=State.WAITING)
    if not unfinished.exists():
        BulkAct.objects.filter(pk=pk, done_at=None).update(done_at=timezone.now())


def _do_step(act: BulkAct, pk: int) -> None:
    try:
        with transaction.atomic():
            values = {"state": State.DONE, "done_at": timezone.now()}
            if not BulkStep.objects.filter(pk=pk, state=State.WAITING).update(**values):
                return  # another worker has it
            step = BulkStep.objects.select_related("province").get(pk=pk)
            told = DO_STEP[act.kind](act, step)
            BulkStep.objects.filter(pk=pk).update(after=dict(told))
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # one province must not keep the others from being done
        _fail_step(pk, fault)


def _fail_step(pk: int, fault: Exception) -> None:
    said = ""
    if isinstance(fault, StepRefused):
        reason = str(fault)
    elif type(fault) in _REFUSALS:
        reason = _REFUSALS[type(fault)]
    elif isinstance(fault, RefusedError | ValidationError):
        reason = "refused"
        said = " ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
    else:
        log.error("step %s of a bulk act failed", pk, exc_info=fault)
        reason = "fault"
    values = {"state": State.FAILED, "reason": reason, "said": said[:500], "done_at": timezone.now()}
    BulkStep.objects.filter(pk=pk, state=State.WAITING).update(**values)


def go_on_with_lost_acts() -> int:
    """Queues again the acts that nobody does; gives up those that were refused for hours. Returns how many."""
    now = timezone.now()
    lost = BulkAct.objects.filter(started_at__isnull=False, done_at=None, beat_at__lt=now - LOST_AFTER)
    found = list(lost.only("pk", "started_at"))
    for pk, started in ((act.pk, act.started_at) for act in found):
        with transaction.atomic():
            if started is not None and started < now - GIVE_UP_AFTER:
                values = {"state": State.FAILED, "reason": "fault", "done_at": now}
                BulkStep.objects.filter(act=pk, state=State.WAITING).update(**values)
            if lost.filter(pk=pk).update(beat_at=now):  # of two that find it one sends
                publish_on_commit(RUN_TASK, pk)
    return len(found)


def undo_act(*, by: User, act: BulkAct, reason: str) -> BulkAct:
    """Undoes an act in every province where it was done, as an act of its own; the same one when asked again.

    `reason`: what the journal says. Raises NotAllowed; RefusedError where the act cannot be undone.
    """
    _check_allowed(by, act.kind)
    if act.kind not in UNDOABLE_KINDS or act.done_at is None:
        raise RefusedError
    now = timezone.now()
    with transaction.atomic():
        values = {"kind": BulkAct.Kind.BACK, "year": act.year, "params": {"reason": reason}, "by": by, "made_at": now}
        undoing, created = BulkAct.objects.get_or_create(
            undoes=act, defaults={**values, "digest": act.digest, "started_at": now, "beat_at": now}
        )
        if not created:
            return undoing
        done = list(act.steps.filter(state=State.DONE).select_related("province"))
        _create_steps(undoing, [_step_back(step) for step in done])
        if len(done) > AT_ONCE:
            publish_on_commit(RUN_TASK, undoing.pk)
    if len(done) <= AT_ONCE:
        run_act(undoing.pk)
    return undoing


def _step_back(step: BulkStep) -> StepPlan:
    if "closes_at" in step.before:
        return StepPlan(step.province_id, step.province.code, before=step.after, after=step.before)
    if "figures" in step.after:
        written = {"figures": step.after["figures"]}
        return StepPlan(step.province_id, step.province.code, before=written, after=step.before)
    return StepPlan(step.province_id, step.province.code, before={"round": step.after["round"]})
