"""Replaying the journal of one response from its first event, and comparing everything it tells of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.journal.actions import compute_event_hash
from survey.models import Event, Response
from survey.verifying.replayer import CHUNK_ROWS, CLOCK_TOLERANCE, Names, Replayer, ReplayScope
from survey.verifying.report import JournalFault, VerificationReport

OPENING_VERB = "response.open"


class ResponseReplay:
    """The replay of one response's events by replayers, each of which knows some verbs."""

    def __init__(
        self,
        response: Response,
        report: VerificationReport,
        kinds: Sequence[type[Replayer]],
        *,
        names: Names,
        known_verbs: frozenset[str] | None = None,
    ) -> None:
        self.response, self.report = response, report
        self.scope = ReplayScope(response, names, report.unproved)
        wanted = [kind for kind in kinds if response.is_provincial or not kind.provincial_only]
        self.replayers = [kind(self.scope) for kind in wanted]
        self.by_verb: dict[str, list[Replayer]] = {}
        for replayer in self.replayers:
            for verb in replayer.verbs:
                self.by_verb.setdefault(verb, []).append(replayer)
        self.known_verbs = known_verbs
        self.head = (0, "")

    def faults(self) -> Iterator[JournalFault]:
        """Every fault of this response."""
        events = Event.objects.filter(response_id=self.response.pk).order_by("seq")
        for event in events.iterator(chunk_size=CHUNK_ROWS):
            self.report.events += 1
            yield from self._check_link(event)
            yield from self._replay(event)
        yield from self._check_head()
        for replayer in self.replayers:
            yield from replayer.compare()
        newest, row = self.scope.newest_event, self.scope.newest_row
        if row is not None and (newest is None or row > newest + CLOCK_TOLERANCE):
            yield self.scope.fault("chain.cut", seq=self.head[0], expected=newest, found=row)

    def _check_link(self, event: Event) -> Iterator[JournalFault]:
        seq, previous = self.head
        if event.seq != seq + 1:
            yield self.scope.fault("chain.gap", seq=event.seq, expected=seq + 1, found=event.seq)
        if event.previous != previous:
            yield self.scope.fault("chain.link", seq=event.seq, expected=previous, found=event.previous)
        if (digest := compute_event_hash(event)) != event.hash:
            question, code = event.question_id, "chain.hash"
            yield self.scope.fault(code, seq=event.seq, question=question, expected=event.hash, found=digest)
        self.head = (event.seq, event.hash)
        if self.scope.newest_event is None or event.at > self.scope.newest_event:
            self.scope.newest_event = event.at

    def _replay(self, event: Event) -> Iterator[JournalFault]:
        if event.verb == OPENING_VERB:
            self.scope.opening = event.data.get("round", {}) if isinstance(event.data, dict) else {}
            return
        replayers = self.by_verb.get(event.verb, ())
        if not replayers and self.known_verbs is not None and event.verb not in self.known_verbs:
            yield self.scope.fault("event.verb", seq=event.seq, found=event.verb)
        for replayer in replayers:
            try:
                yield from replayer.take(event)
            except (KeyError, TypeError, ValueError, AttributeError, LookupError):
                # An event whose hash is right always has what its verb needs; one that was made up may not.
                yield self.scope.fault("event.data", seq=event.seq, question=event.question_id, found=event.verb)

    def _check_head(self) -> Iterator[JournalFault]:
        stored = (self.response.version, self.response.head)
        if stored != self.head:
            yield self.scope.fault("chain.head", seq=self.head[0], expected=list(self.head), found=list(stored))
