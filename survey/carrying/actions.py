"""Opening a round from last year's: answers and evidence are carried as "to confirm", never as given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.list_actions import apply_assignment_list
from survey.assigning.queries import assignment_target
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.carrying.digest import carried_digest
from survey.carrying.fit import FittedAnswer, fit_answers
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument, is_answered_by_each_agency, questions_by_item_id
from survey.journal import actions as journal
from survey.linking.links import YearLinks
from survey.linking.registry import links_between
from survey.models import Assignment, Carried, Instrument, Response, Round
from survey.rounds.actions import open_round

ReadEvidence = Callable[[Response], Mapping[str, Sequence[Mapping[str, Any]]]]


class AlreadySettled(Exception):
    """The carried answer was confirmed or set aside already."""


class AnswerChanged(Exception):
    """This year's answer changed since the page was opened."""


def open_next_round(
    *,
    by: User,
    previous: Round,
    instrument: Instrument,
    dates: Mapping[str, Any],
    proofs: ReadEvidence,
    assign: bool = True,
) -> Round:
    """Opens the round after `previous` and carries what fits: answers, evidence and (`assign`) assignments.

    `proofs` reads the evidence of a response by place. Raises AlreadyOpen, MissingLinks, FaultyLinks.
    """
    old_instrument, new_instrument = compiled_instrument(previous.instrument), compiled_instrument(instrument)
    links = links_between(old_instrument, new_instrument)
    with transaction.atomic():
        round_ = open_round(by=by, province=previous.province, instrument=instrument, dates=dates)
        Round.objects.filter(pk=round_.pk).update(previous=previous)
        round_.previous = previous
        for earlier in _responses_to_carry(previous):
            response = ensure_response(by=by, round_=round_, agency=earlier.agency)
            path = response_path(earlier)
            evidence = proofs(earlier)
            places = [p for p in path.places if p in evidence]
            fitted = fit_answers(links, old_instrument, new_instrument, path.values, places)
            carried = _store_carried(response, earlier, fitted, evidence)
            _record_carried(by, response, previous, carried)
        if assign and not is_answered_by_each_agency(instrument):  # the year itself says who is asked
            entries = carried_entries(previous, round_, links)
            if entries:
                apply_assignment_list(by=by, round_=round_, entries=entries, replace=False)
    return round_


def _responses_to_carry(previous: Round) -> list[Response]:
    """The province's answer, then the contributions of agencies still in use."""
    rows = Response.objects.filter(round=previous).select_related("agency").order_by("agency_id")
    responses = [r for r in rows if r.agency is None or r.agency.active]
    for row in responses:
        row.round = previous
    return sorted(responses, key=lambda r: (r.agency_id is not None, r.agency_id or 0))


def _store_carried(
    response: Response,
    earlier: Response,
    fitted: Sequence[FittedAnswer],
    evidence: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[Carried]:
    questions = questions_by_item_id(response.round.instrument)
    return Carried.objects.bulk_create(
        Carried(
            response=response,
            question=questions[fitted_answer.question],
            relation=fitted_answer.relation,
            value=fitted_answer.value,
            evidence=[
                {**proof, "address": place}
                for place, olds in fitted_answer.places.items()
                for old in olds
                for proof in evidence[old]
            ],
            from_response=earlier,
        )
        for fitted_answer in fitted
    )


def _record_carried(by: User, response: Response, previous: Round, carried: Sequence[Carried]) -> None:
    relations: dict[str, int] = {}
    for one in carried:
        relations[one.relation] = relations.get(one.relation, 0) + 1
    digests = {one.question.item_id: carried_digest(one) for one in carried}
    data = {"from": previous.year, "questions": list(digests), "relations": relations, "digests": digests}
    journal.record_event(by=by, response=journal.lock_response(response.pk), verb="carried.bring", data=data)


def carried_entries(previous: Round, round_: Round, links: YearLinks) -> list[AssignmentEntry]:
    """Last year's assignments as entries of this year's instrument, without due dates."""
    new = compiled_instrument(round_.instrument)
    entries: dict[tuple[str, AssignmentTarget], AssignmentEntry] = {}
    for row in Assignment.objects.filter(round=previous, agency__active=True).select_related("agency"):
        for target in _targets_in_new_form(assignment_target(previous.instrument, row), links):
            if covered_questions(new, target):
                entry = AssignmentEntry(row.agency.code, target, row.role, row.if_any, None, row.note)
                entries.setdefault(entry.key, entry)
    return list(entries.values())


def _targets_in_new_form(target: AssignmentTarget, links: YearLinks) -> list[AssignmentTarget]:
    """The targets in the new instrument: a sub-pillar by code, a question by its links, an item as its question."""
    if not target.question:
        return [target]
    return [AssignmentTarget(question=q) for link in links.links if target.question in link.old for q in link.new]


def confirm_carried(
    *,
    by: User,
    carried: Carried,
    base_revision: int,
    attach: Callable[[Carried], None],
    within: Collection[str] | None = None,
) -> answers.SaveResult:
    """Confirms a carried answer: saves it as this year's, with its evidence (`attach` attaches it).

    `within`: the items assigned to this agency. Raises AlreadySettled, AnswerChanged (then nothing happened),
    and answers.NotEditable.
    """
    with transaction.atomic():
        locked = _mark_settled(by, carried, taken=True)
        values = {a: v for a, v in carried.value.items() if within is None or item_id_of(a) in within}
        saved = answers.save_answer(
            by=by,
            response=locked,
            question=carried.question,
            value={**_stored_values(carried), **values},
            base_revision=base_revision,
        )
        if saved.conflict:
            raise AnswerChanged
        attach(carried)
        _record_settled(by, carried, "carried.take")
    return saved


def set_aside_carried(*, by: User, carried: Carried) -> None:
    """Sets a carried answer aside. Raises AlreadySettled, and answers.NotEditable."""
    with transaction.atomic():
        answers.require_editable(_mark_settled(by, carried, taken=False), carried.question)
        _record_settled(by, carried, "carried.leave")


def _mark_settled(by: User, carried: Carried, *, taken: bool) -> Response:
    """Locks the response and marks the carried answer settled. Raises AlreadySettled."""
    locked = journal.lock_response(carried.response_id)
    now = timezone.now()
    still = Carried.objects.filter(pk=carried.pk, settled_at=None)
    if still.update(settled_at=now, settled_by=by, taken=taken) != 1:
        raise AlreadySettled
    return locked


def _stored_values(carried: Carried) -> dict[str, Any]:
    row = carried.response.answers.filter(question=carried.question).first()
    return dict(row.value) if row else {}


def _record_settled(by: User, carried: Carried, verb: str) -> None:
    data = {"from": carried.from_response.round.year, "relation": carried.relation}
    journal.record_event(
        by=by, response=journal.lock_response(carried.response_id), verb=verb, question=carried.question, data=data
    )
