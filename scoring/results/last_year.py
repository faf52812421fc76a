"""The province's last published result, by the codes that this year's sub-pillars have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme import registry
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.queries import get_round_scheme
from survey.instrument.queries import compiled_instrument
from survey.models import Round

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class LastResult:
    """The newest published result of the province before a round."""

    results: PublishedResults
    codes: Mapping[str, str]

    @property
    def year(self) -> int:
        """The year that was published."""
        return self.results.year

    @property
    def total(self) -> Decimal | None:
        """The total score."""
        return self.results.score(PROVINCE, "total", "total")

    def sub_pillar(self, code: str) -> Decimal | None:
        """The score of what is this sub-pillar today; None where it was measured otherwise."""
        return self.results.score(PROVINCE, "sub_pillar", self.codes.get(code, ""))


def last_result(round_: Round) -> LastResult | None:
    """The newest published result before a round, or None. One query, and what the scheme needs."""
    past = list_results_before(round_.province, round_.year)
    last = next((year for year in past if year.total(PROVINCE) is not None), None)
    if last is None:
        return None
    try:
        scheme = get_round_scheme(round_).scheme
    except registry.MissingScheme:
        return LastResult(last, {})
    return LastResult(last, earlier_codes(scheme, compiled_instrument(round_.instrument), last.year))
