"""Action on rounds: taking back one that was opened by mistake, while nothing was done in it."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from accounts.actions.log import NotAllowed, record_account_event
from accounts.models import User
from accounts.roles import Capability
from survey.journal import actions as journal
from survey.models import Event, Response, Round

TAKE_BACK_VERB: Final = "take_back_round"
# Rows that come with an opened round, or are counted or sent because of it; any other is somebody's work.
COMES_WITH_ROUND: Final = frozenset({"survey.response", "survey.event", "survey.notice", "nation.provincefigures"})


class RoundInUse(Exception):
    """Somebody has begun to work in the round, so it stays."""


def take_back_round(*, by: User, round_: Round) -> None:
    """Removes a round in which nothing was done but opening it. Raises NotAllowed, RoundInUse.

    The account log keeps what the round's journal held, its one event with its hash: so the proof of the chains still
    finds what an anchor may have named.
    """
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    with transaction.atomic():
        response = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
        locked_round = Round.objects.select_for_update().select_related("province").get(pk=round_.pk)
        if response.version != 1 or _is_worked_in(locked_round, response):
            raise RoundInUse
        opening = Event.objects.get(response=response)
        told = {
            "response": response.pk,
            "seq": opening.seq,
            "hash": opening.hash,
            "at": opening.at,
            "by": opening.by_id,
        }
        before = {**opening.data, "round_id": round_.pk, "journal": told}
        record_account_event(by=by, verb=TAKE_BACK_VERB, province=locked_round.province, before=before)
        Event.objects.filter(response=response).delete()
        locked_round.delete()


def _is_worked_in(round_: Round, response: Response) -> bool:
    """Whether any row refers to the round or its answer that does not merely come with it."""
    if Response.objects.filter(round=round_).exclude(pk=response.pk).exists():
        return True
    for row in (round_, response):
        for relation in row._meta.related_objects:
            model = relation.related_model
            if model._meta.label_lower in COMES_WITH_ROUND:
                continue
            if model._base_manager.filter(**{relation.field.name: row}).exists():
                return True
    return False
