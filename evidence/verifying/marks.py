"""Replaying the marks of attachments, against their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence.events import mark_state
from evidence.models import Mark
from survey.models import Event
from survey.verifying.replayer import CHUNK_ROWS, UNKNOWN, Row, Unknown, is_same, read_moment
from survey.verifying.report import JournalFault


@dataclass(slots=True)
class ToldMark:
    """A mark as the events make it; `state` is what `evidence.events.mark_state` tells of it."""

    state: dict[str, str]
    by: int | Unknown | None
    at: datetime | Unknown | None
    seq: int

    def is_at(self, told: Mapping[str, Any]) -> bool:
        """Whether an event means this mark: the same pages, quote, rectangles and note."""
        return all(self.state.get(name, "") == told.get(name, "") for name in ("pages", "quote", "areas", "note"))


class ToldMarks:
    """The marks of a response by attachment: made, changed, removed, brought back, adopted, checked."""

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.marks: dict[str, list[ToldMark]] = {}
        self.removed: dict[str, list[ToldMark]] = {}

    def take_adopted(self, key: str, event: Event) -> None:
        """Adds the marks that came with an adopted attachment."""
        for one in event.data["after"].get("marks", ()):
            at = read_moment(one["at"]) if "at" in one else UNKNOWN
            self.marks.setdefault(key, []).append(ToldMark(_state(one), one.get("by", UNKNOWN), at, event.seq))

    def take(self, key: str, event: Event) -> Iterator[JournalFault]:
        """Adds, changes, removes or brings back a mark."""
        marks = self.marks.setdefault(key, [])
        before, after = event.data.get("before", {}), event.data.get("after", {})
        if before:
            found = next((m for m in marks if m.is_at(before)), None)
            if found is None:
                yield self._fault("event.before", event, found=dict(before))
            else:
                marks.remove(found)
                self.removed.setdefault(key, []).append(found)
        if after:
            by: Any = event.by_id
            at: Any = event.at
            if event.verb == "evidence.remark":
                earlier = [m for m in self.removed.get(key, ()) if m.is_at(after)]
                by, at = (earlier[-1].by, earlier[-1].at) if earlier else (UNKNOWN, UNKNOWN)
            marks.append(ToldMark(_state(after), by, at, event.seq))

    def take_states(self, key: str, event: Event) -> Iterator[JournalFault]:
        """Sets what an event tells of marks (`marks`: each as it is from then on; `was`: as it was, where it moved)."""
        for told in event.data.get("marks", ()):
            was = told.get("was", told)
            found = next((m for m in self.marks.get(key, ()) if m.is_at(was)), None)
            if found is None:
                yield self._fault("event.before", event, found=dict(was))
            else:
                found.state, found.seq = _state(told), event.seq

    def compare(self, attachments: Mapping[Any, Row]) -> Iterator[JournalFault]:
        """Compares what the events made with the rows."""
        rows = Mark.objects.filter(attachment__response_id=self.scope.response.pk).select_related("attachment")
        left = {key: list(marks) for key, marks in self.marks.items()}
        for mark in rows.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
            row, key = mark.attachment, str(mark.attachment.public_id)
            where: dict[str, Any] = {"question": row.question_id, "place": row.address, "subject": row.name}
            found = mark_state(mark)
            told = next((m for m in left.get(key, ()) if m.state == found), None)
            if told is None:
                yield self.scope.fault("mark.unknown", **where, found=found)
                continue
            left[key].remove(told)
            yield from self._compare_maker(told, mark, where)
        for key, marks in left.items():
            row_told = attachments.get(key)
            names = (
                {k: v for k, v in row_told.where().items() if k in ("question", "place", "subject")} if row_told else {}
            )
            for one in marks:
                yield self.scope.fault("mark.missing", seq=one.seq, **names, expected=one.state)

    def _compare_maker(self, told: ToldMark, mark: Mark, where: Mapping[str, Any]) -> Iterator[JournalFault]:
        for name, expected, found in (("by", told.by, mark.by_id), ("at", told.at, mark.at)):
            if isinstance(expected, Unknown):
                self.scope.unproved[f"mark.{name}"] += 1
            elif not is_same(expected, found):
                pair: dict[str, Any] = {"field": name, "expected": expected, "found": found}
                yield self.scope.fault("mark.changed", seq=told.seq, **where, **pair)

    def _fault(self, code: str, event: Event, **more: Any) -> JournalFault:
        place = event.data.get("address", "")
        where = {"question": event.question_id, "place": place, "subject": event.data.get("name", "")}
        return self.scope.fault(code, seq=event.seq, **where, **more)


def _state(told: Mapping[str, Any]) -> dict[str, str]:
    names = ("pages", "quote", "areas", "note", "state")
    return {name: told[name] for name in names if name in ("pages", "quote") or told.get(name)}
