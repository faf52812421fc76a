"""Adding, changing and removing assignments; each change is an event of the provincial response."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import RefusedError
from accounts.models import Agency, User
from dgready.arrival import deadline_now
from dgready.typed.characters import clean_line
from survey.assigning import part_notices
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.part_notices import AssignmentNotices
from survey.assigning.queries import assignment_target, target_columns
from survey.assigning.targets import AssignmentTarget
from survey.journal import actions as journal
from survey.models import Assignment, Response, Round

MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class AssignmentTerms:
    """Terms of an assignment: role, whether only "if any", an own due date, a note."""

    role: str
    if_any: bool = False
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddedAssignments:
    """The result of adding: assignments created, and existing ones of the same target, which stay unchanged."""

    created: list[Assignment]
    existing: list[Assignment]


def lock_assignments(round_: Round) -> Response:
    """Locks the provincial response, so that writes to a round's assignments are serialised. Raises RefusedError."""
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    if locked.round.is_closed(deadline_now()):
        raise RefusedError(_("ปิดรอบแล้ว แก้ไขการมอบหมายไม่ได้"))
    if locked.state in (Response.State.SUBMITTED, Response.State.APPROVED):
        raise RefusedError(_("%(own)sเสนอคำตอบแล้ว แก้ไขการมอบหมายไม่ได้") % round_.province.words)
    return locked


def assignment_entry(assignment: Assignment, round_: Round) -> AssignmentEntry:
    """The assignment as a list entry of plain values."""
    return AssignmentEntry(
        assignment.agency.code,
        assignment_target(round_.instrument, assignment),
        assignment.role,
        assignment.if_any,
        assignment.due,
        assignment.note,
    )


def entry_event_data(entry: AssignmentEntry) -> dict[str, Any]:
    """An entry as data of a journal event; empty fields are left out."""
    data: dict[str, Any] = {"agency": entry.agency, "part": str(entry.target), "role": entry.role}
    if entry.if_any:
        data["if_any"] = True
    if entry.due:
        data["due"] = entry.due.isoformat()
    if entry.note:
        data["note"] = entry.note
    return data


def add_assignments(
    *, by: User | None, round_: Round, agencies: Iterable[Agency], target: AssignmentTarget, terms: AssignmentTerms
) -> AddedAssignments:
    """Assigns a target to agencies; an existing assignment stays unchanged. Raises RefusedError."""
    columns = target_columns(round_.instrument, target)
    with transaction.atomic():
        locked = lock_assignments(round_)
        existing_by_agency = {
            a.agency_id: a for a in Assignment.objects.filter(round=round_, **columns).select_related("agency")
        }
        result = AddedAssignments([], [])
        for agency in agencies:
            if agency.province_id != round_.province_id or not agency.active:
                raise RefusedError(_("มอบหมายให้ได้เฉพาะหน่วยงานที่ใช้งานอยู่ของ%(own)sนี้") % round_.province.words)
            if agency.pk in existing_by_agency:
                result.existing.append(existing_by_agency[agency.pk])
                continue
            made = Assignment(round=round_, agency=agency, **columns, **terms_columns(terms))
            made.save(force_insert=True)
            existing_by_agency[agency.pk] = made
            result.created.append(made)
        if result.created:
            data = {"after": [entry_event_data(assignment_entry(a, round_)) for a in result.created]}
            event = journal.record_event(by=by, response=locked, verb="assignment.add", data=data)
            targets = {a.agency_id: [target] for a in result.created}
            part_notices.notify_assigned(by=by, round_=round_, event=event, targets=targets)
    return result


def terms_columns(terms: AssignmentTerms) -> dict[str, Any]:
    """The terms as columns of the assignment row; the note is cleaned and cut to MAX_NOTE."""
    return {
        "role": terms.role,
        "if_any": terms.if_any,
        "due": terms.due,
        "note": clean_line(terms.note)[:MAX_NOTE].rstrip(),
    }


def change_assignment(*, by: User, assignment: Assignment, terms: AssignmentTerms) -> Assignment:
    """Changes the terms of an assignment; its state stays. Raises RefusedError."""
    round_ = assignment.round
    with transaction.atomic():
        locked = lock_assignments(round_)
        stored = _lock_assignment(assignment)
        before, notices = entry_event_data(assignment_entry(stored, round_)), AssignmentNotices(round_)
        terms_before = _terms_values(stored)
        for name, value in terms_columns(terms).items():
            setattr(stored, name, value)
        after = entry_event_data(assignment_entry(stored, round_))
        if before != after:
            stored.save(update_fields=["role", "if_any", "due", "note"])
            data = {"assignment": stored.pk, "before": before, "after": after}
            event = journal.record_event(by=by, response=locked, verb="assignment.change", data=data)
            notices.add_change(
                stored.agency_id, assignment_target(round_.instrument, stored), terms_before, _terms_values(stored)
            )
            notices.send(by=by, event=event)
    return stored


def remove_assignment(*, by: User, assignment: Assignment) -> None:
    """Removes an assignment; the agency's answers stay in its contribution. Raises RefusedError."""
    with transaction.atomic():
        locked = lock_assignments(assignment.round)
        stored = _lock_assignment(assignment)
        data = {
            "assignment": stored.pk,
            "before": entry_event_data(assignment_entry(stored, assignment.round)),
            "state": stored.state,
        }
        target = assignment_target(assignment.round.instrument, stored)
        Assignment.objects.filter(pk=stored.pk).delete()
        event = journal.record_event(by=by, response=locked, verb="assignment.remove", data=data)
        part_notices.notify_unassigned(
            by=by, round_=assignment.round, event=event, targets={stored.agency_id: [target]}
        )


def _lock_assignment(assignment: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("agency")
    locked = rows.filter(pk=assignment.pk).first()
    if locked is None:
        raise RefusedError(_("รายการมอบหมายนี้ถูกนำออกไปแล้ว"))
    return locked


def _terms_values(assignment: Assignment) -> tuple[str, bool, date | None, str]:
    return assignment.role, assignment.if_any, assignment.due, assignment.note
