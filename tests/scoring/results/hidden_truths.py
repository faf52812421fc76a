"""Made-up provinces scored by a made-up truth: the real scheme with numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from random import Random

from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import round_score
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.results.fitting.scheme_text import write_fitted_scheme
from scoring.results.fitting.types import Adjustment, FitCase
from scoring.results.fitting.unknowns import is_movable
from scoring.scheme.load import parse_scheme
from scoring.scheme.types import Criterion, ScoringScheme, SubPillarScheme
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue
from tests.scoring.worlds import full_answers, text, world

FILE = "fixtures/schemes/dg-province-2568.v3.yaml"


@dataclass(frozen=True)
class HiddenTruth:
    """A truth, and what it made of some provinces: `cases` hold what a fit may see."""

    moves: tuple[Adjustment, ...]
    scheme: ScoringScheme
    facts: tuple[ResponseFacts, ...]
    cases: tuple[FitCase, ...]
    sheets: tuple[ScoreSheet, ...]

    @property
    def columns(self) -> list[dict[tuple[str, str], Decimal]]:
        """What is published of each province, by kind and code; what comes from outside is made up."""
        found = []
        for number, sheet in enumerate(self.sheets):
            subs = {s.code: s.score for s in sheet.sub_pillars}
            scores = {
                code: round_score(Decimal(s if s is not None else (number * 37 + 11) % 97)) for code, s in subs.items()
            }
            column = {("sub_pillar", code): score for code, score in scores.items()}
            for pillar in self.scheme.pillars:
                weights = {s.code: s.weight.value for s in pillar.sub_pillars if s.weight}
                gained = sum((scores[code] * weight for code, weight in weights.items()), Decimal(0))
                column["pillar", pillar.number] = round_score(gained / pillar.weight.value)
            found.append(column)
        return found


def parse(content: str) -> ScoringScheme:
    scheme, faults = parse_scheme(content)
    assert scheme is not None, faults
    assert not faults, faults
    return scheme


def make_truth(
    seed: int, provinces: int, *, edges: bool = True, weights: bool = True, share: float = 0.5
) -> HiddenTruth:
    """A truth with about `share` of the unpublished numbers moved, and made-up provinces scored by it."""
    random = Random(seed)
    instrument, scheme = world("real")
    moves = tuple(_random_moves(random, scheme, edges, weights, share))
    truth = parse(write_fitted_scheme(text(FILE), moves, "ความจริง", "truth"))
    facts = tuple(random_facts(random) for _ in range(provinces))
    sheets = tuple(compute_score_sheet(instrument, truth, one) for one in facts)
    cases = []
    for number, (one, sheet) in enumerate(zip(facts, sheets, strict=True)):
        official = {s.code: round_score(s.score) for s in sheet.sub_pillars if s.score is not None}
        cases.append(FitCase(f"TH-{number:02}", compute_score_sheet(instrument, scheme, one), official))
    return HiddenTruth(moves, truth, facts, tuple(cases), sheets)


def scores_by(scheme: ScoringScheme, facts: Sequence[ResponseFacts]) -> list[dict[str, Decimal]]:
    """The sub-pillar scores of provinces at two places."""
    instrument = world("real")[0]
    sheets = [compute_score_sheet(instrument, scheme, one) for one in facts]
    return [{s.code: round_score(s.score) for s in sheet.sub_pillars if s.score is not None} for sheet in sheets]


def random_facts(random: Random) -> ResponseFacts:
    """The answers of a province that did more or less of everything."""
    instrument = world("real")[0]
    whole, kept = _answers(), {}
    diligence = random.uniform(0.3, 0.98)
    for address, value in whole.items():
        if random.random() < diligence:
            kept[address] = _fewer(random, value, diligence)
    path = resolve_path(instrument, kept)
    return ResponseFacts(path, frozenset(path.places), {})


@lru_cache(maxsize=1)
def _answers() -> dict[str, AnswerValue]:
    return full_answers("real")


def _fewer(random: Random, value: AnswerValue, diligence: float) -> AnswerValue:
    if isinstance(value, list) and value:
        return [one for one in value if random.random() < diligence] or value[:1]
    return value


def _random_moves(
    random: Random, scheme: ScoringScheme, edges: bool, weights: bool, share: float
) -> Iterator[Adjustment]:
    for code, sub in scheme.sub_pillars.items():
        for criterion in sub.walk():
            yield from _point_moves(random, code, criterion, share)
            if edges and random.random() < share / 2:
                yield from _edge_moves(random, code, criterion)
    if weights:
        for pillar in scheme.pillars:
            yield from _weight_moves(random, pillar.sub_pillars)


def _point_moves(random: Random, code: str, criterion: Criterion, share: float) -> Iterator[Adjustment]:
    """Points in fives between those of the steps around them."""
    figures = [(str(i), s.points) for i, s in enumerate(criterion.steps)]
    figures = figures or sorted(criterion.points.items(), key=lambda pair: pair[1].value)
    low = Decimal(0)
    for place, (key, figure) in enumerate(figures):
        high = figures[place + 1][1].value if place + 1 < len(figures) else Decimal(100)
        new = figure.value
        if is_movable(figure) and random.random() < share:
            new = Decimal(random.randrange(int(max(low, 5)), int(high) + 1, 5))
        if new != figure.value:
            yield Adjustment(code, criterion.id, key, figure.value, new)
        low = new


def _edge_moves(random: Random, code: str, criterion: Criterion) -> Iterator[Adjustment]:
    free = [i for i, s in enumerate(criterion.steps) if is_movable(s.points)]
    if criterion.measure is None or not free:
        return
    index = random.choice(free)
    below = criterion.steps[index - 1].threshold if index else Decimal(0)
    above = criterion.steps[index + 1].threshold if index + 1 < len(criterion.steps) else below + 3
    places = [n for n in range(int(below) + 1, int(above)) if n != criterion.steps[index].threshold]
    if places:
        yield Adjustment(
            code, criterion.id, str(index), criterion.steps[index].threshold, Decimal(random.choice(places)), "edge"
        )


def _weight_moves(random: Random, subs: Sequence[SubPillarScheme]) -> Iterator[Adjustment]:
    """A point of weight from one sub-pillar of a pillar to another."""
    movable = [s for s in subs if s.weight is not None and s.weight.value > 1 and is_movable(s.weight)]
    if len(movable) > 1 and random.random() < 0.7:
        giving, taking = random.sample(movable, 2)
        for sub, change in ((giving, -1), (taking, 1)):
            assert sub.weight is not None
            yield Adjustment(sub.code, "", "", sub.weight.value, sub.weight.value + change, "weight")
