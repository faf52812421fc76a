"""Action on rounds: taking back one that was opened by mistake, while nothing was done in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from accounts.actions.log import NotAllowed, record_account_event
from accounts.models import User
from accounts.roles import Capability
from survey.assigning.whole_form import WHOLE_FORM
from survey.instrument.queries import is_answered_by_each_agency
from survey.journal import actions as journal
from survey.models import Assignment, Event, Response, Round

TAKE_BACK_VERB: Final = "take_back_round"
MOST_EVENTS: Final = 3  # opening, asking agencies, and one by which anything more is known
# Rows that come with an opened round, or are counted or sent because of it; any other is somebody's work.
COMES_WITH_ROUND: Final = frozenset({"survey.response", "survey.event", "survey.notice", "nation.provincefigures"})


class RoundInUse(Exception):
    """Somebody has begun to work in the round, so it stays."""


def take_back_round(*, by: User, round_: Round) -> None:
    """Removes a round in which nothing was done but opening it. Raises NotAllowed, RoundInUse.

    The account log keeps what the round's journal held, the hash of its last event: so the proof of the chains still
    finds what an anchor may have named.
    """
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    with transaction.atomic():
        response = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
        locked_round = _lock_round(round_)
        opening, *more = Event.objects.filter(response=response).order_by("seq")[:MOST_EVENTS]
        told_all = response.version == 1 + len(more)
        if not told_all or not _is_only_asking(more) or _is_worked_in(locked_round, response):
            raise RoundInUse
        last = more[-1] if more else opening
        told = {"response": response.pk, "seq": last.seq, "hash": last.hash, "at": last.at, "by": last.by_id}
        before = {**opening.data, "round_id": round_.pk, "journal": told}
        record_account_event(by=by, verb=TAKE_BACK_VERB, province=locked_round.province, before=before)
        Event.objects.filter(response=response).delete()
        locked_round.delete()


def _lock_round(round_: Round) -> Round:
    rows = Round.objects.select_for_update(of=("self",)).select_related("province", "instrument")
    return rows.defer("instrument__source").get(pk=round_.pk)


def _is_only_asking(events: Sequence[Event]) -> bool:
    """Whether what followed the opening is at most that agencies were asked for the whole form."""
    return not events or (len(events) == 1 and WHOLE_FORM in events[0].data)


def _is_worked_in(round_: Round, response: Response) -> bool:
    """Whether any row refers to the round or its answer that does not merely come with it."""
    if Response.objects.filter(round=round_).exclude(pk=response.pk).exists():
        return True
    if Assignment.objects.filter(round=round_, state_at__isnull=False).exists():
        return True
    came = COMES_WITH_ROUND
    if is_answered_by_each_agency(round_.instrument):
        came |= {"survey.assignment"}
    for row in (round_, response):
        for relation in row._meta.related_objects:
            model = relation.related_model
            if model._meta.label_lower in came:
                continue
            if model._base_manager.filter(**{relation.field.name: row}).exists():
                return True
    return False
