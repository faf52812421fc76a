"""A result sub-pillar by sub-pillar: official, as the province claims, as its reviewers see each question. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dgready.localized_text import LocalizedText
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument


@dataclass(frozen=True, slots=True)
class QuestionScores:
    """What one criterion, by its questions, gives: as claimed, and as reviewed where a reviewer judged (else None)."""

    codes: tuple[str, ...]
    name: LocalizedText
    maximum: Decimal
    claimed: Decimal | None
    reviewed: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether the reviewer's score is another one."""
        return self.reviewed is not None and self.reviewed != self.claimed


@dataclass(frozen=True, slots=True)
class SubPillarScores:
    """A sub-pillar's three scores, 0–100, with its questions; `earlier`: of the editions before, newest first.

    `items`: the ids of its questions, by which its evidence is found. `reviewed` None: nothing of it was judged.
    """

    code: str
    name: LocalizedText
    official: Decimal | None
    earlier: tuple[tuple[str, Decimal], ...]
    claimed: Decimal | None
    reviewed: Decimal | None
    external: bool
    questions: tuple[QuestionScores, ...]
    items: frozenset[str]


def compare_scores(
    instrument: CompiledInstrument,
    claimed: ScoreSheet,
    reviewed: ScoreSheet,
    judged: Collection[str],
    official: Mapping[str, Decimal],
    earlier: Mapping[str, tuple[tuple[str, Decimal], ...]],
) -> tuple[SubPillarScores, ...]:
    """The sub-pillars of a form in order. `judged`: ids of the questions that have a verdict."""
    seen = {sub.code: sub for sub in reviewed.sub_pillars}
    return tuple(
        _compare_sub_pillar(instrument, sub, seen[sub.code], judged, official, earlier) for sub in claimed.sub_pillars
    )


def _compare_sub_pillar(
    instrument: CompiledInstrument,
    claimed: SubPillarScore,
    reviewed: SubPillarScore,
    judged: Collection[str],
    official: Mapping[str, Decimal],
    earlier: Mapping[str, tuple[tuple[str, Decimal], ...]],
) -> SubPillarScores:
    questions: list[QuestionScores] = []
    items: set[str] = set()
    for own, seen in zip(claimed.walk(), reviewed.walk(), strict=True):
        asked = dict.fromkeys(_question_ids(instrument, own))
        items.update(asked)
        codes = tuple(instrument.items[one].code or one for one in asked)
        score = seen.points if any(one in judged for one in asked) else None
        questions.append(QuestionScores(codes, own.name, own.maximum, own.points, score))
    is_judged = bool(items & set(judged))
    return SubPillarScores(
        code=claimed.code,
        name=claimed.name,
        official=official.get(claimed.code),
        earlier=earlier.get(claimed.code, ()),
        claimed=claimed.score,
        reviewed=reviewed.score if is_judged else None,
        external=claimed.external,
        questions=tuple(questions),
        items=frozenset(items),
    )


def _question_ids(instrument: CompiledInstrument, criterion: CriterionScore) -> Iterator[str]:
    for leaf in criterion.trace.walk():
        item = instrument.items.get(item_id_of(leaf.answer_address or leaf.address))
        if item is not None:
            yield item.question or item.id
