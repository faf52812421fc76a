"""The effect of a merge on the score before it is saved, by scoring unsaved values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import digest_of
from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import round_score
from scoring.engine.queries import get_outside_scores
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.types import ScoringScheme
from survey.answering.queries import response_state_key
from survey.consolidating.agency_answers import Values
from survey.consolidating.round_consolidation import RoundConsolidation


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score before and after a merge."""

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> str:
        """The difference with its sign, "" where there is none."""
        if self.before is None or self.after is None or round_score(self.before) == round_score(self.after):
            return ""
        return f"{round_score(self.after) - round_score(self.before):+.2f}".replace("-", "−")

    @property
    def is_up(self) -> bool:
        """Whether it rises."""
        return self.change.startswith("+")


@dataclass(frozen=True, slots=True)
class ScoreEffect:
    """Total and changed sub-pillar scores (and the question's own) before and after, and whether estimated."""

    total: ScoreChange
    sub_pillars: tuple[ScoreChange, ...]
    estimated: bool
    unknown: tuple[str, ...]


def compute_score_effect(
    consolidation: RoundConsolidation,
    answers: Mapping[str, Values],
    marked: frozenset[str],
    adopted: Collection[str],
    own_sub_pillar: str = "",
) -> ScoreEffect | None:
    """The effect of other values for some questions, with evidence adopted at some places.

    `own_sub_pillar`: the sub-pillar to show in any case. One query. None when there is no scheme.
    """
    try:
        scheme = get_round_scheme(consolidation.response.round).scheme
    except registry.MissingScheme:
        return None
    outside = get_outside_scores(consolidation.response)
    facts = ResponseFacts(consolidation.path, marked, outside.entered, outside.estimates)
    state = response_state_key(consolidation.response)  # of scores that were entered, too
    # The path is the same object as long as the provincial answer is what it was (`consolidating.kept_rounds`).
    key = state and (
        *(*state, SameObjects(consolidation.instrument, scheme, consolidation.path), reader_language(), own_sub_pillar),
        *(digest_of(answers), marked, frozenset(adopted), *outside.estimates.values()),
    )
    return _kept_effects.get(key, lambda: _compare(consolidation, scheme, facts, answers, adopted, own_sub_pillar))


_kept_effects: Final[LruCache[ScoreEffect]] = LruCache(64)


def _compare(
    consolidation: RoundConsolidation,
    scheme: ScoringScheme,
    facts: ResponseFacts,
    answers: Mapping[str, Values],
    adopted: Collection[str],
    own_sub_pillar: str,
) -> ScoreEffect:
    before = compute_score_sheet(consolidation.instrument, scheme, facts)
    changed = replace(facts, path=consolidation.path_with(answers), marked=facts.marked | set(adopted))
    after = compute_score_sheet(consolidation.instrument, scheme, changed)
    return ScoreEffect(
        ScoreChange("", before.total, after.total),
        tuple(_sub_pillar_changes(consolidation, before, after, own_sub_pillar)),
        after.estimated,
        after.unknown,
    )


def _sub_pillar_changes(
    consolidation: RoundConsolidation, before: ScoreSheet, after: ScoreSheet, own_sub_pillar: str
) -> list[ScoreChange]:
    language = reader_language()
    changes = []
    for old, new in zip(_with_parts(before.sub_pillars), _with_parts(after.sub_pillars), strict=True):
        shift = ScoreChange(f"{new.code} {new.name.to(language)}", old.score, new.score)
        if shift.change or new.code == own_sub_pillar:
            changes.append(shift)
    return changes


def _with_parts(subs: Collection[SubPillarScore]) -> list[SubPillarScore]:
    return [s for sub in subs for s in (sub, *sub.parts)]
