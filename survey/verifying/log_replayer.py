"""Replaying rows whose events stand in the account log, and comparing them.

The log is of all provinces and older than these proofs: a row that is older than the first one the log tells whole
is not proved, and no fault.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from accounts.models import AccountEvent
from survey.verifying.replayer import CHUNK_ROWS, Row, RowReplayer
from survey.verifying.report import JournalFault


@dataclass
class LogScope:
    """The account log as a whole, as ReplayScope is of one response."""

    unproved: Counter[str] = field(default_factory=Counter)

    def fault(self, code: str, **more: Any) -> JournalFault:
        """A fault found by the account log; its `seq` is the number of the log's event."""
        return JournalFault(code, **{name: value for name, value in more.items() if value is not None and name != "pk"})


class LogReplayer(RowReplayer[LogScope]):
    """Replays verbs of the account log; the key of its rows is what the events call `id`, the row's own key."""

    log_verbs: ClassVar[frozenset[str]]
    added: set[int]  # keys of the rows whose adding the log tells, whole

    def __init__(self, scope: LogScope) -> None:
        super().__init__(scope)
        self.added = set()

    @abstractmethod
    def take_log(self, event: AccountEvent) -> None:
        """Replays one event of `log_verbs`."""

    def compare(self) -> Iterator[JournalFault]:
        """As for every kind; a told row's fault names its province."""
        self.first_told = min(self.added, default=None)
        yield from super().compare()

    def is_untold(self, stored: Row) -> bool:
        """Whether the row is older than the first whose adding the log tells whole."""
        return self.first_told is None or stored.pk is None or stored.pk < self.first_told


def replay_log(kinds: tuple[type[LogReplayer], ...], unproved: Counter[str]) -> Iterator[JournalFault]:
    """Replays the account log by several kinds at once and yields every fault. One query for the log."""
    replayers = [kind(LogScope(unproved)) for kind in kinds]
    verbs = frozenset().union(*(one.log_verbs for one in replayers))
    events = AccountEvent.objects.filter(verb__in=verbs).select_related("province").order_by("pk")
    for event in events.iterator(chunk_size=CHUNK_ROWS):
        for replayer in replayers:
            if event.verb not in replayer.log_verbs:
                continue
            try:
                replayer.take_log(event)
            except (KeyError, TypeError, ValueError, AttributeError):
                yield JournalFault("event.data", seq=event.pk, subject=event.verb)
    for replayer in replayers:
        yield from replayer.compare()
