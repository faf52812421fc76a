"""What consolidating a round has read and worked out, kept by the state of each answer: a page reads what changed.

Every write to an answer advances the version and head of its response, so what was read is right as long as they are.
What has no event yet is read each time. Names of agencies and their tasks change without an answer: they are compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_
from typing import Any, Final

from dgready.language import reader_language
from dgready.lru_cache import LruCache
from survey.answering.queries import AnswerRow
from survey.consolidating.agency_answers import AgencyAnswer, Tasks, Values
from survey.consolidating.decisions import DecisionRecord
from survey.instrument.path import QuestionnairePath
from survey.models import Response

# Of a process; a round in which 42 agencies answered every question takes some three megabytes.
_KEPT_ROUNDS: Final = 8
State = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class KeptContribution:
    """A contribution in one state: each answer with its values on the path, and as it stands beside the tasks."""

    state: State
    read: Mapping[str, tuple[AnswerRow, Values]]
    tasks: Tasks
    answers: Mapping[str, AgencyAnswer]


@dataclass(frozen=True, slots=True)
class KeptProvince:
    """The provincial answer in one state, with its decisions."""

    state: State
    rows: Mapping[str, AnswerRow]
    values: Values
    path: QuestionnairePath
    decisions: Mapping[str, DecisionRecord]


@dataclass(frozen=True, slots=True)
class KeptContributions:
    """The contributions of a round by key, and their answers by question."""

    by_key: Mapping[int, KeptContribution] = field(default_factory=dict)
    by_question: Mapping[str, Sequence[AgencyAnswer]] = field(default_factory=dict)


@dataclass(slots=True)
class KeptRound:
    """What is kept of one round. Each value is replaced as a whole, so that no thread sees half of one."""

    contributions: KeptContributions = field(default_factory=KeptContributions)
    province: KeptProvince | None = None
    _results: dict[str, tuple[Sequence[object], Any]] = field(default_factory=dict)

    def result(self, name: str, made_of: Sequence[object]) -> Any | None:
        """What was worked out last under a name, if from the very same objects; else None."""
        kept = self._results.get(name)
        return kept[1] if kept is not None and is_same(kept[0], made_of) else None

    def keep(self, name: str, made_of: Sequence[object], result: Any) -> None:
        """Keeps what was worked out, with what it was worked out from, in place of what was kept under the name."""
        self._results[name] = (made_of, result)


_rounds: Final[LruCache[KeptRound]] = LruCache(_KEPT_ROUNDS)


def kept_round(response: Response) -> KeptRound:
    """What is kept of the round of a provincial response, in the reader's language."""
    form = response.round.instrument
    key = (response.pk, response.round_id, form.pk, form.checksum, form.links_checksum, reader_language())
    return _rounds.get(key, KeptRound)


def is_same(kept: Sequence[object], found: Sequence[object]) -> bool:
    """Whether these are the very same objects, in the same order."""
    return len(kept) == len(found) and all(map(is_, kept, found))
