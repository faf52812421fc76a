"""Types of a plan: the case it is made for, its target, its actions, what they lead to. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.exclusions import ExcludedCriterion
from scoring.planning.optimum.piece_rules import PieceRules, PlanCalendar, WorkLimits
from scoring.planning.optimum.work import WorkPiece
from scoring.planning.what_if.changes import ScenarioChanges, apply_changes, apply_to_answers
from scoring.scheme.load_extensions import ASK_WORK
from scoring.scheme.types import ScoringScheme
from scoring.uncertainty.draw_types import Flags
from scoring.uncertainty.outcomes import Outcomes
from scoring.uncertainty.summary import Interval
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText

PILLAR_LEVEL = 3  # the level that "pillars at level 3" asks for: the KPI's own


KpiEvaluator = Callable[[ScoreSheet], KpiResult | None]
KpiChances = Callable[[Outcomes], Mapping[str, Mapping[str, Flags]]]  # by part and target, the draws that reach it


class PlanNotPossible(ValueError):
    """No plan can be made; `why` says it in words."""

    def __init__(self, why: LocalizedText) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class PlanTarget:
    """What is wanted: a total, pillars at level 3, a KPI reading or points, a pillar's level, the most for an effort.

    `kpi`: the reading of every part; `kpi_points`: so many points, by whatever readings; `pillar`: number of the pillar
    that is to reach `level`; `probability` (0 to 1): it is to be reached so surely; 1 is under all readings.
    `effort`: with another target the most it may take. `limits`: what may be done for it.
    """

    total: Decimal | None = None
    pillars: int | None = None
    kpi: Decimal | None = None
    effort: int | None = None
    kpi_points: Decimal | None = None
    pillar: str = ""
    level: int = 0
    probability: Decimal | None = None
    limits: WorkLimits = field(default_factory=WorkLimits)

    @property
    def is_budget(self) -> bool:
        """Whether it asks only for the most that an effort can bring."""
        return self.effort is not None and replace(self, effort=None).is_empty

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return replace(self, limits=WorkLimits(), probability=None) == PlanTarget()


@dataclass(frozen=True, slots=True)
class PlanningCase:
    """A response as a plan needs it. `values`: every stored answer; `efforts`: effort by kind of work.

    `expected`: numbers that are not answered yet, as somebody expects them: what a share is a share of. Without a
    `calendar` all work counts this year; `asks`: what is not answered yet is a question to ask, not work. `judge_kpi`:
    the KPI under drawn readings.
    """

    instrument: CompiledInstrument
    scheme: ScoringScheme
    values: Mapping[str, AnswerValue]
    facts: ResponseFacts
    sheet: ScoreSheet
    efforts: Mapping[str, int]
    evaluate_kpi: KpiEvaluator = lambda sheet: None
    expected: Mapping[str, Decimal] = field(default_factory=dict)
    calendar: PlanCalendar | None = None
    asks: bool = False
    judge_kpi: KpiChances = lambda outcomes: {}

    def rules(self, limits: WorkLimits) -> PieceRules:
        """What pieces of work are in this case, and which may be done within these limits."""
        asks = self.asks and not limits.unanswered_is_work
        return PieceRules(self.instrument, self.scheme.work_kinds, self.calendar, asks, limits)

    def after(self, changes: ScenarioChanges) -> PlanningCase:
        """The case once the changes are made."""
        facts, sheet = self.score_changes(changes)
        return replace(self, values=apply_to_answers(self.values, changes), facts=facts, sheet=sheet)

    def with_contradictions_held(self) -> PlanningCase:
        """The case in which what is contradicted now stays so, and nothing else is: works are worth the same together.

        Mending a contradiction is a matter of answers, said before any plan is made (scoring.headline).
        """
        return replace(self, facts=replace(self.facts, held=self.facts.contradicted))

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

    @property
    def questions(self) -> tuple[WorkPiece, ...]:
        """The pieces that are questions to ask."""
        return tuple(p for p in self.pieces if p.kind == ASK_WORK)

    @property
    def works(self) -> tuple[WorkPiece, ...]:
        """The pieces that are work."""
        return tuple(p for p in self.pieces if p.kind != ASK_WORK)

    @property
    def this_year(self) -> bool:
        """Whether all of it can still count this year."""
        return all(p.this_year for p in self.pieces)

    @property
    def gain_per_day(self) -> Decimal:
        """Points of the total for each day of its effort."""
        return self.gain / max(self.effort, 1)


@dataclass(frozen=True, slots=True)
class PlanState:
    """What only some actions of a plan lead to: the score, the KPI, and their effort."""

    sheet: ScoreSheet
    kpi: KpiResult | None
    effort: int


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """The best plan. `reached`: whether it reaches the target; if not, it goes as far as actions can.

    `reachable`: then the best target of the same sort that it does reach (None: no KPI reading at all). `this_year`:
    with only what still counts this year; `without_answers`: if everything it asks about turns out not to be there.
    `frontier`: efforts, with the most points of the total they can bring. `effort_if_missing`: the least effort for the
    same target if all that nobody answered has to be done (None: it cannot be reached then). `chance`: the probability
    (0 to 1) that the plan reaches the target, over the readings of what is not published (None: a budget has none).
    `likely`: where the total lies with it, in 90 of 100 readings.
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
    facts_after: ResponseFacts
    this_year: PlanState
    without_answers: PlanState
    frontier: tuple[tuple[int, Decimal], ...]
    effort_if_missing: int | None
    chance: Decimal | None
    likely: Interval

    @property
    def asks(self) -> bool:
        """Whether it rests on something nobody answered yet."""
        return any(a.questions for a in self.actions)
