"""Tells people with open parts that the round moved to another version of its form, once and for their parts."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from accounts.models import User
from scoring.moving.plan import ResponsePlan, parts_without_place
from scoring.moving.points import answered_parts, asked, asked_questions, compare_points, kept_values
from scoring.moving.round_state import RoundData
from survey.assigning.part_notices import join_names
from survey.assigning.queries import OPEN_STATES
from survey.instrument.addresses import item_id_of
from survey.models import Event
from survey.notices import actions as notices
from survey.notices import recipients


def notify_moved(*, by: User, data: RoundData, plans: Mapping[int, ResponsePlan], event: Event) -> None:
    """One notice to each coordinator of an agency with open parts: what changed for these parts."""
    open_agencies = {p.agency_id for p in data.parts if p.state in OPEN_STATES and answered_parts(data, p.agency_id)}
    people = recipients.coordinators_by_agency(open_agencies)
    plan_of = {plan.data.response.agency_id: plan for plan in plans.values()}
    for agency in sorted(open_agencies):
        notices.notify(
            users=people[agency],
            kind="form.moved",
            key=f"form.moved:{event.response_id}:{event.seq}:{agency}",
            round_=data.round,
            data=_notice_data(data, agency, plan_of.get(agency)),
            url=reverse("survey:desk", args=[data.round.province.code, data.round.year]),
            but=by,
        )


def _notice_data(data: RoundData, agency: int, plan: ResponsePlan | None) -> dict[str, str | int]:
    """What changed for the parts of an agency. Without a contribution only the form counts."""
    known = {question.id for question in data.old.questions}
    added = {q for p in answered_parts(data, agency) for q in asked(data, data.new, p) if q not in known}
    gone = [part for part in parts_without_place(data) if part.agency_id == agency]
    told: dict[str, str | int] = {"version": data.new.version, "gone": len(gone), "kept": 0, "opened": 0, "closed": 0}
    look = set(added)
    if plan is not None:
        points, mine = compare_points(data, plan), asked_questions(data, agency)
        kept = [address for address in kept_values(plan) if _question(data, address) in mine]
        told |= {"kept": len(kept), "opened": len(points.opened), "closed": len(points.closed)}
        look |= {point.question for point in points.opened}
        look |= {_question(data, address) for address in (*plan.fit.gone_options, *plan.aside)} & mine
    names = [question.code or question.id for question in data.new.questions if question.id in look]
    return told | {"what": join_names(names) or "–"}


def _question(data: RoundData, address: str) -> str:
    item = data.new.items.get(item_id_of(address)) or data.old.items.get(item_id_of(address))
    return (item.question or item.id) if item else ""
