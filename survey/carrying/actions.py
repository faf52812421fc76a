"""A new round from last year's: answers and evidence come along as "to confirm", never as given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning import actions as assignments
from survey.assigning import queries as parts
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.carrying.fit import FittedAnswer, fit_answers
from survey.carrying.links import YearLinks
from survey.carrying.registry import links_between
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.journal import actions as journal
from survey.models import Assignment, Carried, Instrument, Response, Round
from survey.rounds import actions as rounds

ReadEvidence = Callable[[Response], Mapping[str, Sequence[Mapping[str, Any]]]]


class AlreadySettled(Exception):
    """Somebody has confirmed or set aside this answer already."""


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
    """Opens the round after `previous` and brings along what fits: answers, evidence and (`assign`) who does what.

    `proofs` reads the evidence of a response by place. Raises AlreadyOpen, MissingLinks, FaultyLinks.
    """
    old, new = compiled_instrument(previous.instrument), compiled_instrument(instrument)
    links = links_between(old, new)
    with transaction.atomic():
        round_ = rounds.open_round(by=by, province=previous.province, instrument=instrument, dates=dates)
        Round.objects.filter(pk=round_.pk).update(previous=previous)
        round_.previous = previous
        for earlier in _responses_to_carry(previous):
            response = ensure_response(by=by, round_=round_, agency=earlier.agency)
            path = response_path(earlier)
            evidence = proofs(earlier)
            places = [p for p in path.places if p in evidence]
            fitted = fit_answers(links, old, new, path.values, places)
            _store_carried(response, earlier, fitted, evidence)
            _record_carried(by, response, previous, fitted)
        if assign:
            entries = carried_entries(previous, round_, links)
            if entries:
                assignments.apply_assignment_list(by=by, round_=round_, entries=entries, replace=False)
    return round_


def _responses_to_carry(previous: Round) -> list[Response]:
    """The province's answer, then the contributions of agencies still in use."""
    rows = Response.objects.filter(round=previous).select_related("agency").order_by("agency_id")
    found = [r for r in rows if r.agency is None or r.agency.active]
    for row in found:
        row.round = previous
    return sorted(found, key=lambda r: (r.agency_id is not None, r.agency_id or 0))


def _store_carried(
    response: Response,
    earlier: Response,
    fitted: Sequence[FittedAnswer],
    evidence: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    questions = questions_by_item_id(response.round.instrument)
    Carried.objects.bulk_create(
        Carried(
            response=response,
            question=questions[one.question],
            relation=one.relation,
            value=one.value,
            evidence=[
                {**proof, "address": place}
                for place, olds in one.places.items()
                for old in olds
                for proof in evidence[old]
            ],
            from_response=earlier,
        )
        for one in fitted
    )


def _record_carried(by: User, response: Response, previous: Round, fitted: Sequence[FittedAnswer]) -> None:
    relations: dict[str, int] = {}
    for one in fitted:
        relations[one.relation] = relations.get(one.relation, 0) + 1
    data = {"from": previous.year, "questions": [one.question for one in fitted], "relations": relations}
    journal.record_event(by=by, response=journal.lock_response(response.pk), verb="carried.bring", data=data)


def carried_entries(previous: Round, round_: Round, links: YearLinks) -> list[AssignmentEntry]:
    """Last year's assignments as this year's form has them; due dates are this year's own."""
    new = compiled_instrument(round_.instrument)
    out: dict[tuple[str, AssignmentTarget], AssignmentEntry] = {}
    for row in Assignment.objects.filter(round=previous, agency__active=True).select_related("agency"):
        for target in _targets_in_new_form(parts.assignment_target(previous.instrument, row), links):
            if covered_questions(new, target):
                entry = AssignmentEntry(row.agency.code, target, row.role, row.if_any, None, row.note)
                out.setdefault(entry.key, entry)
    return list(out.values())


def _targets_in_new_form(target: AssignmentTarget, links: YearLinks) -> list[AssignmentTarget]:
    """What a target became: a sub-pillar by its code, a question by its links, a part as the whole question."""
    if not target.question:
        return [target]
    return [AssignmentTarget(question=q) for link in links.links if target.question in link.old for q in link.new]


# -- one by one -------------------------------------------------------------------------------------


def confirm_carried(
    *,
    by: User,
    carried: Carried,
    base_revision: int,
    attach: Callable[[Carried], None],
    within: Collection[str] | None = None,
) -> answers.SaveResult:
    """Makes last year's answer this year's, with its evidence (`attach` puts it there).

    `within`: the items that are this agency's part. Raises Settled, Stale (then nothing has happened), and
    answers.NotEditable.
    """
    with transaction.atomic():
        locked = _mark_settled(by, carried, taken=True)
        own = {a: v for a, v in carried.value.items() if within is None or item_id_of(a) in within}
        saved = answers.save_answer(
            by=by,
            response=locked,
            question=carried.question,
            value={**_stored_values(carried), **own},
            base_revision=base_revision,
        )
        if saved.conflict:
            raise AnswerChanged
        attach(carried)
        _record_settled(by, carried, "carried.take")
    return saved


def set_aside_carried(*, by: User, carried: Carried) -> None:
    """Leaves last year's answer behind. Raises Settled, and answers.NotEditable."""
    with transaction.atomic():
        answers.require_editable(_mark_settled(by, carried, taken=False), carried.question)
        _record_settled(by, carried, "carried.leave")


def _mark_settled(by: User, carried: Carried, *, taken: bool) -> Response:
    """Locks the response and takes the one chance to decide."""
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
