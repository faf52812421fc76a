"""Replaying the committee's meetings: when and where, called off, concluded, late additions."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from typing import Any

from survey.models import Event, Meeting
from survey.verifying.replayer import UNKNOWN, Replayer, Row, read_moment
from survey.verifying.report import JournalFault

TEXT_FIELDS = ("number", "place", "agenda", "proceedings")
CONCLUSIONS = {"response.endorse": Meeting.Outcome.ENDORSED.value, "response.remand": Meeting.Outcome.RETURNED.value}


class MeetingReplayer(Replayer):
    """Meetings; they are concluded by the step of the answer that they decide."""

    kind = "meeting"
    verbs = frozenset({"meeting.record", "meeting.change", "meeting.cancel", "meeting.late", *CONCLUSIONS})
    provincial_only = True

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Changes the meeting that the event is about."""
        key, data = event.data.get("meeting"), event.data
        if event.verb == "meeting.record":
            self.rows[key] = Row({**_blank(event.by_id), **_fields(data.get("after", {}))}, subject=str(key))
        row = self.rows.get(key)
        if row is None:
            if key is not None:
                yield self.scope.fault("meeting.unknown", seq=event.seq, subject=str(key))
            return
        row.seq = event.seq
        if event.verb == "meeting.change":
            row.values |= _fields(data.get("after", {}))
        elif event.verb == "meeting.cancel":
            row.values |= {"cancelled_at": event.at, "cancelled_by": event.by_id}
            row.may_be_gone = not data.get("kept")  # they were deleted once
        elif event.verb == "meeting.late":
            row.values["late_until"] = _day(data.get("after", {}).get("late_until"))
        elif event.verb in CONCLUSIONS:
            row.values |= {
                "concluded_at": event.at,
                "concluded_by": event.by_id,
                "outcome": CONCLUSIONS[event.verb],
                "late_until": _day(data.get("late_until")),
                "order": data.get("order", UNKNOWN),
                "quorum": data.get("attendance", {}).get("quorum"),
            }

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored meetings by key."""
        for row in Meeting.every.filter(round_id=self.scope.response.round_id).order_by("pk"):
            self.scope.saw_row(row.concluded_at, row.cancelled_at)
            values = {name: getattr(row, name) for name in (*TEXT_FIELDS, "held_at", "late_until", "outcome")}
            values |= {"by": row.by_id, "concluded_at": row.concluded_at, "concluded_by": row.concluded_by_id}
            values |= {"cancelled_at": row.cancelled_at, "cancelled_by": row.cancelled_by_id}
            yield row.pk, Row(values | {"order": row.order_id, "quorum": row.quorum}, subject=str(row.pk))


def _blank(by: int | None) -> dict[str, Any]:
    later = ("concluded_at", "concluded_by", "cancelled_at", "cancelled_by", "late_until", "order", "quorum")
    return {**dict.fromkeys(TEXT_FIELDS, ""), "held_at": UNKNOWN, "by": by, "outcome": "", **dict.fromkeys(later)}


def _fields(told: dict[str, Any]) -> dict[str, Any]:
    moment = {"held_at": read_moment(told["held_at"])} if "held_at" in told else {}
    return {name: told[name] for name in TEXT_FIELDS if name in told} | moment


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
