"""Replaying one kind of row from the events of a response, and comparing the rows that are stored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from django.db.models import QuerySet

from survey.models import Event, Instrument, Question, Response, SubPillar
from survey.verifying.report import JournalFault

CHUNK_ROWS: Final = 100  # rows held at once
# The time of a row is taken just before that of its event; events before there were proofs of rows know only theirs.
CLOCK_TOLERANCE: Final = timedelta(minutes=5)


class Unknown:
    """What older events do not tell."""

    def __repr__(self) -> str:
        return "not told"


UNKNOWN: Final = Unknown()


class Names:
    """Names of what an instrument's rows are, in all versions of its form, read once per instrument and run."""

    def __init__(self) -> None:
        self._questions: dict[int, dict[int, tuple[str, str]]] = {}
        self._present: dict[int, dict[str, int]] = {}
        self._sub_pillars: dict[int, dict[int, str]] = {}

    def questions(self, instrument: int) -> Mapping[int, tuple[str, str]]:
        """Item id and code of each question of an instrument and of the form's other versions, by key."""
        self._read_questions(instrument)
        return self._questions[instrument]

    def present(self, instrument: int) -> Mapping[str, int]:
        """The key of each question of this very version, by item id."""
        self._read_questions(instrument)
        return self._present[instrument]

    def _read_questions(self, instrument: int) -> None:
        if instrument in self._questions:
            return
        rows = list(
            Question.objects.filter(instrument__in=_versions(instrument)).values_list(
                "pk", "item_id", "code", "instrument"
            )
        )
        self._questions[instrument] = {pk: (item, code) for pk, item, code, _version in rows}
        self._present[instrument] = {item: pk for pk, item, _code, version in rows if version == instrument}

    def sub_pillars(self, instrument: int) -> Mapping[int, str]:
        """The code of each sub-pillar of an instrument and of the form's other versions, by key."""
        if instrument not in self._sub_pillars:
            rows = SubPillar.objects.filter(pillar__instrument__in=_versions(instrument)).values_list("pk", "code")
            self._sub_pillars[instrument] = dict(rows)
        return self._sub_pillars[instrument]


def _versions(instrument: int) -> QuerySet[Instrument]:
    """The versions of the form that an instrument is one of."""
    one = Instrument.objects.filter(pk=instrument)
    rows = Instrument.objects.filter(key__in=one.values("key"), year__in=one.values("year")).order_by()
    return rows.values("pk")  # type: ignore[return-value]


@dataclass
class ReplayScope:
    """A response whose events are replayed, with its names.

    `opening`: what its opening told of the round; `frozen`: the text of its valid version; `newest_event`,
    `newest_row`: the last moments seen.
    """

    response: Response
    names: Names
    unproved: Counter[str] = field(default_factory=Counter)
    opening: dict[str, Any] = field(default_factory=dict)
    frozen: dict[str, Any] | None = None
    newest_event: datetime | None = None
    newest_row: datetime | None = None

    @cached_property
    def questions(self) -> Mapping[int, tuple[str, str]]:
        """Item id and code of the form's questions, by key."""
        return self.names.questions(self.response.round.instrument_id)

    @cached_property
    def sub_pillars(self) -> Mapping[int, str]:
        """The codes of the form's sub-pillars, by key."""
        return self.names.sub_pillars(self.response.round.instrument_id)

    @cached_property
    def present(self) -> Mapping[str, int]:
        """The keys of the questions of the version that the round uses now, by item id."""
        return self.names.present(self.response.round.instrument_id)

    def told_question(self, question: int | None) -> int | str | None:
        """Where a row lies now that an event put at a question: at that question of the present version.

        A question that the present version does not have is named by its item id, whatever version it was of.
        """
        if question is None:
            return None
        item = self.item_id(question)
        return self.present.get(item, item)

    def stored_question(self, question: int | None) -> int | str | None:
        """Where a row is stored, as `told_question` names it; its own key where it lies at another version's."""
        if question is None or self.item_id(question) in self.present:
            return question
        return self.item_id(question)

    @cached_property
    def is_whole(self) -> bool:
        """Whether its round was opened since openings tell of the round, and so all its rows have whole events."""
        if self.opening:
            return True
        first = Event.objects.filter(response__round=self.response.round_id, response__agency=None, seq=1)
        return any("round" in data for data in first.values_list("data", flat=True))

    def item_id(self, question: int | None) -> str:
        """The item id of a question; its key where the form has none such."""
        return "" if question is None else self.questions.get(question, (f"#{question}", ""))[0]

    def fault(
        self, code: str, *, question: int | None = None, response: int | None = None, **more: Any
    ) -> JournalFault:
        """A fault of this response; `question`: its key."""
        round_ = self.response.round
        item, printed = self.questions.get(question, (f"#{question}", "")) if question is not None else ("", "")
        return JournalFault(
            code,
            response or self.response.pk,
            province=round_.province.code,
            year=round_.year,
            question=printed or item,
            **more,
        )

    def saw_row(self, *moments: datetime | None) -> None:
        """Notes the moments of a stored row."""
        for moment in moments:
            if moment is not None and (self.newest_row is None or moment > self.newest_row):
                self.newest_row = moment


