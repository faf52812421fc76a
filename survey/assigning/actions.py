"""Giving agencies their parts of the form: one by one, moved in bulk, or from a list; each change is an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import RefusedError
from accounts.models import Agency, User
from dgready.typed.characters import clean_line
from survey.assigning import part_notices
from survey.assigning import queries as parts
from survey.assigning.assignment_list import AssignmentEntry, EntryChange, diff_entries
from survey.assigning.part_notices import AssignmentNotices
from survey.assigning.targets import AssignmentTarget
from survey.journal import actions as journal
from survey.models import Assignment, Response, Round

MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class AssignmentTerms:
    """As what, on what terms: role, only if there is something, own due date, a note."""

    role: str
    if_any: bool = False
    due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddedAssignments:
    """What adding did; `there` had that part already and keep it as it is."""

    made: list[Assignment]
    there: list[Assignment]


def lock_assignments(round_: Round) -> Response:
    """The provincial response, locked: writers of a round's assignments come one after another. Raises RefusedError."""
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    if locked.round.is_closed(timezone.now()):
        raise RefusedError(_("ปิดรอบแล้ว แก้ไขการมอบหมายไม่ได้"))
    if locked.state in (Response.State.SUBMITTED, Response.State.APPROVED):
        raise RefusedError(_("จังหวัดเสนอคำตอบแล้ว แก้ไขการมอบหมายไม่ได้"))
    return locked


def assignment_entry(assignment: Assignment, round_: Round) -> AssignmentEntry:
    """An assignment as plain values."""
    return AssignmentEntry(
        assignment.agency.code,
        parts.assignment_target(round_.instrument, assignment),
        assignment.role,
        assignment.if_any,
        assignment.due,
        assignment.note,
    )


def entry_event_data(entry: AssignmentEntry) -> dict[str, Any]:
    """An assignment as the journal keeps it; what is not given is left out."""
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
    """Gives a part to agencies; one that has it already keeps it as it is. Raises RefusedError."""
    names = parts.target_columns(round_.instrument, target)
    with transaction.atomic():
        locked = lock_assignments(round_)
        standing = {a.agency_id: a for a in Assignment.objects.filter(round=round_, **names).select_related("agency")}
        out = AddedAssignments([], [])
        for agency in agencies:
            if agency.province_id != round_.province_id or not agency.active:
                raise RefusedError(_("มอบหมายให้ได้เฉพาะหน่วยงานที่ใช้งานอยู่ของจังหวัดนี้"))
            if agency.pk in standing:
                out.there.append(standing[agency.pk])
                continue
            made = Assignment(round=round_, agency=agency, **names, **_terms_columns(terms))
            made.save(force_insert=True)
            standing[agency.pk] = made
            out.made.append(made)
        if out.made:
            data = {"after": [entry_event_data(assignment_entry(a, round_)) for a in out.made]}
            event = journal.record_event(by=by, response=locked, verb="assignment.add", data=data)
            given = {a.agency_id: [target] for a in out.made}
            part_notices.notify_assigned(by=by, round_=round_, event=event, given=given)
    return out


def _terms_columns(terms: AssignmentTerms) -> dict[str, Any]:
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
        before, steps = entry_event_data(assignment_entry(stored, round_)), AssignmentNotices(round_)
        was = _terms_values(stored)
        for name, value in _terms_columns(terms).items():
            setattr(stored, name, value)
        after = entry_event_data(assignment_entry(stored, round_))
        if before != after:
            stored.save(update_fields=["role", "if_any", "due", "note"])
            data = {"assignment": stored.pk, "before": before, "after": after}
            event = journal.record_event(by=by, response=locked, verb="assignment.change", data=data)
            steps.change(
                stored.agency_id, parts.assignment_target(round_.instrument, stored), was, _terms_values(stored)
            )
            steps.tell(by=by, event=event)
    return stored


def remove_assignment(*, by: User, assignment: Assignment) -> None:
    """Takes an assignment away; what the agency answered stays in its contribution. Raises RefusedError."""
    with transaction.atomic():
        locked = lock_assignments(assignment.round)
        stored = _lock_assignment(assignment)
        data = {
            "assignment": stored.pk,
            "before": entry_event_data(assignment_entry(stored, assignment.round)),
            "state": stored.state,
        }
        target = parts.assignment_target(assignment.round.instrument, stored)
        Assignment.objects.filter(pk=stored.pk).delete()
        event = journal.record_event(by=by, response=locked, verb="assignment.remove", data=data)
        part_notices.notify_unassigned(by=by, round_=assignment.round, event=event, gone={stored.agency_id: [target]})


def _lock_assignment(assignment: Assignment) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("agency")
    found = rows.filter(pk=assignment.pk).first()
    if found is None:
        raise RefusedError(_("รายการมอบหมายนี้ถูกนำออกไปแล้ว"))
    return found


# -- moving in bulk ---------------------------------------------------------------------------------


