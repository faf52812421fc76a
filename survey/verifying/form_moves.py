"""Replaying moves of a round to another version of its form, in the journal of each of its responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survey.journal.queries import FORM_MOVE_VERB
from survey.models import Event
from survey.rounds.opening_facts import round_facts
from survey.verifying.replayer import Replayer
from survey.verifying.report import JournalFault

FORM_FIELDS = ("instrument", "instrument_sha256")


class FormReplayer(Replayer):
    """The version of the form that a response is on: each move begins where the one before ended."""

    kind = "form"
    verbs = frozenset({FORM_MOVE_VERB})

    def __init__(self, scope: Any) -> None:
        super().__init__(scope)
        self.moves: list[Event] = []

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Notes the move, after looking at where it begins."""
        if self.moves:
            yield from self._differences(event, self.moves[-1].data["after"], event.data["before"], "event.before")
        self.moves.append(event)

    def compare(self) -> Iterator[JournalFault]:
        """The last move against the round, and the number of moves against both rows."""
        response, round_ = self.scope.response, self.scope.response.round
        if self.moves:
            last = self.moves[-1]
            yield from self._differences(last, last.data["after"], round_facts(round_), "form.changed")
        # A contribution begun after a move tells only of those that followed.
        told = len(self.moves) if response.is_provincial else round_.form_moves
        for found in (round_.form_moves, response.form_moves):
            if found != told or found < len(self.moves):
                yield self.scope.fault("form.changed", field="form_moves", expected=told, found=found)

    def _differences(
        self, event: Event, expected: dict[str, Any], found: dict[str, Any], code: str
    ) -> Iterator[JournalFault]:
        for name in FORM_FIELDS:
            if expected[name] != found[name]:
                more = {"field": name, "expected": expected[name], "found": found[name]}
                yield self.scope.fault(code, seq=event.seq, **more)
