"""Replaying what stands beside a meeting: attendance, resolutions, opinions, amendments, papers on the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

from survey.committee.actions.attendance import seat_values
from survey.models import Amendment, Attendance, Event, Meeting, Opinion, Resolution, TabledPaper
from survey.verifying.replayer import UNKNOWN, Replayer, Row
from survey.verifying.report import JournalFault


class MinutesReplayer(Replayer):
    """What is recorded of a meeting; the kind of each row is the first part of its key."""

    kind = "minutes"
    verbs = frozenset(f"meeting.{name}" for name in ("attendance", "resolve", "opinion", "amend", "table", "cancel"))
    provincial_only = True

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self._amendments: dict[int, int] = defaultdict(int)

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Adds, changes or takes away what the event says."""
        take = getattr(self, f"_take_{event.verb.removeprefix('meeting.')}")
        take(event, event.data["meeting"])
        yield from ()

    def _put(self, event: Event, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        self.rows[key] = Row(values, event.seq, subject=_subject(key))

    def _take_attendance(self, event: Event, meeting: int) -> None:
        for key in [k for k in self.rows if isinstance(k, tuple) and k[:2] == ("seat", meeting)]:
            del self.rows[key]
        self._put(event, ("guests", meeting), {"guests": event.data.get("guests", UNKNOWN)})
        for seat in event.data.get("seats", ()):
            self._put(event, ("seat", meeting, seat.get("position")), {"seat": seat})

    def _take_cancel(self, event: Event, meeting: int) -> None:
        for key, row in self.rows.items():
            if isinstance(key, tuple) and key[1] == meeting:
                row.may_be_gone = not event.data.get("kept")  # as in MeetingReplayer

    def _take_resolve(self, event: Event, meeting: int) -> None:
        for code, (decision, note) in event.data.get("resolutions", {}).items():
            self._put(event, ("resolution", meeting, code), {"decision": decision, "note": note})

    def _take_opinion(self, event: Event, meeting: int) -> None:
        member, sides = event.data.get("member"), event.data.get("opinions", {})
        for code in sides.get("before", {}):
            self.rows.pop(("opinion", meeting, member, code), None)
        for code, (stance, remark) in sides.get("after", {}).items():
            values = {"stance": stance, "remark": remark, "by": event.by_id, "at": event.at}
            self._put(event, ("opinion", meeting, member, code), values)

    def _take_amend(self, event: Event, meeting: int) -> None:
        self._amendments[meeting] += 1
        values = {name: event.data.get(name) for name in ("subject", "before", "after", "reason")}
        values |= {"by": event.by_id, "at": event.at}
        self._put(event, ("amendment", meeting, self._amendments[meeting]), values)

    def _take_table(self, event: Event, meeting: int) -> None:
        data = event.data
        values = {"sha256": data.get("after", {}).get("sha256"), "version": data.get("answer"), "by": event.by_id}
        values |= {"at": event.at, "size": data.get("size", UNKNOWN)}
        self._put(event, ("paper", meeting, data.get("paper")), values)

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """All that is stored beside the meetings of the round. Six queries."""
        of_round = {"meeting__round_id": self.scope.response.round_id}
        codes = self.scope.sub_pillars
        for meeting in Meeting.every.filter(round_id=self.scope.response.round_id).only("guests"):
            if meeting.guests or ("guests", meeting.pk) in self.rows:
                yield self._stored(("guests", meeting.pk), {"guests": meeting.guests})
        for seat in Attendance.objects.filter(**of_round).order_by("pk"):
            if seat.presence and self._is_told(seat.meeting_id):
                yield self._stored(("seat", seat.meeting_id, seat.position), {"seat": seat_values(seat)})
        for row in Resolution.objects.filter(**of_round).order_by("pk"):
            key = ("resolution", row.meeting_id, codes.get(row.sub_pillar_id, f"#{row.sub_pillar_id}"))
            yield self._stored(key, {"decision": row.decision, "note": row.note})
        for one in Opinion.objects.filter(**of_round).order_by("pk"):
            values = {"stance": one.stance, "remark": one.remark, "by": one.by_id, "at": one.at}
            about = one.sub_pillar_id
            # A sub-pillar of another form is not the whole: it has no code here, so its key stands for it.
            code = "" if about is None else codes.get(about, f"#{about}")
            yield self._stored(("opinion", one.meeting_id, one.member_id, code), values)
        numbers: dict[int, int] = defaultdict(int)
        for amended in Amendment.objects.filter(**of_round).order_by("pk"):
            numbers[amended.meeting_id] += 1
            values = {name: getattr(amended, name) for name in ("subject", "before", "after", "reason", "at")}
            number = ("amendment", amended.meeting_id, numbers[amended.meeting_id])
            yield self._stored(number, values | {"by": amended.by_id})
        for paper in TabledPaper.objects.filter(**of_round).order_by("pk"):
            values = {name: getattr(paper, name) for name in ("sha256", "version", "size", "at")}
            yield self._stored(("paper", paper.meeting_id, str(paper.public_id)), values | {"by": paper.by_id})

    def _is_told(self, meeting: int) -> bool:
        """Whether events tell who sat where; older ones only counted."""
        row = self.rows.get(("guests", meeting))
        if row is not None and row.values["guests"] is UNKNOWN:
            self.scope.unproved["minutes.seat"] += 1
            return False
        return True

    def _stored(self, key: tuple[Any, ...], values: dict[str, Any]) -> tuple[Hashable, Row]:
        self.scope.saw_row(values.get("at"))
        return key, Row(values, subject=_subject(key))


def _subject(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key if part not in (None, ""))
