"""What the page of a question shows, kept by all that it is made of. Of rights only that to edit is in it.

The page of 46 agencies compares their answers, follows two paths of the form and makes two score sheets; as long as
neither an answer, nor a task, nor evidence, nor a score from outside has changed, it says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from scoring.engine.queries import score_state_key
from scoring.scheme.registry import MissingScheme
from survey.answering.queries import response_state_key
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import ReadEvidence

Body = dict[str, Any]
_bodies: Final[LruCache[Body]] = LruCache(32)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What was asked for: the question, whose answer to begin with, all its evidence, and whether one may edit."""

    item: str
    take: str
    list_all: bool
    editable: bool


def kept_body(state: Hashable | None, make: Callable[[], Body]) -> Body:
    """The body of a page by its state; made each time where it has none."""
    return _bodies.get(state, make)


def question_state(
    consolidation: RoundConsolidation, evidence: ReadEvidence, asked: AskedQuestion
) -> tuple[Hashable, ...] | None:
    """All that the page of a question is made of; None where its provincial answer has no state. One query.

    What the journal of the provincial answer tells moves its head. What agencies answered and were asked, and the path,
    are the very same objects as long as nothing of them has changed (`consolidating.kept_rounds`).
    """
    score = _score_state(consolidation)
    if score is None:
        return None
    item = asked.item
    same = SameObjects(
        *(consolidation.instrument, consolidation.path, consolidation.answers, consolidation.decisions),
        *(consolidation.agency_answers.get(item), consolidation.tasks.get(item)),
    )
    kind = consolidation.response.round.province.kind
    return (same, score, evidence.state, asked, kind, reader_language())


def _score_state(consolidation: RoundConsolidation) -> tuple[Hashable, ...] | None:
    try:
        return score_state_key(consolidation.response)
    except MissingScheme:
        return response_state_key(consolidation.response)


def answered_around(consolidation: RoundConsolidation, item: str) -> tuple[str, str]:
    """The questions before and after that agencies have answered, empty where there is none."""
    made_of = (consolidation.instrument, consolidation.agency_answers)
    answered: frozenset[str] | None = consolidation.kept.result("answered", made_of)
    if answered is None:
        answered = frozenset(q.id for q in consolidation.instrument.questions if consolidation.is_answered(q.id))
        consolidation.kept.keep("answered", made_of, answered)
    ids = [q.id for q in consolidation.instrument.questions if q.id == item or q.id in answered]
    position = ids.index(item)
    return ids[position - 1] if position else "", ids[position + 1] if position + 1 < len(ids) else ""
