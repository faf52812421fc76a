"""Estimating scores from outside that are not known yet: the province's last published figure, else the nation's. PURE.

A figure that nobody entered is neither 0 nor left out: it is estimated, with its spread, and says so wherever it shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from scoring.scheme.marked import mark_score
from survey.instrument.schema import LocalizedText

Basis = Literal["province", "national", "none"]
ESTIMATED: Final = "estimated"
LOWEST, MIDDLE, HIGHEST = Decimal(0), Decimal(50), Decimal(100)
# How far the figure may lie from its basis. dgready's assumption: a province's figures of one year and the next differ
# by about as much, and provinces lie further from their average than from their own last figure.
SPREAD: Final[Mapping[Basis, Decimal]] = {"province": Decimal(15), "national": Decimal(20), "none": MIDDLE}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A published score (0–100) of a sub-pillar by its code of today, of the province or (`national`) the average."""

    code: str
    year: int
    national: bool
    score: Decimal


@dataclass(frozen=True, slots=True)
class ExternalEstimate:
    """An outside score as estimated: best, lowest and highest (0–100), and what it rests on."""

    code: str
    score: Decimal
    low: Decimal
    high: Decimal
    basis: Basis
    year: int | None

    @property
    def marked(self) -> Decimal:
        """The score with its origin, to be counted and shown."""
        return mark_score(self.score, ESTIMATED)

    @property
    def source(self) -> LocalizedText:
        """What it rests on, in words."""
        if self.basis == "province":
            return LocalizedText(f"ผลปี {self.year} ของจังหวัด", f"the province's result of {self.year}")
        if self.basis == "national":
            return LocalizedText(f"ค่าเฉลี่ยทุกจังหวัดปี {self.year}", f"the average of all provinces in {self.year}")
        return LocalizedText(
            "กึ่งกลางของคะแนนเต็ม เพราะยังไม่มีผลปีใดให้อ้างอิง", "the middle, as there is no result of any year"
        )


def estimate_external(code: str, figures: Iterable[PublishedFigure]) -> ExternalEstimate:
    """The estimate of an outside score from what is published of it; the middle where nothing is."""
    own = [figure for figure in figures if figure.code == code]
    newest = max(own, key=lambda figure: (not figure.national, figure.year), default=None)
    if newest is None:
        return ExternalEstimate(code, MIDDLE, LOWEST, HIGHEST, "none", None)
    basis: Basis = "national" if newest.national else "province"
    spread = SPREAD[basis]
    low, high = max(newest.score - spread, LOWEST), min(newest.score + spread, HIGHEST)
    return ExternalEstimate(code, newest.score, low, high, basis, newest.year)


def serialize_estimate(estimate: ExternalEstimate) -> dict[str, Any]:
    """An estimate as JSON: the sub-pillar, its best, lowest and highest score, and what it rests on."""
    return {
        "sub_pillar": estimate.code,
        "score": f"{estimate.score:f}",
        "low": f"{estimate.low:f}",
        "high": f"{estimate.high:f}",
        "from": ESTIMATED,
        "basis": estimate.basis,
        "year": estimate.year,
        "source": estimate.source.json(),
    }
