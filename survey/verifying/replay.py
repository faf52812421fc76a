"""Replaying the journal of one response from its first event, to compare it with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from survey.approval.snapshot import (
    answers_content,
    read_snapshot,
    submission_content,
    to_canonical_data,
    verify_snapshot,
)
from survey.journal.actions import compute_event_hash
from survey.journal.queries import ANSWER_VERBS
from survey.models import Answer, Event, FrozenResponse, Response
from survey.verifying.report import JournalFault, VerificationReport

CHUNK_ROWS = 100  # events held at once


@dataclass(slots=True)
class _ApprovedVersion:
    """An approved version as the journal records it."""

    number: int
    sha256: str
    head: tuple[int, str]
    submission: Event | None
    void_reason: str | None = None


class JournalReplay:
    """The replay of one response's events from the first, collecting what does not match."""

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
        """Every fault of this response."""
        events = Event.objects.filter(response_id=self.response.pk).order_by("seq")
        for event in events.iterator(chunk_size=CHUNK_ROWS):
            self.report.events += 1
            yield from self._replay_event(event)
        yield from self._check_end_state()
        yield from self._check_answers()
        yield from self._check_versions()

    def fault(self, message: str, seq: int | None = None) -> JournalFault:
        return JournalFault(self.response.pk, seq, message)

    def _replay_event(self, event: Event) -> Iterator[JournalFault]:
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
            yield from self._replay_answer(event)
        elif "to" in event.data and event.verb.startswith("response."):
            yield from self._replay_transition(event, before)
        elif event.verb == "meeting.late":
            self.late_until = event.data.get("after", {}).get("late_until")

    def _replay_answer(self, event: Event) -> Iterator[JournalFault]:
        """Updates the replayed answer by this event: value, unsure, note, revision, person, time."""
        assert event.question_id is not None
        blank = {"value": {}, "unsure": False, "note": "", "revision": 0}
        state = self.answers.setdefault(event.question_id, blank)
        before, after = event.data.get("before", {}), event.data.get("after", {})
        value = state["value"]
        if any(value.get(address) != old for address, old in before.items()):
            yield self.fault("its “before” is not what stood before it", event.seq)
        for address in before:
            value.pop(address, None)
        value.update(after)
        for key in ("unsure", "note"):
            if key in event.data:
                state[key] = event.data[key][1]
        state.update(revision=state["revision"] + 1, saved_by=event.by_id, saved_at=event.at)

    def _replay_transition(self, event: Event, before: tuple[int, str]) -> Iterator[JournalFault]:
        step = event.data
        if step.get("from") != self.state:
            yield self.fault(f"leaves state {step.get('from')!r}, but the response was {self.state!r}", event.seq)
        self.state = str(step.get("to"))
        number = step.get("number")
        if event.verb in ("response.endorse", "response.remand"):
            self.late_until = step.get("late_until")
        if event.verb == "response.submit":
            self.submission = event
        elif event.verb == "response.approve":
            self.approvals[number] = _ApprovedVersion(number, step.get("sha256", ""), before, self.submission)
        elif event.verb == "response.reopen" and number in self.approvals:
            self.approvals[number].void_reason = step.get("reason", "")

    def _check_end_state(self) -> Iterator[JournalFault]:
        response = self.response
        if (response.version, response.head) != self.head:
            seq, _hash = self.head
            yield self.fault(f"the response stands at event {response.version}, its journal ends at {seq}")
        if response.state != self.state:
            yield self.fault(f"the response is {response.state!r}, its journal says {self.state!r}")
        submission = self.submission
        told = (submission.data.get("open_points"), submission.at) if submission else ([], None)
        if (response.open_points, response.submitted_at) != told:
            yield self.fault("open points or time of submission differ from the journal")
        if (response.late_until.isoformat() if response.late_until else None) != self.late_until:
            yield self.fault("the last day for late additions differs from the journal")

    def _check_answers(self) -> Iterator[JournalFault]:
        replayed = dict(self.answers)
        for answer in Answer.objects.filter(response_id=self.response.pk).select_related("question"):
            state = replayed.pop(answer.question_id, None)
            if state is None:
                yield self.fault(f"answer {answer.question.item_id} has no events")
                continue
            stored = {key: getattr(answer, key) for key in ("value", "unsure", "note", "revision", "saved_at")}
            stored["saved_by"] = answer.saved_by_id
            if wrong := [key for key, value in stored.items() if value != state[key]]:
                yield self.fault(f"answer {answer.question.item_id} differs from its events: {', '.join(wrong)}")
        for question in replayed:
            yield self.fault(f"the answer to question {question} is gone, its events are not")

    def _check_versions(self) -> Iterator[JournalFault]:
        replayed = dict(self.approvals)
        valid = 0
        for version in FrozenResponse.objects.filter(response_id=self.response.pk).iterator(chunk_size=1):
            label = f"version {version.number}"
            yield from (self.fault(f"{label}: {message}") for message in verify_snapshot(version))
            approval = replayed.pop(version.number, None)
            if approval is None:
                yield self.fault(f"{label}: the journal knows nothing of it")
            elif approval.sha256 != version.sha256:
                yield self.fault(f"{label}: the journal has another SHA-256")
            elif (approval.void_reason is not None) != (version.voided_at is not None):
                yield self.fault(f"{label}: void or valid, against the journal")
            elif approval.void_reason is not None and approval.void_reason != version.void_reason:
                yield self.fault(f"{label}: another reason than in the journal")
            else:
                yield from self._check_snapshot(version, approval)
            valid += version.voided_at is None
        for number in replayed:
            yield self.fault(f"version {number} is gone, its event is not")
        if (self.response.state == Response.State.APPROVED) != (valid == 1):
            yield self.fault(f"the response is {self.response.state!r} with {valid} valid versions")

    def _check_snapshot(self, version: FrozenResponse, approval: _ApprovedVersion) -> Iterator[JournalFault]:
        try:
            data = read_snapshot(version)
        except ValueError:
            return  # told already
        seq, head = approval.head
        if data.get("response") != self.response.pk or data.get("journal") != {"seq": seq, "hash": head}:
            yield self.fault(f"version {version.number}: frozen from another response or another journal")
        if approval.submission is not None and not _tells_submission(data, approval.submission):
            yield self.fault(f"version {version.number}: frozen from another submission than the journal tells")
        if version.voided_at is None:
            stored_answers = Answer.objects.filter(response_id=self.response.pk).select_related("question")
            if answers_content(stored_answers) != data.get("answers"):
                yield self.fault(f"version {version.number}: the answers differ from the frozen ones")


def _tells_submission(data: dict[str, Any], submission: Event) -> bool:
    """Whether a snapshot has the open points and guards of a submission; older ones know only its time."""
    told = data.get("submitted", {})
    if "guards" in told and told != to_canonical_data(submission_content(submission)):
        return False
    return bool(data.get("open_points") == submission.data.get("open_points"))
