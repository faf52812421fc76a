"""Proving the journal: every chain, every answer against its events, every frozen version. Memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from survey.approval import snapshot as frozen
from survey.journal.actions import compute_event_hash
from survey.models import Answer, Event, FrozenResponse, Response

CHUNK_ROWS = 100  # events held at once
MAX_LISTED_FAULTS = 50  # faults of one response that are told one by one
ANSWER_VERBS = "answer."  # verbs of this kind change one answer


@dataclass(frozen=True, slots=True)
class JournalFault:
    """Something that does not hold. `seq`: the event it was seen at, if any."""

    response: int
    seq: int | None
    message: str

    def json(self) -> dict[str, Any]:
        """As printed."""
        return {"response": self.response, "seq": self.seq, "message": self.message}


@dataclass(slots=True)
class VerificationReport:
    """What was looked at and what was wrong."""

    responses: int = 0
    events: int = 0
    faults: list[JournalFault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.faults

    def json(self) -> dict[str, Any]:
        """The published shape."""
        faults = [f.json() for f in self.faults]
        return {"ok": self.ok, "responses": self.responses, "events": self.events, "faults": faults}


def verify_journal() -> VerificationReport:
    """Looks at every response there is, one after the other."""
    report = VerificationReport()
    for pk in _response_keys():
        with transaction.atomic():
            # Writers of this response wait meanwhile: a save half seen would look like tampering.
            response = Response.objects.select_for_update().filter(pk=pk).first()
            if response is not None:
                report.responses += 1
                _add_faults(report, pk, _JournalReplay(response, report).faults())
    for rows in (Event.objects.order_by(), FrozenResponse.objects.order_by()):
        lost = rows.exclude(response__in=Response.objects.values("pk")).values_list("response_id", flat=True)
        report.faults += [JournalFault(pk, None, "the response is gone, its journal is not") for pk in lost.distinct()]
    return report


def _response_keys() -> Iterator[int]:
    last = 0
    while keys := list(Response.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK_ROWS]):
        yield from keys
        last = keys[-1]


def _add_faults(report: VerificationReport, response: int, faults: Iterator[JournalFault]) -> None:
    """Keeps the first LISTED faults of a response and counts the others."""
    report.faults += islice(faults, MAX_LISTED_FAULTS)
    if more := sum(1 for _ in faults):
        report.faults.append(JournalFault(response, None, f"{more} more faults"))


@dataclass(slots=True)
class _ApprovedVersion:
    """A version as the journal tells it."""

    number: int
    sha256: str
    head: tuple[int, str]
    void_reason: str | None = None


class _JournalReplay:
    """One response's events played again from the first."""

    def __init__(self, response: Response, report: VerificationReport) -> None:
        self.response = response
        self.report = report
        self.answers: dict[int, dict[str, Any]] = {}
        self.approvals: dict[int, _ApprovedVersion] = {}
        self.state = str(Response.State.DRAFT)
        self.submission: Event | None = None
        self.late_until: str | None = None
        self.head = (0, "")

    def faults(self) -> Iterator[JournalFault]:
        """Everything wrong with this response."""
        events = Event.objects.filter(response_id=self.response.pk).order_by("seq")
        for event in events.iterator(chunk_size=CHUNK_ROWS):
            self.report.events += 1
            yield from self._event(event)
        yield from self._end()
        yield from self._answers()
        yield from self._versions()

    def fault(self, message: str, seq: int | None = None) -> JournalFault:
        return JournalFault(self.response.pk, seq, message)

    def _event(self, event: Event) -> Iterator[JournalFault]:
        seq, previous = self.head
        if event.seq != seq + 1:
            yield self.fault(f"after event {seq} comes {event.seq}: events are missing", event.seq)
        if event.previous != previous:
            yield self.fault("does not link to the event before it", event.seq)
        if compute_event_hash(event) != event.hash:
            yield self.fault("says something else than its hash", event.seq)
        before = self.head
        self.head = (event.seq, event.hash)
        if event.verb.startswith(ANSWER_VERBS) and event.question_id is not None:
            yield from self._answer(event)
        elif "to" in event.data and event.verb.startswith("response."):
            yield from self._move(event, before)
        elif event.verb == "meeting.late":
            self.late_until = event.data.get("after", {}).get("late_until")

    def _answer(self, event: Event) -> Iterator[JournalFault]:
        """Keeps what the answer is after this event: value, unsure, note, revision, who, when."""
        assert event.question_id is not None
        blank = {"value": {}, "unsure": False, "note": "", "revision": 0}
        kept = self.answers.setdefault(event.question_id, blank)
        before, after = event.data.get("before", {}), event.data.get("after", {})
        value = kept["value"]
        if any(value.get(address) != old for address, old in before.items()):
            yield self.fault("its “before” is not what stood before it", event.seq)
        for address in before:
            value.pop(address, None)
        value.update(after)
        for key in ("unsure", "note"):
            if key in event.data:
                kept[key] = event.data[key][1]
        kept.update(revision=kept["revision"] + 1, saved_by=event.by_id, saved_at=event.at)

    def _move(self, event: Event, before: tuple[int, str]) -> Iterator[JournalFault]:
        data = event.data
        if data.get("from") != self.state:
            yield self.fault(f"leaves state {data.get('from')!r}, but the response was {self.state!r}", event.seq)
        self.state = str(data.get("to"))
        number = data.get("number")
        if event.verb in ("response.endorse", "response.remand"):
            self.late_until = data.get("late_until")
        if event.verb == "response.submit":
            self.submission = event
        elif event.verb == "response.approve":
            self.approvals[number] = _ApprovedVersion(number, data.get("sha256", ""), before)
        elif event.verb == "response.reopen" and number in self.approvals:
            self.approvals[number].void_reason = data.get("reason", "")

    def _end(self) -> Iterator[JournalFault]:
        row = self.response
        if (row.version, row.head) != self.head:
            seq, _hash = self.head
            yield self.fault(f"the response stands at event {row.version}, its journal ends at {seq}")
        if row.state != self.state:
            yield self.fault(f"the response is {row.state!r}, its journal says {self.state!r}")
        submission = self.submission
        told = (submission.data.get("open_points"), submission.at) if submission else ([], None)
        if (row.open_points, row.submitted_at) != told:
            yield self.fault("open points or time of submission differ from the journal")
        if (row.late_until.isoformat() if row.late_until else None) != self.late_until:
            yield self.fault("the last day for late additions differs from the journal")

    def _answers(self) -> Iterator[JournalFault]:
        told = dict(self.answers)
        for row in Answer.objects.filter(response_id=self.response.pk).select_related("question"):
            kept = told.pop(row.question_id, None)
            if kept is None:
                yield self.fault(f"answer {row.question.item_id} has no events")
                continue
            stands = {key: getattr(row, key) for key in ("value", "unsure", "note", "revision", "saved_at")}
            stands["saved_by"] = row.saved_by_id
            if wrong := [key for key, value in stands.items() if value != kept[key]]:
                yield self.fault(f"answer {row.question.item_id} differs from its events: {', '.join(wrong)}")
        for question in told:
            yield self.fault(f"the answer to question {question} is gone, its events are not")

    def _versions(self) -> Iterator[JournalFault]:
        told = dict(self.approvals)
        valid = 0
        for row in FrozenResponse.objects.filter(response_id=self.response.pk).iterator(chunk_size=1):
            name = f"version {row.number}"
            yield from (self.fault(f"{name}: {message}") for message in frozen.verify_snapshot(row))
            approval = told.pop(row.number, None)
            if approval is None:
                yield self.fault(f"{name}: the journal knows nothing of it")
            elif approval.sha256 != row.sha256:
                yield self.fault(f"{name}: the journal has another SHA-256")
            elif (approval.void_reason is not None) != (row.voided_at is not None):
                yield self.fault(f"{name}: void or valid, against the journal")
            elif approval.void_reason is not None and approval.void_reason != row.void_reason:
                yield self.fault(f"{name}: another reason than in the journal")
            else:
                yield from self._content(row, approval)
            valid += row.voided_at is None
        for number in told:
            yield self.fault(f"version {number} is gone, its event is not")
        if (self.response.state == Response.State.APPROVED) != (valid == 1):
            yield self.fault(f"the response is {self.response.state!r} with {valid} valid versions")

    def _content(self, row: FrozenResponse, approval: _ApprovedVersion) -> Iterator[JournalFault]:
        try:
            data = frozen.read_snapshot(row)
        except ValueError:
            return  # told already
        seq, head = approval.head
        if data.get("response") != self.response.pk or data.get("journal") != {"seq": seq, "hash": head}:
            yield self.fault(f"version {row.number}: frozen from another response or another journal")
        if row.voided_at is None:
            live = Answer.objects.filter(response_id=self.response.pk).select_related("question")
            if frozen.answers_content(live) != data.get("answers"):
                yield self.fault(f"version {row.number}: the answers differ from the frozen ones")
