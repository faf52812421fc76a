"""The optimal plan for a target or a budget: actions, effort, and the score they lead to. PURE."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import find_level
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import SheetRanges, compute_sheet_ranges
from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.kpi.rules import KpiResult
from scoring.planning.optimum.action_text import describe_pieces
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.exclusions import ExcludedCriterion, list_excluded_criteria
from scoring.planning.optimum.least_effort import WorkPiece, sum_effort
from scoring.planning.optimum.search import BestChoice, EffortOption, PlanGoal, search_best_choice
from scoring.planning.optimum.step_combinations import CombinationFinder, StepCombination
from scoring.planning.optimum.steps import ImprovementStep, StepFinder
from scoring.planning.what_if.changes import ScenarioChanges, apply_changes, merge_changes
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText

PILLAR_LEVEL = 3  # the level that "pillars at level 3" asks for: the KPI's own
KPI_TARGET_UNKNOWN = LocalizedText("ไม่รู้เป้าหมายของตัวชี้วัดนี้สำหรับจังหวัด", "This KPI target is not known for the province.")
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
    judge: KpiEvaluator = lambda sheet: None
    expected: Mapping[str, Decimal] = field(default_factory=dict)

    def after(self, changes: ScenarioChanges) -> tuple[ResponseFacts, ScoreSheet]:
        """The facts and the score with changes."""
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
    """One action. `gain`: points of the total it brings; the rest says how things stand once it is done too."""

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
    spread: SheetRanges
    kpi_before: KpiResult | None
    kpi_after: KpiResult | None
    left_out: tuple[ExcludedCriterion, ...]
    expected: Mapping[str, Decimal]


def list_step_combinations(case: PlanningCase) -> dict[str, list[tuple[StepCombination, Decimal]]]:
    """The ways of every sub-pillar that has a score, by code; the first is to do nothing."""
    stepper = StepFinder(
        case.scheme, ChangeFinder(case.instrument, case.values, case.facts), case.efforts, case.expected
    )
    finder = CombinationFinder(case.instrument, case.scheme, case.values, case.facts, stepper)
    return {s.code: _list_combinations(finder, s) for s in case.sheet.sub_pillars if s.score is not None}


def _list_combinations(finder: CombinationFinder, sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
    if sub.external:
        assert sub.score is not None
        return [(StepCombination(0, {}), sub.score)]
    return finder.ways(sub)


def propose_plan(case: PlanningCase, target: PlanTarget) -> PlanProposal:
    """The plan of least effort that reaches the target (with an effort: of most gain). Raises Unplannable."""
    if not case.scheme.work:
        raise PlanNotPossible(
            LocalizedText("เกณฑ์ปีนี้ยังไม่บอกชนิดของงาน จึงวางแผนไม่ได้", "The scheme names no kinds of work.")
        )
    board = PlanOptimizer(case)
    steps = board.best(target)
    if steps is not None:
        return _build_proposal(case, board, target, steps, True, None)
    for lower in _list_lower_targets(case, target):
        steps = board.best(lower)
        if steps is not None:
            return _build_proposal(case, board, target, steps, False, lower)
    made = _build_proposal(case, board, target, board.most(target.effort), False, None)
    return made if target.total is None else replace(made, reachable=PlanTarget(total=made.after.total))


def _list_lower_targets(case: PlanningCase, target: PlanTarget) -> list[PlanTarget]:
    """Lesser targets of the same sort, the highest first."""
    if target.pillars is not None:
        return [replace(target, pillars=n) for n in range(min(target.pillars, len(case.sheet.pillars) + 1) - 1, 0, -1)]
    standing = case.judge(case.sheet) if target.kpi is not None else None
    if standing is None:
        return []
    readings = {t.reading for p in standing.parts for t in p.targets}
    return [replace(target, kpi=r) for r in sorted(readings, reverse=True) if target.kpi and r < target.kpi]


class PlanOptimizer:
    """The ways of every sub-pillar, ready for the optimiser."""

    def __init__(self, case: PlanningCase) -> None:
        self.case = case
        self.ways = list_step_combinations(case)
        self.scale = _compute_gain_scale(case.scheme)
        codes = [[s.code for s in p.sub_pillars if s.code in self.ways] for p in case.sheet.pillars]
        self.codes = [some for some in codes if some]
        self.menu = [[_build_options(case.scheme, c, self.ways[c], self.scale) for c in some] for some in self.codes]

    def best(self, target: PlanTarget) -> list[ImprovementStep] | None:
        """The steps of the best plan for a target; None: it cannot be reached. Raises Unplannable."""
        found = search_best_choice(self.menu, self.case.scheme.levels, _build_goal(self.case, target, self.scale))
        return None if found is None else self._steps(found)

    def most(self, budget: int | None) -> list[ImprovementStep]:
        """The steps that bring the most, within a budget if there is one."""
        whole = sum(max(o.effort for o in options) for some in self.menu for options in some)
        found = search_best_choice(
            self.menu, self.case.scheme.levels, PlanGoal(budget=whole if budget is None else budget)
        )
        assert found is not None, "doing nothing is always a plan"
        return self._steps(found)

    def highest(self) -> ScoreSheet:
        """The score once all work that can be planned is done."""
        steps = [s for ways in self.ways.values() for s in ways[-1][0].steps]
        return self.case.after(merge_changes(s.changes for s in steps))[1]

    def _steps(self, found: BestChoice) -> list[ImprovementStep]:
        picked = [at for picks in found.picks for at in picks]
        flat = [code for some in self.codes for code in some]
        return [s for code, at in zip(flat, picked, strict=True) for s in self.ways[code][at][0].steps]


# -- the goal in whole numbers --------------------------------------------------------------------


def _compute_gain_scale(scheme: ScoringScheme) -> int:
    weights = [s.weight.value for s in scheme.sub_pillars.values() if s.weight]
    return math.lcm(*(Fraction(w).denominator for w in weights)) if weights else 1


def _build_options(
    scheme: ScoringScheme, code: str, ways: Sequence[tuple[StepCombination, Decimal]], scale: int
) -> list[EffortOption]:
    weight = scheme.sub_pillars[code].weight
    worth = Fraction(weight.value) * scale if weight else Fraction(0)
    rule = scheme.levels
    return [EffortOption(w.effort, int(Fraction(s) * 100 * worth), find_level(rule, s) if rule else 0) for w, s in ways]


def _build_goal(case: PlanningCase, target: PlanTarget, scale: int) -> PlanGoal:
    """The target in the optimiser's whole numbers. Raises Unplannable when a KPI target is not known."""
    goal = PlanGoal(budget=target.effort)
    whole = Fraction(case.sheet.known_weight) * 100 * scale
    if target.total is not None:
        goal = replace(goal, gain=math.ceil(Fraction(target.total) * whole))
    if target.pillars is not None:
        goal = replace(goal, pillars=((PILLAR_LEVEL, target.pillars),))
    return goal if target.kpi is None else _add_kpi_goal(case, target.kpi, goal, whole)


