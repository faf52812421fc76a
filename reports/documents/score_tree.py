"""The explanation of a score as lines: pillars, sub-pillars, criteria, and what counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.engine.explain import format_number
from scoring.engine.range_types import ScoreRange, SheetRanges
from scoring.engine.reason_texts import STATE_REASONS
from scoring.engine.recommendations import list_recommendations
from scoring.engine.shares import ScoreShare, compute_score_shares
from scoring.engine.sheet import CriterionScore, PillarScore, ScoreSheet, SubPillarScore
from scoring.engine.trace import MeasureTrace, TraceLeaf
from scoring.models import ActionPlan
from survey.models import Response

if TYPE_CHECKING:
    from scoring.headline.queries import Headline
    from scoring.planning.queries import FollowedAction


UNOFFICIAL_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What the document shows: a response's score with its range, and a plan with its actions, if any.

    `headline`: what is said first about the score of a province. `pillar`: the number of the one it is about alone.
    """

    response: Response
    sheet: ScoreSheet
    spread: SheetRanges
    plan: ActionPlan | None
    actions: Sequence[FollowedAction]
    language: str = "th"
    headline: Headline | None = None
    pillar: str = ""

    @property
    def shown_pillars(self) -> list[PillarScore]:
        """The pillars it is about."""
        return [pillar for pillar in self.sheet.pillars if self.pillar in ("", pillar.number)]


@dataclass(frozen=True, slots=True)
class LeafLine:
    """Something that can count: where its answer and its evidence are, whether it counted, and the reason."""

    label: str
    address: str
    evidence: tuple[str, ...]
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion of the tree. `part`: the part of its sub-pillar it belongs to; `parts`: what its sum is made of."""

    score: CriterionScore
    part: str
    name: str
    reason: str
    source: str
    assumed: bool
    share: ScoreShare | None
    span: ScoreRange
    parts: tuple[str, ...]
    leaves: tuple[LeafLine, ...]


@dataclass(frozen=True, slots=True)
class SubPillarLine:
    """A sub-pillar of the tree with its criteria, those of its parts included. `weight`: with where it comes from."""

    score: SubPillarScore
    name: str
    weight: str
    assumed: bool
    span: ScoreRange
    criteria: tuple[CriterionLine, ...]
    recommendations: tuple[tuple[str, str], ...]  # what to do, and its source


@dataclass(frozen=True, slots=True)
class PillarLine:
    """A pillar of the tree."""

    number: str
    name: str
    span: ScoreRange
    subs: tuple[SubPillarLine, ...]


def score_tree(report: ScoreReport) -> tuple[PillarLine, ...]:
    """The explanation of the whole score in the report's language."""
    builder = _ScoreTreeBuilder(report)
    return tuple(
        PillarLine(
            number=pillar.number,
            name=pillar.name.to(report.language),
            span=report.spread.pillars[pillar.number],
            subs=tuple(builder.sub_pillar_line(sub) for sub in pillar.sub_pillars),
        )
        for pillar in report.shown_pillars
    )


class _ScoreTreeBuilder:
    """Builds the lines of one report."""

    def __init__(self, report: ScoreReport) -> None:
        self.report = report
        self.language = report.language
        self.shares = compute_score_shares(report.sheet)

    def leaf_line(self, leaf: TraceLeaf) -> LeafLine:
        reason = STATE_REASONS[leaf.state].to(self.language)
        return LeafLine(
            leaf.label.to(self.language),
            leaf.answer_address or leaf.address,
            leaf.evidence_places,
            leaf.state == "counted",
            reason,
        )

    def criterion_line(self, criterion: CriterionScore, part: str) -> CriterionLine:
        return CriterionLine(
            score=criterion,
            part=part,
            name=criterion.name.to(self.language),
            reason=criterion.reason.to(self.language),
            source=criterion.source.to(self.language),
            assumed=criterion.origin in UNOFFICIAL_ORIGINS,
            share=self.shares.get(criterion.id),
            span=self.report.spread.criteria[criterion.id],
            parts=tuple(_named_parts(criterion.trace, self.language)),
            leaves=tuple(self.leaf_line(leaf) for leaf in criterion.trace.walk()),
        )

    def sub_pillar_line(self, sub: SubPillarScore) -> SubPillarLine:
        criteria = tuple(self.criterion_line(criterion, part) for part, criterion in _criteria(sub, "", self.language))
        recommendations = tuple(
            (a.text.to(self.language), a.source_text.to(self.language))
            for a in list_recommendations(self.report.sheet, sub)
        )
        weight = sub.weight
        weight_text = f"{weight.value:f} · {weight.source.to(self.language)}" if weight else ""
        is_unofficial = weight is not None and weight.origin in UNOFFICIAL_ORIGINS
        return SubPillarLine(
            sub,
            sub.name.to(self.language),
            weight_text,
            is_unofficial,
            self.report.spread.sub_pillars[sub.code],
            criteria,
            recommendations,
        )


def _criteria(sub: SubPillarScore, part: str, language: str) -> Iterator[tuple[str, CriterionScore]]:
    """The criteria of a sub-pillar, each with the part it belongs to."""
    yield from ((part, c) for c in sub.criteria)
    for inner in sub.parts:
        yield from _criteria(inner, f"{inner.code} {inner.name.to(language)} {format_number(inner.score)}", language)


def _named_parts(trace: MeasureTrace, language: str) -> Iterator[str]:
    """The named parts of a sum with what they came to."""
    for part in trace.parts:
        if part.name:
            full = f" / {format_number(part.full)}" if part.full else ""
            yield f"{part.name.to(language)}: {format_number(part.value)}{full}"
