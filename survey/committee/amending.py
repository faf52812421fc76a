"""What can be amended of a concluded meeting, and its values as the record and the amendments so far have them.

A subject is `meeting`, `guests`, `seat-<row>` (of the attendance) or `decision-<code>` (of a sub-pillar).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dgready.prepared_select import PreparedSelect
from survey.committee.actions.attendance import SUBSTITUTE_FIELDS
from survey.committee.attendance import recorded_attendance
from survey.committee.queries import meeting_resolutions
from survey.journal.event_texts import FieldChange, field_changes
from survey.models import Amendment, Attendance, Meeting, Resolution

MEETING, GUESTS, SEAT, DECISION = "meeting", "guests", "seat", "decision"
SEAT_FIELDS = ("presence", *SUBSTITUTE_FIELDS, "reason")

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be amended: its name in addresses, its label, its values now."""

    name: str
    label: str
    values: Values

    @property
    def kind(self) -> str:
        """The kind of subject."""
        return self.name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class AmendmentEntry:
    """An amendment as pages and papers show it: of what, who, when, before, after, why."""

    label: str
    by: str
    at: datetime
    reason: str
    changes: tuple[FieldChange, ...]


def meeting_amendments(meeting: Meeting) -> list[Amendment]:
    """The amendments of a meeting, oldest first. One query."""
    return _AMENDMENTS.all(meeting.pk)


_AMENDMENTS: PreparedSelect[Amendment] = PreparedSelect(
    lambda meeting: Amendment.objects.filter(meeting=meeting).select_related("by").order_by("pk")
)


def amendable_subjects(
    meeting: Meeting,
    amendments: Iterable[Amendment],
    rows: Sequence[Attendance] | None = None,
    decided: Mapping[str, Resolution] | None = None,
) -> dict[str, Subject]:
    """Everything that can be amended, by name, with its values after the amendments so far. At most two queries."""
    seats = recorded_attendance(meeting) if rows is None else rows
    resolutions = meeting_resolutions(meeting) if decided is None else decided
    latest = {row.subject: row.after for row in amendments}
    found = [Subject(MEETING, _("การประชุม"), _meeting_values(meeting))]
    found += [Subject(f"{SEAT}-{row.pk}", row.position, {f: getattr(row, f) for f in SEAT_FIELDS}) for row in seats]
    found.append(Subject(GUESTS, _("ผู้เข้าร่วมประชุม"), {"guests": meeting.guests}))
    for code, row in resolutions.items():
        label = _("มติ %(code)s") % {"code": code}
        found.append(Subject(f"{DECISION}-{code}", label, {"decision": row.decision, "note": row.note}))
    return {s.name: Subject(s.name, s.label, {**s.values, **latest.get(s.name, {})}) for s in found}


def amendment_entries(
    amendments: Iterable[Amendment], subjects: Mapping[str, Subject], language: str
) -> list[AmendmentEntry]:
    """The amendments as they are shown, oldest first; no query."""
    return [
        AmendmentEntry(
            label=subjects[row.subject].label if row.subject in subjects else row.subject,
            by=row.by.get_full_name(),
            at=row.at,
            reason=row.reason,
            changes=tuple(field_changes({"before": row.before, "after": row.after}, language)),
        )
        for row in amendments
    ]


def _meeting_values(meeting: Meeting) -> Values:
    values = {key: getattr(meeting, key) for key in ("number", "place", "agenda", "proceedings")}
    return {**values, "held_at": timezone.localtime(meeting.held_at).isoformat()}
