"""Replaying the steps of an answer: its state, submission and last day for late additions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survey.answering.channel import CHANNEL_VERB, PAPER_VERB
from survey.models import Channel, Event, Response
from survey.verifying.replayer import Replayer
from survey.verifying.report import JournalFault
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS

LATE_VERB = "meeting.late"


class StepReplayer(Replayer):
    """The response itself: what its steps make of it."""

    kind = "response"
    verbs = frozenset({row.verb for row in PROVINCIAL_TRANSITIONS} | {LATE_VERB, CHANNEL_VERB, PAPER_VERB})

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self.state = str(Response.State.DRAFT)
        self.submission: Event | None = None
        self.late_until: str | None = None
        self.last: int | None = None
        self.channel = str(Channel.ONLINE)
        self.paper = ""

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Makes the step."""
        step = event.data
        if event.verb == LATE_VERB:
            self.late_until = step.get("after", {}).get("late_until")
            return
        if event.verb == CHANNEL_VERB:
            self.channel = str(step.get("to"))
            return
        if event.verb == PAPER_VERB:
            self.paper = str(step.get("to", ""))
            return
        if step.get("from") != self.state:
            more = {"field": "state", "expected": self.state, "found": step.get("from")}
            yield self.scope.fault("response.step", seq=event.seq, **more)
        self.state, self.last = str(step.get("to")), event.seq
        if event.verb in ("response.endorse", "response.remand"):
            self.late_until = step.get("late_until")
        if event.verb == "response.submit":
            self.submission = event

    def compare(self) -> Iterator[JournalFault]:
        """State, open points, time of submission and last day, as stored."""
        response = self.scope.response
        submission = self.submission
        late = response.late_until.isoformat() if response.late_until else None
        pairs = {
            "state": (self.state, response.state, self.last),
            "open_points": (
                submission.data.get("open_points") if submission else [],
                response.open_points,
                submission.seq if submission else None,
            ),
            "submitted_at": (
                submission.at if submission else None,
                response.submitted_at,
                submission.seq if submission else None,
            ),
            "late_until": (self.late_until, late, None),
            "channel": (self.channel, response.channel, None),
            "paper": (self.paper, str(response.paper or ""), None),
        }
        for name, (expected, found, seq) in pairs.items():
            if expected != found:
                yield self.scope.fault("response.changed", seq=seq, field=name, expected=expected, found=found)
