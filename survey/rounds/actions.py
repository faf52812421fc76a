"""Actions on rounds: open a round, change its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed, RefusedError
from accounts.models import Province, User
from accounts.roles import Capability
from survey.answering.opening import ensure_response
from survey.approval.snapshot import ROUND_DATES
from survey.assigning import part_notices
from survey.assigning.whole_form import ask_agencies
from survey.instrument.queries import is_answered_by_each_agency
from survey.journal import actions as journal
from survey.models import Instrument, Response, Round, SubmissionGuard
from survey.notices import actions as notices
from survey.rounds.opening_facts import round_facts
from survey.threads.comments import clean_comment_text

MAX_REASON = 1000
DATE_FIELDS = ROUND_DATES


def wrong_form_text(respondent: Province) -> str:
    """Why a form is not one that this respondent answers."""
    if respondent.is_department:
        return _("แบบสำรวจนี้เป็นของจังหวัด หน่วยงานเปิดรอบได้เฉพาะแบบสำรวจของหน่วยงาน")
    return _("แบบสำรวจนี้เป็นของหน่วยงาน จังหวัดเปิดรอบได้เฉพาะแบบสำรวจของจังหวัด")


class RoundAlreadyOpen(Exception):
    """The province has a round of that year."""


class WrongForm(RefusedError):
    """The form is answered by provinces and the respondent is a department, or the other way round."""


def open_round(
    *,
    by: User | None,
    province: Province,
    instrument: Instrument,
    dates: Mapping[str, Any],
    guards: Iterable[str] = tuple(SubmissionGuard),
) -> Round:
    """Opens a round with its empty provincial response. Raises RoundAlreadyOpen, WrongForm.

    The instrument must be published.

    Where each agency answers for itself, the agencies of the kinds that the year asks are given the whole form.

    `guards`: the SubmissionGuards that are on.
    """
    if instrument.published_at is None:
        raise ValueError("a round uses a published instrument")
    if instrument.respondents != province.kind:
        raise WrongForm(wrong_form_text(province))
    try:
        with transaction.atomic():
            round_ = Round.objects.create(
                province=province,
                instrument=instrument,
                year=instrument.year,
                submission_guards=_guards_in_order(guards),
                **{k: dates[k] for k in DATE_FIELDS},
            )
            ensure_response(by=by, round_=round_, facts={"round": round_facts(round_)})
            if is_answered_by_each_agency(instrument) and not round_.is_closed(timezone.now()):
                ask_agencies(by=by, round_=round_)
    except IntegrityError as error:
        raise RoundAlreadyOpen from error
    return round_


class ReasonRequired(Exception):
    """A round that has closed is opened again, or a guard turned off, only with a reason."""


def change_round_dates(*, by: User, round_: Round, dates: Mapping[str, Any], reason: str = "") -> Round:
    """Changes the dates of a round; the provincial response's journal keeps before and after.

    Once the round has closed, its end moves only with a reason, and the province is notified. Raises NotAllowed,
    ReasonRequired.
    """
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    reason = clean_comment_text(reason, MAX_REASON)
    with transaction.atomic():
        locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
        locked_round = Round.objects.select_for_update().get(pk=round_.pk)
        changed = {name: dates[name] for name in DATE_FIELDS if dates[name] != getattr(locked_round, name)}
        if not changed:
            return locked_round
        extended = "closes_at" in changed and locked_round.is_closed(timezone.now())
        if extended and not reason:
            raise ReasonRequired
        before = {name: getattr(locked_round, name).isoformat() for name in changed}
        for key, value in changed.items():
            setattr(locked_round, key, value)
        locked_round.save(update_fields=list(changed))
        after = {name: v.isoformat() for name, v in changed.items()}
        data = {"before": before, "after": after, **({"reason": reason} if reason else {})}
        verb = "round.extend" if extended else "round.dates"
        event = journal.record_event(by=by, response=locked, verb=verb, data=data)
        announced = [name for name in changed if not (extended and name == "closes_at")]
        part_notices.notify_round_dates_changed(by=by, round_=locked_round, changed_fields=announced, event=event)
        if extended:
            notices.notify_round_extended(by=by, round_=locked_round, reason=reason)
    return locked_round


def set_submission_guards(*, by: User, round_: Round, guards: Iterable[str], reason: str = "") -> Round:
    """Sets which guards of the submission are on; the journal keeps before and after. Turning one off needs a reason.

    Raises NotAllowed, ReasonRequired; ValueError for an unknown guard.
    """
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    after, reason = _guards_in_order(guards), clean_comment_text(reason, MAX_REASON)
    with transaction.atomic():
        locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
        locked_round = Round.objects.select_for_update().get(pk=round_.pk)
        before = locked_round.submission_guards
        changed = [g for g in SubmissionGuard.values if (g in before) != (g in after)]
        if not changed:
            return locked_round
        if any(g in before for g in changed) and not reason:
            raise ReasonRequired
        locked_round.submission_guards = after
        locked_round.save(update_fields=["submission_guards"])
        data = {
            "before": {g: _switch_word(g in before) for g in changed},
            "after": {g: _switch_word(g in after) for g in changed},
            **({"reason": reason} if reason else {}),
        }
        journal.record_event(by=by, response=locked, verb="round.guards", data=data)
    return locked_round


def _guards_in_order(guards: Iterable[str]) -> list[str]:
    """The names of guards in their order. Raises ValueError for an unknown one."""
    given = {SubmissionGuard(g) for g in guards}
    return [g.value for g in SubmissionGuard if g in given]


def _switch_word(on: bool) -> str:
    return "on" if on else "off"


def change_escalation(*, by: User, round_: Round, days: int | None) -> Round:
    """Changes after how many days an overdue part rises to the head of the agency; None: never. Raises NotAllowed."""
    if not by.has(Capability.ROUND_MANAGE, province_id=round_.province_id):
        raise NotAllowed
    with transaction.atomic():
        locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
        locked_round = Round.objects.select_for_update().get(pk=round_.pk)
        before = locked_round.escalate_after
        if before == days:
            return locked_round
        locked_round.escalate_after = days
        locked_round.save(update_fields=["escalate_after"])
        data = {"before": {"escalate_after": before}, "after": {"escalate_after": days}}
        journal.record_event(by=by, response=locked, verb="round.escalation", data=data)
    return locked_round
