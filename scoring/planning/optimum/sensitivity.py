"""What a score hangs on: the points of the total at stake for each question, and for each assumption. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.extreme_schemes import get_extreme_schemes
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import ScoreSheet
from scoring.planning.optimum.questions import find_question
from scoring.scheme.measure_types import list_measured_addresses
from scoring.scheme.types import AlternativeReading, Criterion, ScoringScheme
from survey.instrument.schema import CompiledInstrument, Item, LocalizedText

SchemesByReading = list[tuple[AlternativeReading, tuple[ScoringScheme, ScoringScheme]]]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stake:
    """How far the total may fall and rise with one thing. `key`: code of a question, or id of a reading."""

    key: str
    name: LocalizedText
    down: Decimal
    up: Decimal

    @property
    def width(self) -> Decimal:
        """From the lowest to the highest."""
        return self.down + self.up


def list_question_stakes(instrument: CompiledInstrument, scheme: ScoringScheme, sheet: ScoreSheet) -> list[Stake]:
    """For each question what the total loses if none of it counts, and gains if all of it does; the widest first.

    Scores from outside stand under their sub-pillar. Parts of a total are split as everywhere (engine.shares).
    """
    criteria, shares = {c.id: c for c in scheme.criteria}, compute_score_shares(sheet)
    stakes: dict[str, Stake] = {}
    for sub in sheet.sub_pillars:
        for one in sub.walk():
            share = shares.get(one.id)
            if share is None:
                continue
            question = _question_of(instrument, criteria[one.id])
            key = question.code or question.id if question else sub.code
            name = question.ask if question else one.name
            known = stakes.get(key) or Stake(key, name, ZERO, ZERO)
            stakes[key] = Stake(key, known.name, known.down + share.kept, known.up + share.lost)
    return sort_stakes(stakes.values())


def _question_of(instrument: CompiledInstrument, criterion: Criterion) -> Item | None:
    addresses = list_measured_addresses(criterion.measure) if criterion.measure else [criterion.choice or ""]
    return next((found for a in addresses if a and (found := find_question(instrument, a)) is not None), None)


def list_assumption_stakes(
    instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts, sheet: ScoreSheet
) -> list[Stake]:
    """For each reading of what is not published how far the total moves by it alone; the widest first."""
    if sheet.total is None:
        return []
    stakes = []
    for reading, schemes in _schemes_by_reading(scheme):
        low, high = (compute_score_sheet(instrument, one, facts).total or sheet.total for one in schemes)
        stakes.append(Stake(reading.id, reading.name, max(sheet.total - low, ZERO), max(high - sheet.total, ZERO)))
    return sort_stakes(stakes)


def _schemes_by_reading(scheme: ScoringScheme) -> SchemesByReading:
    """Each reading that moves points, with the strictest and the most lenient scheme by it alone."""
    pairs: SchemesByReading | None = scheme.compiled.get("single readings")
    if pairs is None:
        moving = [r for r in scheme.readings if r.steps or r.answers]
        pairs = [(r, get_extreme_schemes(replace(scheme, readings=(r,), compiled={}))) for r in moving]
        scheme.compiled["single readings"] = pairs
    return pairs


def sort_stakes(stakes: Iterable[Stake]) -> list[Stake]:
    """The widest first; without those that move nothing."""
    return sorted((s for s in stakes if s.width), key=lambda s: (-s.width, s.key))