def _add_kpi_goal(case: PlanningCase, reading: Decimal, goal: PlanGoal, whole: Fraction) -> PlanGoal:
    standing = case.judge(case.sheet)
    wanted = [t for p in standing.parts for t in p.targets if t.reading == reading] if standing else []
    if standing is None or not wanted or len(wanted) < len(standing.parts):
        raise PlanNotPossible(KPI_TARGET_UNKNOWN)
    gain, pillars, floor = goal.gain, dict(goal.pillars), goal.floor
    for part in standing.parts:
        target = next(t for t in part.targets if t.reading == reading)
        for condition in target.conditions:
            if condition.kind == "level4_pillars":
                pillars[4] = max(pillars.get(4, 0), int(condition.value))
            elif condition.kind == "none_below":
                floor = max(floor, int(condition.value))
        if target.needed is None:
            if any(c.kind in ("best_plus", "above_best") for c in target.conditions):
                raise PlanNotPossible(KPI_TARGET_UNKNOWN)  # it rests on a result that is not entered
            continue
        if part.level is not None:
            pillars[part.level] = max(pillars.get(part.level, 0), math.ceil(target.needed))
            continue
        exact = Fraction(target.needed) * whole
        gain = max(gain, math.floor(exact) + 1 if target.above else math.ceil(exact))
    return replace(goal, gain=gain, pillars=tuple(sorted(pillars.items())), floor=floor)


