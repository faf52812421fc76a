"""Official totals of a year's provinces beside the estimates by the same scheme, for the centre. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.aggregates import aggregate_scores
from scoring.engine.levels import round_score
from scoring.results.fitting.types import FitCase
from scoring.scheme.types import ScoringScheme


@dataclass(frozen=True, slots=True)
class ProvinceResult:
    """A province's published total beside the estimate, over the sub-pillars that both know; `worst`: most off."""

    province: str
    official: Decimal
    estimate: Decimal
    worst: str

    @property
    def difference(self) -> Decimal:
        """Estimate minus official."""
        return self.estimate - self.official


def list_results(scheme: ScoringScheme, cases: Sequence[FitCase]) -> list[ProvinceResult]:
    """The provinces, those most off first. Both totals are over the sub-pillars that have both scores."""
    found = []
    for case in cases:
        estimates = {s.code: s.score for s in case.sheet.sub_pillars if s.score is not None and s.code in case.official}
        if not estimates:
            continue
        official = {code: case.official[code] for code in estimates}
        worst = max(estimates, key=lambda code: abs(estimates[code] - official[code]))
        published, estimate = (_total(scheme, scores) for scores in (official, estimates))
        found.append(ProvinceResult(case.province, published, estimate, worst))
    return sorted(found, key=lambda one: (-abs(one.difference), one.province))


def _total(scheme: ScoringScheme, scores: Mapping[str, Decimal]) -> Decimal:
    return round_score(aggregate_scores(scheme, scores).total or Decimal(0))
