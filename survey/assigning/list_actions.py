"""Applying a whole list of assignments to a round in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import RefusedError
from accounts.models import Agency, User
from survey.assigning.actions import (
    AssignmentTerms,
    assignment_entry,
    entry_event_data,
    lock_assignments,
    terms_columns,
)
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.list_changes import EntryChange, diff_entries
from survey.assigning.part_notices import AssignmentNotices
from survey.assigning.queries import target_columns
from survey.assigning.targets import AssignmentTarget
from survey.journal import actions as journal
from survey.models import Assignment, Round


def apply_assignment_list(
    *, by: User | None, round_: Round, entries: Sequence[AssignmentEntry], replace: bool
) -> list[EntryChange]:
    """Makes a round's assignments equal to a list and returns the changes made. Raises RefusedError.

    A part whose terms change keeps its state. `replace`: what the list does not name goes.
    """
    with transaction.atomic():
        locked = lock_assignments(round_)
        agencies = {a.code: a for a in round_.province.agencies.all()}
        if missing := {e.agency for e in entries} - agencies.keys():
            raise RefusedError(_("ไม่พบหน่วยงาน %(names)s") % {"names": ", ".join(sorted(missing))})
        rows = Assignment.objects.filter(round=round_).select_related("agency").select_for_update(of=("self",))
        existing = {(e := assignment_entry(a, round_)).key: (a, e) for a in rows}
        changes = diff_entries(entries, [e for _a, e in existing.values()], replace=replace)
        _write_changes(round_, agencies, {key: a for key, (a, _e) in existing.items()}, changes)
        changed = [c for c in changes if c.kind != "same"]
        if changed:
            data = {
                kind: [entry_event_data(c.entry) for c in changed if c.kind == kind]
                for kind in ("add", "change", "remove")
            }
            data["replaced"] = [entry_event_data(c.before) for c in changed if c.kind == "change" and c.before]
            data = {key: some for key, some in data.items() if some}
            event = journal.record_event(by=by, response=locked, verb="assignment.import", data=data)
            _collect_notices(round_, agencies, changed).send(by=by, event=event)
    return changes


def _collect_notices(round_: Round, agencies: dict[str, Agency], moved: Iterable[EntryChange]) -> AssignmentNotices:
    notices = AssignmentNotices(round_)
    for change in moved:
        entry, agency = change.entry, agencies[change.entry.agency].pk
        if change.kind == "add":
            notices.assigned[agency].append(entry.target)
        elif change.kind == "remove":
            notices.unassigned[agency].append(entry.target)
        elif change.before:
            notices.add_change(
                agency, entry.target, *((e.role, e.if_any, e.due, e.note) for e in (change.before, entry))
            )
    return notices


def _write_changes(
    round_: Round,
    agencies: dict[str, Agency],
    existing: dict[tuple[str, AssignmentTarget], Assignment],
    changes: Iterable[EntryChange],
) -> None:
    created: list[Assignment] = []
    changed: list[Assignment] = []
    removed_keys: list[int] = []
    for change in changes:
        entry = change.entry
        terms = terms_columns(AssignmentTerms(entry.role, entry.if_any, entry.due, entry.note))
        if change.kind == "add":
            names = target_columns(round_.instrument, entry.target)
            created.append(Assignment(round=round_, agency=agencies[entry.agency], **names, **terms))
        elif change.kind == "remove":
            removed_keys.append(existing[entry.key].pk)
        elif change.kind == "change":
            assignment = existing[entry.key]
            for name, value in terms.items():
                setattr(assignment, name, value)
            changed.append(assignment)
    Assignment.objects.filter(pk__in=removed_keys).delete()
    Assignment.objects.bulk_create(created)
    Assignment.objects.bulk_update(changed, ["role", "if_any", "due", "note"])