@dataclass(slots=True)
class Row:
    """A row as the events make it, or as it is stored: its values, and where it belongs.

    `may_be_gone`: an older act deleted such rows, so that it is no fault when none is stored.
    """

    values: dict[str, Any]
    seq: int | None = None
    question: int | None = None
    field: str = ""
    place: str = ""
    subject: str = ""
    response: int | None = None
    pk: int | None = None
    may_be_gone: bool = False

    def where(self) -> dict[str, Any]:
        """Where it is, as a fault names it."""
        names = {"seq": self.seq, "question": self.question, "field": self.field, "place": self.place}
        return {**names, "subject": self.subject, "response": self.response}


class FaultScope(Protocol):
    """What is replayed: names the place of a fault, and counts what is not proved."""

    unproved: Counter[str]

    def fault(self, code: str, **more: Any) -> JournalFault:
        """A fault of what is replayed."""


ScopeT = TypeVar("ScopeT", bound=FaultScope)


class RowReplayer(ABC, Generic[ScopeT]):
    """Compares stored rows of one kind with those that events make; `rows`: as the events make them, by key.

    Its faults are `kind`.changed, `kind`.missing (an event tells of it, no row is stored) and `kind`.unknown (a row
    is stored that no event tells of).
    """

    kind: ClassVar[str]

    def __init__(self, scope: ScopeT) -> None:
        self.scope = scope
        self.rows: dict[Hashable, Row] = {}

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored rows by key, read in few queries; none where a kind has a comparison of its own."""
        return iter(())

    def is_untold(self, stored: Row) -> bool:
        """Whether a stored row without an event may be older than such events: not proved, and no fault."""
        return False

    def compare(self) -> Iterator[JournalFault]:
        """Every difference between what the events make and what is stored."""
        replayed = dict(self.rows)
        for key, stored in self.stored():
            told = replayed.pop(key, None)
            if told is not None:
                yield from self.differences(told, stored)
            elif self.is_untold(stored):
                self.scope.unproved[self.kind] += 1
            else:
                yield self.scope.fault(f"{self.kind}.unknown", **stored.where())
        for told in replayed.values():
            if told.may_be_gone:
                self.scope.unproved[self.kind] += 1
            else:
                yield self.scope.fault(f"{self.kind}.missing", **told.where())

    def differences(self, told: Row, stored: Row) -> Iterator[JournalFault]:
        """A fault for each value that is not as the events tell it."""
        where = {**stored.where(), "seq": told.seq, "response": told.response}
        for name, expected in told.values.items():
            found = stored.values.get(name)
            if isinstance(expected, Unknown):
                self.scope.unproved[f"{self.kind}.{name}"] += 1
            elif not is_same(expected, found):
                more = {"field": stored.field or name, "expected": expected, "found": found}
                yield self.scope.fault(f"{self.kind}.changed", **{**where, **more})


class Replayer(RowReplayer[ReplayScope]):
    """Replays the verbs that it knows of one response's journal."""

    verbs: ClassVar[frozenset[str]]
    provincial_only: ClassVar[bool] = False

    @abstractmethod
    def take(self, event: Event) -> Iterator[JournalFault]:
        """Replays one event of its verbs."""


def is_same(expected: Any, found: Any) -> bool:
    """Whether two values are the same; times within CLOCK_TOLERANCE."""
    if isinstance(expected, datetime) and isinstance(found, datetime):
        return abs(expected - found) <= CLOCK_TOLERANCE
    return bool(expected == found)


def read_moment(text: str | None) -> datetime | None:
    """A moment as an event writes it."""
    return datetime.fromisoformat(text) if text else None
