"""Asking agencies for the whole form, in a year that each agency answers for itself: who is asked, and the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import Agency, User
from survey.assigning import part_notices
from survey.assigning.actions import (
    AssignmentTerms,
    assignment_entry,
    entry_event_data,
    lock_assignments,
    terms_columns,
)
from survey.assigning.queries import active_agencies, target_columns
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions
from survey.instrument.answering_mode import AgencyKindAsked
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.journal import actions as journal
from survey.models import Assignment, Rasci, Round

WHOLE_FORM: Final = "whole_form"  # in the data of the event by which agencies were asked for the whole form


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A kind of agency that the year asks, with the agencies of the province that are of it; empty where none is."""

    kind: AgencyKindAsked
    agencies: tuple[Agency, ...]


def agencies_by_kind(round_: Round) -> list[AskedKind]:
    """The kinds that the year asks, each with the active agencies of the province that are of it. One query."""
    kinds = compiled_instrument(round_.instrument).answering.kinds
    agencies = active_agencies(round_) if kinds else []
    return [AskedKind(kind, tuple(a for a in agencies if a.code.upper() in kind.codes)) for kind in kinds]


def agencies_to_ask(round_: Round) -> list[Agency]:
    """The active agencies of the asked kinds that have no part of the form yet, in the order of kinds. Two queries."""
    asked = set(Assignment.objects.filter(round=round_).order_by().values_list("agency", flat=True).distinct())
    return [agency for one in agencies_by_kind(round_) for agency in one.agencies if agency.pk not in asked]


def whole_form_targets(form: CompiledInstrument) -> tuple[AssignmentTarget, ...]:
    """The whole form as parts: its sub-pillars, and one by one the questions that stand under none."""
    subs = tuple(AssignmentTarget(code) for code in assignable_sub_pillars(form) if code)
    covered = {question for target in subs for question in covered_questions(form, target)}
    bare = (AssignmentTarget(question=q.id) for q in form.questions if q.id not in covered)
    return (*subs, *bare)


def ask_agencies(*, by: User | None, round_: Round) -> Sequence[Agency]:
    """Gives the whole form to the agencies of the asked kinds that have no part of it yet; returns these.

    One event, and one notice to each agency; nothing where nobody is left to ask. Raises RefusedError.
    """
    targets = whole_form_targets(compiled_instrument(round_.instrument))
    with transaction.atomic():
        locked = lock_assignments(round_)
        agencies = agencies_to_ask(round_)
        terms = terms_columns(AssignmentTerms(Rasci.RESPONSIBLE.value))
        parts = [
            Assignment(round=round_, agency=agency, **target_columns(round_.instrument, target), **terms)
            for agency in agencies
            for target in targets
        ]
        if parts:
            Assignment.objects.bulk_create(parts)
            told = [entry_event_data(assignment_entry(part, round_)) for part in parts]
            data = {"after": told, WHOLE_FORM: True}
            event = journal.record_event(by=by, response=locked, verb="assignment.add", data=data)
            given = {agency.pk: targets for agency in agencies}
            part_notices.notify_assigned(by=by, round_=round_, event=event, targets=given)
    return agencies
