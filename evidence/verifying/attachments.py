"""Replaying evidence: attachments with their marks, against the rows and against the frozen text."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evidence.attaching.snapshot import evidence_snapshot
from evidence.models import Attachment, Mark, ScanState
from survey.models import Event
from survey.verifying.replayer import CHUNK_ROWS, UNKNOWN, Replayer, Row, Unknown, is_same, read_moment
from survey.verifying.report import JournalFault

ATTACHED = ("evidence.attach", "evidence.adopt")
SCANNED = {"scan.infected": True, "scan.cleared": False}  # whether a virus is in the file from then on
PLAIN_FIELDS = ("name", "sha256", "size", "url")


@dataclass(slots=True)
class ToldMark:
    """A mark as the events make it."""

    pages: str
    quote: str
    by: int | Unknown | None
    at: datetime | Unknown | None
    seq: int


class EvidenceReplayer(Replayer):
    """Attachments: attached, dated, marked, removed, brought back, adopted from an agency."""

    kind = "evidence"
    verbs = frozenset(
        (
            *(f"evidence.{n}" for n in ("attach", "adopt", "date", "mark", "unmark", "remark", "remove", "restore")),
            *SCANNED,
        )
    )

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self.marks: dict[str, list[ToldMark]] = {}
        self.removed: dict[tuple[str, str, str], ToldMark] = {}

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Changes the attachment that the event is about."""
        key, data = event.data.get("attachment", ""), event.data
        if event.verb in ATTACHED and key not in self.rows:
            self.rows[key] = _new_row(event, self.scope.told_question(event.question_id))
        row = self.rows.get(key)
        if row is None:
            yield self._fault("evidence.unknown", event)
            return
        row.seq = event.seq
        if event.verb == "evidence.adopt":
            self.marks.setdefault(key, []).extend(_adopted_marks(event))
        elif event.verb == "evidence.date":
            row.values["document_date"] = _day(data["after"].get("document_date"))
        elif event.verb == "evidence.remove":
            row.values |= {"removed_by": event.by_id, "removed_at": event.at}
        elif event.verb == "evidence.restore":
            row.values |= {"removed_by": None, "removed_at": None}
        elif event.verb in SCANNED:
            row.values["infected"] = SCANNED[event.verb]
        elif event.verb != "evidence.attach":
            yield from self._take_mark(event, self.marks.setdefault(key, []))

    def _take_mark(self, event: Event, marks: list[ToldMark]) -> Iterator[JournalFault]:
        """Adds, changes, removes or brings back a mark."""
        before, after = event.data.get("before", {}), event.data.get("after", {})
        if before:
            found = next((m for m in marks if (m.pages, m.quote) == (before["pages"], before["quote"])), None)
            if found is None:
                yield self._fault("event.before", event, found=dict(before))
            else:
                marks.remove(found)
                self.removed[event.data["attachment"], found.pages, found.quote] = found
        if after:
            by: Any = event.by_id
            at: Any = event.at
            if event.verb == "evidence.remark":
                earlier = self.removed.get((event.data["attachment"], after["pages"], after["quote"]))
                by, at = (earlier.by, earlier.at) if earlier else (UNKNOWN, UNKNOWN)
            marks.append(ToldMark(after["pages"], after["quote"], by, at, event.seq))

    def _fault(self, code: str, event: Event, **more: Any) -> JournalFault:
        place = event.data.get("address", "")
        where = {"question": event.question_id, "place": place, "subject": event.data.get("name", "")}
        return self.scope.fault(code, seq=event.seq, **where, **more)

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored attachments by public id."""
        rows = Attachment.objects.filter(response_id=self.scope.response.pk).select_related("file").order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK_ROWS):
            self.scope.saw_row(row.added_at, row.removed_at)
            values = {
                "question": self.scope.stored_question(row.question_id),
                "address": row.address,
                "name": row.name,
                "sha256": row.file.sha256 if row.file else None,
                "size": row.file.size if row.file else None,
                "url": row.url,
                "document_date": row.document_date,
                "added_by": row.added_by_id,
                "added_at": row.added_at,
                "removed_by": row.removed_by_id,
                "removed_at": row.removed_at,
                "infected": row.file is not None and row.file.scan_state == ScanState.INFECTED,
            }
            key = str(row.public_id)
            yield key, Row(values, question=row.question_id, place=row.address, subject=row.name)

    def compare(self) -> Iterator[JournalFault]:
        """Attachments, then their marks, then all of it against the valid frozen version."""
        yield from super().compare()
        yield from self._compare_marks()
        if self.scope.frozen is not None:
            yield from self._compare_frozen(self.scope.frozen.get("evidence", []))

    def _compare_marks(self) -> Iterator[JournalFault]:
        rows = Mark.objects.filter(attachment__response_id=self.scope.response.pk).select_related("attachment")
        left = {key: list(marks) for key, marks in self.marks.items()}
        for mark in rows.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
            row, key = mark.attachment, str(mark.attachment.public_id)
            where: dict[str, Any] = {"question": row.question_id, "place": row.address, "subject": row.name}
            told = next((m for m in left.get(key, ()) if (m.pages, m.quote) == (mark.pages, mark.quote)), None)
            if told is None:
                yield self.scope.fault("mark.unknown", **where, found={"pages": mark.pages, "quote": mark.quote})
                continue
            left[key].remove(told)
            for name, expected, found in (("by", told.by, mark.by_id), ("at", told.at, mark.at)):
                if isinstance(expected, Unknown):
                    self.scope.unproved[f"mark.{name}"] += 1
                elif not is_same(expected, found):
                    pair: dict[str, Any] = {"field": name, "expected": expected, "found": found}
                    yield self.scope.fault("mark.changed", seq=told.seq, **where, **pair)
        for key, marks in left.items():
            row_told = self.rows.get(key)
            names = (
                {k: v for k, v in row_told.where().items() if k in ("question", "place", "subject")} if row_told else {}
            )
            for one in marks:
                told_mark = {"pages": one.pages, "quote": one.quote}
                yield self.scope.fault("mark.missing", seq=one.seq, **names, expected=told_mark)

    def _compare_frozen(self, frozen: list[dict[str, Any]]) -> Iterator[JournalFault]:
        left = {_frozen_key(entry): entry for entry in frozen}
        for entry in evidence_snapshot(self.scope.response):
            expected = left.pop(_frozen_key(entry), None)
            if expected != entry:
                where = {"place": entry["address"], "subject": entry["name"]}
                yield self.scope.fault("version.evidence", **where, expected=expected, found=entry)
        for entry in left.values():
            where = {"place": entry["address"], "subject": entry["name"]}
            yield self.scope.fault("version.evidence", **where, expected=entry)


def _new_row(event: Event, question: int | str | None) -> Row:
    data = event.data
    after = data["after"]
    values = {name: after.get(name) for name in PLAIN_FIELDS} | {
        "question": question,
        "address": data.get("address"),
        "name": data.get("name"),
        "document_date": _day(after.get("document_date")),
        "added_by": event.by_id,
        "added_at": event.at,
        "removed_by": None,
        "removed_at": None,
    }
    return Row(values, event.seq, event.question_id, place=data.get("address", ""), subject=data.get("name", ""))


def _adopted_marks(event: Event) -> Iterator[ToldMark]:
    for one in event.data["after"].get("marks", ()):
        at = read_moment(one["at"]) if "at" in one else UNKNOWN
        yield ToldMark(one["pages"], one["quote"], one.get("by", UNKNOWN), at, event.seq)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _frozen_key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["address"], entry["sha256"], entry["url"]