# -- telling it -----------------------------------------------------------------------------------


def _build_proposal(
    case: PlanningCase,
    board: PlanOptimizer,
    target: PlanTarget,
    steps: Sequence[ImprovementStep],
    reached: bool,
    reachable: PlanTarget | None,
) -> PlanProposal:
    facts, after = case.after(merge_changes(s.changes for s in steps))
    actions = _build_actions(case, _order_steps(case, steps, after))
    return PlanProposal(
        target,
        reached,
        reachable,
        sum(a.effort for a in actions),
        actions,
        case.sheet,
        after,
        compute_sheet_ranges(case.instrument, case.scheme, facts, after),
        case.judge(case.sheet),
        case.judge(after),
        list_excluded_criteria(case.scheme, board.highest(), case.expected),
        {a: n for a, n in case.expected.items() if a not in case.facts.path.values},
    )


def _order_steps(case: PlanningCase, steps: Sequence[ImprovementStep], after: ScoreSheet) -> list[ImprovementStep]:
    """The steps that bring most for their effort first."""
    kept, then = compute_score_shares(case.sheet), compute_score_shares(after)
    brings = {s.criterion: (then[s.criterion].kept - kept[s.criterion].kept) / max(s.effort, 1) for s in steps}
    return sorted(steps, key=lambda s: (-brings[s.criterion], s.criterion))


def _build_actions(case: PlanningCase, steps: Sequence[ImprovementStep]) -> tuple[PlanAction, ...]:
    """The steps as actions; what each brings is the difference of the whole score, so that they add up to it."""
    subs = {c.id: (p.number, s.code, c) for p in case.sheet.pillars for s in p.sub_pillars for c in s.walk()}
    actions: list[PlanAction] = []
    standing, judged, so_far = case.sheet, case.judge(case.sheet), ScenarioChanges()
    done: set[str] = set()
    for step in steps:
        pieces = tuple(p for p in step.pieces if p.key not in done)
        done.update(p.key for p in pieces)
        so_far = merge_changes([so_far, step.changes])
        now = case.after(so_far)[1]
        kpi = case.judge(now)
        pillar, sub, criterion = subs[step.criterion]
        actions.append(
            PlanAction(
                criterion=step.criterion,
                name=criterion.name,
                text=describe_pieces(case.scheme, case.instrument, pieces),
                pieces=pieces,
                effort=sum_effort(pieces),
                changes=step.changes,
                gain=now.low - standing.low,
                points=(criterion.points or Decimal(0), step.points),
                sub=LevelChange(sub, _sub_pillar_level(standing, sub), _sub_pillar_level(now, sub)),
                pillar=LevelChange(pillar, _pillar_level(standing, pillar), _pillar_level(now, pillar)),
                total=now.total,
                kpi=(judged.points, kpi.points) if judged and kpi else None,
            )
        )
        standing, judged = now, kpi
    return tuple(actions)


def _sub_pillar_level(sheet: ScoreSheet, code: str) -> int | None:
    return next((s.level for s in sheet.sub_pillars if s.code == code), None)


def _pillar_level(sheet: ScoreSheet, number: str) -> int | None:
    return next((p.level for p in sheet.pillars if p.number == number), None)
