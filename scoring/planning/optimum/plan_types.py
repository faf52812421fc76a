"""Types of a plan: the case it is made for, its target, its actions, what they lead to. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.exclusions import ExcludedCriterion
from scoring.planning.optimum.work import WorkPiece
from scoring.planning.what_if.changes import ScenarioChanges, apply_changes
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText

PILLAR_LEVEL = 3  # the level that "pillars at level 3" asks for: the KPI's own


KpiEvaluator = Callable[[ScoreSheet], KpiResult | None]


class PlanNotPossible(ValueError):
    """No plan can be made; `why` says it in words."""

    def __init__(self, why: LocalizedText) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """What is wanted: a total, a number of pillars at level 3, a KPI reading, or the most for an effort."""

    total: Decimal | None = None
    pillars: int | None = None
    kpi: Decimal | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class PlanningCase:
    """A response as a plan needs it. `values`: every stored answer; `efforts`: effort by kind of work.

    `expected`: numbers that are not answered yet, as somebody expects them: what a share is a share of.
    """

    instrument: CompiledInstrument
    scheme: ScoringScheme
    values: Mapping[str, AnswerValue]
    facts: ResponseFacts
    sheet: ScoreSheet
    efforts: Mapping[str, int]
    evaluate_kpi: KpiEvaluator = lambda sheet: None
    expected: Mapping[str, Decimal] = field(default_factory=dict)

    def score_changes(self, changes: ScenarioChanges) -> tuple[ResponseFacts, ScoreSheet]:
        """The facts and the score sheet with the changes applied."""
        facts = apply_changes(self.instrument, self.values, self.facts, changes)
        return facts, compute_score_sheet(self.instrument, self.scheme, facts)


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level before and after."""

    code: str
    before: int | None
    after: int | None

    @property
    def crossed(self) -> bool:
        """Whether it rises."""
        return (self.after or 0) > (self.before or 0)


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One action. `gain`: points of the total it brings; the rest is the state once it is done too."""

    criterion: str
    name: LocalizedText
    text: LocalizedText
    pieces: tuple[WorkPiece, ...]
    effort: int
    changes: ScenarioChanges
    gain: Decimal
    points: tuple[Decimal, Decimal]
    sub: LevelChange
    pillar: LevelChange
    total: Decimal | None
    kpi: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """The best plan. `reached`: whether it reaches the target; if not, it goes as far as actions can.

    `reachable`: then the best target of the same sort that it does reach (None: no KPI reading at all).
    """

    target: PlanTarget
    reached: bool
    reachable: PlanTarget | None
    effort: int
    actions: tuple[PlanAction, ...]
    before: ScoreSheet
    after: ScoreSheet
    ranges: SheetRanges
    kpi_before: KpiResult | None
    kpi_after: KpiResult | None
    left_out: tuple[ExcludedCriterion, ...]
    expected: Mapping[str, Decimal]
