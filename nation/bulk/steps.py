"""An act in one province, by the actions that exist for one province; each in the transaction of its caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from accounts.actions import lists
from accounts.actions.log import record_account_event
from accounts.models import Province, User
from nation.bulk.importing import unpack_lists
from nation.bulk.scores import ScoresChanged, enter_scores, take_back_scores
from nation.models import BulkAct, BulkStep
from survey.journal import actions as journal
from survey.models import Instrument, Response, Round
from survey.notices import actions as notices
from survey.rounds.actions import DATE_FIELDS, change_round_dates, open_round
from survey.rounds.taking_back import take_back_round

Kind = BulkAct.Kind


class StepRefused(Exception):
    """The act is not possible in the province any more; the argument is a key of words.REASONS."""


def read_dates(dates: Mapping[str, str]) -> dict[str, date | datetime]:
    """The dates of a round from ISO texts."""
    return {n: (datetime if n == "closes_at" else date).fromisoformat(dates[n]) for n in DATE_FIELDS}


def open_in_province(*, by: User | None, province: Province, planned: Mapping[str, Any]) -> Round:
    """Opens a round as planned. Raises RoundAlreadyOpen."""
    instrument = Instrument.objects.defer("source").get(pk=planned["instrument"])
    return open_round(by=by, province=province, instrument=instrument, dates=read_dates(planned))


def _open(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    round_ = open_in_province(by=act.by, province=step.province, planned=step.after)
    return {**step.after, "round": round_.pk}


def _closes(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    return _move_end(act, step, datetime.fromisoformat(step.after["closes_at"]))


def _close(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    return _move_end(act, step, timezone.now())


def _move_end(act: BulkAct, step: BulkStep, closes_at: datetime) -> Mapping[str, Any]:
    """Sets the end of the province's round, if it is still where the preview saw it."""
    response = Response.objects.only("pk").filter(round__province=step.province, round__year=act.year, agency=None)
    found = response.first()
    if found is None:
        raise StepRefused("changed")
    journal.lock_response(found.pk)
    round_ = Round.objects.select_related("province").get(province=step.province, year=act.year)
    if round_.closes_at != datetime.fromisoformat(step.before["closes_at"]):
        raise StepRefused("changed")
    dates = {**{name: getattr(round_, name) for name in DATE_FIELDS}, "closes_at": closes_at}
    change_round_dates(by=act.by, round_=round_, dates=dates, reason=act.params.get("reason", ""))
    return {"closes_at": closes_at.isoformat()}


def _remind(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    round_ = Round.objects.select_related("province").get(province=step.province, year=act.year)
    data = {"day": timezone.localdate(round_.closes_at).isoformat(), "who": act.by.get_full_name()}
    url = reverse("survey:round", args=[step.province.code, act.year])
    told = _tell(act, step, kind="nation.remind", data=data, round_=round_, url=url)
    return _logged(act, step, "remind_provinces", told, {})


def _message(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    text = {name: act.params[name] for name in ("title", "text")}
    told = _tell(act, step, kind="nation.message", data={**text, "who": act.by.get_full_name()})
    return _logged(act, step, "message_provinces", told, {**text, "roles": act.params["roles"]})


def _tell(act: BulkAct, step: BulkStep, **notice: Any) -> list[int]:
    """Notifies those of the preview who still have an account, with a letter; returns their ids."""
    users = list(User.objects.filter(pk__in=step.after["people"], is_active=True).order_by("pk"))
    # One key for the act: who has roles in two provinces is told once.
    notices.notify(users=users, key=f"bulk:{act.pk}", at_once=True, **notice)
    return [user.pk for user in users]


def _logged(act: BulkAct, step: BulkStep, verb: str, people: list[int], told: Mapping[str, Any]) -> Mapping[str, Any]:
    after = {"act": act.pk, "year": act.year, "people": people, **told}
    record_account_event(by=act.by, verb=verb, province=step.province, after=after)
    return {"people": people}


def _import(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    given = unpack_lists(step.after)
    agencies = lists.apply_agency_list(by=act.by, province=step.province, entries=given.agencies)
    invitations = lists.apply_people_list(by=act.by, province=step.province, entries=given.people)
    added = sum(change.kind == "add" for change in agencies)
    return {"add": added, "change": len(agencies) - added, "invite": len(invitations)}


def _scores(
    act: BulkAct, step: BulkStep, do: Callable[[BulkAct, BulkStep], Mapping[str, Any]] = enter_scores
) -> Mapping[str, Any]:
    try:
        return do(act, step)
    except ScoresChanged as changed:
        raise StepRefused("changed") from changed


def _back(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    """Undoes the step of another act: the end of the round as it was, no round, the scores before."""
    if "closes_at" in step.before:
        return _closes(act, step)
    if "figures" in step.before:
        return _scores(act, step, take_back_scores)
    round_ = Round.objects.filter(pk=step.before["round"]).select_related("province").first()
    if round_ is None:
        raise StepRefused("changed")
    take_back_round(by=act.by, round_=round_)
    return {}


DO_STEP: Final[Mapping[str, Callable[[BulkAct, BulkStep], Mapping[str, Any]]]] = {
    Kind.OPEN: _open,
    Kind.CLOSES: _closes,
    Kind.CLOSE: _close,
    Kind.REMIND: _remind,
    Kind.MESSAGE: _message,
    Kind.IMPORT: _import,
    Kind.SCORES: _scores,
    Kind.BACK: _back,
}