def reassign_parts(*, by: User, round_: Round, moving: Collection[Assignment], to: Agency) -> int:
    """Gives parts of other agencies to `to`; what it has already it keeps, and the other's goes. How many.

    A part that moves starts anew (open); the answers stay with who gave them. Raises RefusedError.
    """
    if to.province_id != round_.province_id or not to.active:
        raise RefusedError(_("มอบหมายให้ได้เฉพาะหน่วยงานที่ใช้งานอยู่ของจังหวัดนี้"))
    keys = [a.pk for a in moving]
    with transaction.atomic():
        locked = lock_assignments(round_)
        rows = Assignment.objects.select_for_update(of=("self",)).select_related("agency")
        found = list(rows.filter(pk__in=keys, round=round_).exclude(agency=to))
        if len(found) != len(set(keys)):
            raise RefusedError(_("การมอบหมายเปลี่ยนไปหลังจากเปิดหน้านี้ โปรดดูตัวอย่างอีกครั้ง"))
        has = {_target_key(a) for a in Assignment.objects.filter(round=round_, agency=to)}
        before, steps = [entry_event_data(assignment_entry(a, round_)) for a in found], AssignmentNotices(round_)
        for assignment in found:
            target = parts.assignment_target(round_.instrument, assignment)
            steps.gone[assignment.agency_id].append(target)
            if _move_to_agency(assignment, to, has, by):
                steps.given[to.pk].append(target)
        data = {"to": to.code, "before": before}
        steps.tell(by=by, event=journal.record_event(by=by, response=locked, verb="assignment.reassign", data=data))
    return len(found)


def _target_key(assignment: Assignment) -> tuple[int | None, int | None, str]:
    return assignment.sub_pillar_id, assignment.question_id, assignment.item_id


def _terms_values(assignment: Assignment) -> tuple[str, bool, date | None, str]:
    return assignment.role, assignment.if_any, assignment.due, assignment.note


def _move_to_agency(assignment: Assignment, to: Agency, has: set[tuple[int | None, int | None, str]], by: User) -> bool:
    """Whether the part moved; one that `to` has already only goes."""
    if _target_key(assignment) in has:
        assignment.delete()
        return False
    has.add(_target_key(assignment))
    assignment.agency = to
    assignment.state, assignment.state_at, assignment.state_by = Assignment.State.OPEN, timezone.now(), by
    assignment.state_note, assignment.suggested = "", None
    assignment.save()
    return True


# -- from a list ------------------------------------------------------------------------------------


def apply_assignment_list(
    *, by: User | None, round_: Round, entries: Sequence[AssignmentEntry], replace: bool
) -> list[EntryChange]:
    """Makes the assignments what a list says, in one go; what it did. Raises RefusedError.

    A part whose terms change keeps its state. `replace`: what the list does not name goes.
    """
    with transaction.atomic():
        locked = lock_assignments(round_)
        agencies = {a.code: a for a in round_.province.agencies.all()}
        if missing := {e.agency for e in entries} - agencies.keys():
            raise RefusedError(_("ไม่พบหน่วยงาน %(names)s") % {"names": ", ".join(sorted(missing))})
        rows = Assignment.objects.filter(round=round_).select_related("agency").select_for_update(of=("self",))
        standing = {(e := assignment_entry(a, round_)).key: (a, e) for a in rows}
        done = diff_entries(entries, [e for _a, e in standing.values()], replace=replace)
        _write_changes(round_, agencies, {key: a for key, (a, _e) in standing.items()}, done)
        moved = [c for c in done if c.kind != "same"]
        if moved:
            data = {
                kind: [entry_event_data(c.entry) for c in moved if c.kind == kind]
                for kind in ("add", "change", "remove")
            }
            data["replaced"] = [entry_event_data(c.before) for c in moved if c.kind == "change" and c.before]
            data = {key: some for key, some in data.items() if some}
            event = journal.record_event(by=by, response=locked, verb="assignment.import", data=data)
            _collect_notices(round_, agencies, moved).tell(by=by, event=event)
    return done


def _collect_notices(round_: Round, agencies: dict[str, Agency], moved: Iterable[EntryChange]) -> AssignmentNotices:
    steps = AssignmentNotices(round_)
    for step in moved:
        entry, agency = step.entry, agencies[step.entry.agency].pk
        if step.kind == "add":
            steps.given[agency].append(entry.target)
        elif step.kind == "remove":
            steps.gone[agency].append(entry.target)
        elif step.before:
            steps.change(agency, entry.target, *((e.role, e.if_any, e.due, e.note) for e in (step.before, entry)))
    return steps


def _write_changes(
    round_: Round,
    agencies: dict[str, Agency],
    standing: dict[tuple[str, AssignmentTarget], Assignment],
    done: Iterable[EntryChange],
) -> None:
    new: list[Assignment] = []
    moved: list[Assignment] = []
    gone: list[int] = []
    for step in done:
        entry = step.entry
        terms = _terms_columns(AssignmentTerms(entry.role, entry.if_any, entry.due, entry.note))
        if step.kind == "add":
            names = parts.target_columns(round_.instrument, entry.target)
            new.append(Assignment(round=round_, agency=agencies[entry.agency], **names, **terms))
        elif step.kind == "remove":
            gone.append(standing[entry.key].pk)
        elif step.kind == "change":
            assignment = standing[entry.key]
            for name, value in terms.items():
                setattr(assignment, name, value)
            moved.append(assignment)
    Assignment.objects.filter(pk__in=gone).delete()
    Assignment.objects.bulk_create(new)
    Assignment.objects.bulk_update(moved, ["role", "if_any", "due", "note"])
