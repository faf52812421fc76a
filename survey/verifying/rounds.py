"""Replaying a round: its dates, guards, rule of escalation, form and scoring scheme."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from survey.approval.snapshot import ROUND_DATES
from survey.journal.queries import FORM_MOVE_VERB
from survey.models import Event, SubmissionGuard
from survey.rounds.opening_facts import round_facts
from survey.verifying.replayer import UNKNOWN, Replayer, Row, Unknown
from survey.verifying.report import JournalFault


class RoundReplayer(Replayer):
    """The round of the provincial answer. What it began with is told by the opening, or by the first change."""

    kind = "round"
    verbs = frozenset({"round.dates", "round.extend", "round.guards", "round.escalation", "scheme.use", FORM_MOVE_VERB})
    provincial_only = True

    def begin(self) -> None:
        """Starts from what the opening of the round told."""
        if self.rows:
            return
        told: Mapping[str, Any] = self.scope.opening
        values = {name: told.get(name, UNKNOWN) for name in round_facts(self.scope.response.round)}
        self.rows["round"] = Row(values, 1 if told else None)

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Changes what the event says, after looking at what it says stood before."""
        self.begin()
        row = self.rows["round"]
        row.seq = event.seq
        before, after = event.data.get("before", {}), event.data.get("after", {})
        if event.verb == "scheme.use":
            row.values["scheme_sha256"] = after.get("sha256", UNKNOWN)
            return
        if event.verb == "round.guards":
            before, after = self._guards(before), self._guards(after)
        for name, old in before.items():
            stood = row.values.get(name)
            if not isinstance(stood, Unknown) and not _same(stood, old):
                more = {"field": name, "expected": stood, "found": old}
                yield self.scope.fault("event.before", seq=event.seq, **more)
        row.values |= after

    def _guards(self, switched: Mapping[str, str]) -> dict[str, Any]:
        """Switches of guards as the list that is stored."""
        on = self.rows["round"].values["submission_guards"]
        if isinstance(on, Unknown):
            if set(switched) != set(SubmissionGuard.values):
                return {}
            on = []
        wanted = {name: switched.get(name, "on" if name in on else "off") for name in SubmissionGuard.values}
        return {"submission_guards": [name for name, word in wanted.items() if word == "on"]}

    def compare(self) -> Iterator[JournalFault]:
        """As for every row; a round without any change begins here."""
        self.begin()
        yield from super().compare()

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored round."""
        yield "round", Row(round_facts(self.scope.response.round))

    def differences(self, told: Row, stored: Row) -> Iterator[JournalFault]:
        """As for every row; moments by what they mean, not by how they are written."""
        for name in ROUND_DATES:
            if _same(told.values[name], stored.values[name]):
                told.values[name] = stored.values[name]
        yield from super().differences(told, stored)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str) and "T" in one and "T" in other:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    if isinstance(one, date) or isinstance(other, date):
        return str(one) == str(other)
    return bool(one == other)
