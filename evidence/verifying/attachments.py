"""Replaying evidence: attachments with their marks, against the rows and against the frozen text."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from evidence.attaching.snapshot import evidence_snapshot
from evidence.models import Attachment, ScanState
from evidence.verifying.marks import ToldMarks
from survey.models import Event
from survey.verifying.replayer import CHUNK_ROWS, Replayer, Row, read_moment
from survey.verifying.report import JournalFault

ATTACHED = ("evidence.attach", "evidence.adopt")
SCANNED = {"scan.infected": True, "scan.cleared": False}  # whether a virus is in the file from then on
PLAIN_FIELDS = ("name", "sha256", "size", "url")


class EvidenceReplayer(Replayer):
    """Attachments: attached, dated, marked, removed, brought back, adopted from an agency."""

    kind = "evidence"
    verbs = frozenset(
        (
            *(f"evidence.{n}" for n in ("attach", "adopt", "date", "mark", "unmark", "remark", "remove", "restore")),
            *(f"evidence.{n}" for n in ("check", "judge", "confirm", "unconfirm", "copy", "version")),
            *SCANNED,
        )
    )

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self.marks = ToldMarks(scope)

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
            self.marks.take_adopted(key, event)
            row.values |= _judged(data["after"]) | {"copy": data["after"].get("copy")}
        elif event.verb == "evidence.date":
            row.values["document_date"] = _day(data["after"].get("document_date"))
        elif event.verb == "evidence.remove":
            row.values |= {"removed_by": event.by_id, "removed_at": event.at}
        elif event.verb == "evidence.restore":
            row.values |= {"removed_by": None, "removed_at": None}
        elif event.verb in SCANNED:
            row.values["infected"] = SCANNED[event.verb]
        elif event.verb in CHANGED:
            row.values |= CHANGED[event.verb](event)
            yield from self.marks.take_states(key, event)
        elif event.verb != "evidence.attach":
            yield from self.marks.take(key, event)

    def _fault(self, code: str, event: Event, **more: Any) -> JournalFault:
        place = event.data.get("address", "")
        where = {"question": event.question_id, "place": place, "subject": event.data.get("name", "")}
        return self.scope.fault(code, seq=event.seq, **where, **more)

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored attachments by public id."""
        rows = (
            Attachment.objects.filter(response_id=self.scope.response.pk).select_related("file", "copy").order_by("pk")
        )
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
                "copy": row.copy.sha256 if row.copy else None,
                "to_confirm": row.to_confirm,
                "verdict": row.verdict,
                "verdict_reason": row.verdict_reason,
                "verdict_by": row.verdict_by_id,
                "verdict_at": row.verdict_at,
                "infected": row.file is not None and row.file.scan_state == ScanState.INFECTED,
            }
            key = str(row.public_id)
            yield key, Row(values, question=row.question_id, place=row.address, subject=row.name)

    def compare(self) -> Iterator[JournalFault]:
        """Attachments, then their marks, then all of it against the valid frozen version."""
        yield from super().compare()
        yield from self.marks.compare(self.rows)
        if self.scope.frozen is not None:
            yield from self._compare_frozen(self.scope.frozen.get("evidence", []))

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
        "copy": None,
        **_judged({}),
    }
    return Row(values, event.seq, event.question_id, place=data.get("address", ""), subject=data.get("name", ""))


def _judged(after: Mapping[str, Any]) -> dict[str, Any]:
    """What an adopted attachment brings along: whether it is still to be confirmed, a reviewer's verdict."""
    verdict = after.get("verdict", "")
    return {
        "to_confirm": after.get("to_confirm", False),
        "verdict": verdict,
        "verdict_reason": after.get("verdict_reason", ""),
        "verdict_by": after.get("verdict_by"),
        "verdict_at": read_moment(after["verdict_at"]) if verdict else None,
    }


def _verdict(event: Event) -> dict[str, Any]:
    after = event.data["after"]
    verdict = after.get("verdict", "")
    return {
        "verdict": verdict,
        "verdict_reason": after.get("verdict_reason", ""),
        "verdict_by": after.get("verdict_by", event.by_id) if verdict else None,
        "verdict_at": (read_moment(after["verdict_at"]) if "verdict_at" in after else event.at) if verdict else None,
    }


def _new_content(event: Event) -> dict[str, Any]:
    after = event.data["after"]
    return {name: after[name] for name in ("name", "sha256", "size") if name in after}


CHANGED: Final[Mapping[str, Callable[[Event], Mapping[str, Any]]]] = {
    "evidence.check": lambda event: {},
    "evidence.judge": _verdict,
    "evidence.confirm": lambda event: {"to_confirm": False},
    "evidence.unconfirm": lambda event: {"to_confirm": True},
    "evidence.copy": lambda event: {"copy": event.data["after"].get("sha256")},
    "evidence.version": _new_content,
}
"""What the verbs change of the row itself."""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _frozen_key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["address"], entry["sha256"], entry["url"]
