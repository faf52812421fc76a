"""Whether published figures agree: pillars, totals, ranks. What does not is said, never refused. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from dgready.localized_text import LocalizedText
from scoring.engine.levels import HUNDRED, round_score
from scoring.scheme.types import ScoringScheme

TOLERANCE: Final = Decimal("0.01")  # every printed figure is rounded to two places
KNOWN_ORIGINS: Final = frozenset({"official", "recovered"})
TOTAL: Final = ("total", "total")
AVERAGE: Final = "average"
BEST: Final = "rank-1"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A published score and, of a total, its rank."""

    score: Decimal
    rank: int | None = None


PublishedFigures = dict[tuple[str, str], PublishedFigure]  # of one subject, by kind and code


def list_inconsistencies(
    year: int,
    tables: Mapping[str, PublishedFigures],
    touched: Collection[str],
    scheme: ScoringScheme | None,
    province_count: int,
) -> list[LocalizedText]:
    """What the figures of a year do not agree on. `tables`: by subject; only those `touched` are added up."""
    found: list[LocalizedText] = []
    if scheme is not None:
        for subject in tables:
            if subject in touched:
                found += _check_pillars(year, subject, tables[subject], scheme)
                found += _check_total(year, subject, tables[subject], scheme)
    provinces = {s: t[TOTAL] for s, t in tables.items() if s not in (AVERAGE, BEST) and TOTAL in t}
    found += _check_ranks(year, provinces)
    found += _check_labels(year, tables, provinces, province_count)
    return found


def _check_pillars(
    year: int, subject: str, figures: PublishedFigures, scheme: ScoringScheme
) -> Iterator[LocalizedText]:
    """Pillars beside the weighted mean of their sub-pillars, where those weights are known, not assumed."""
    for pillar in scheme.pillars:
        published = figures.get(("pillar", pillar.number))
        parts = [(figures.get(("sub_pillar", s.code)), s.weight) for s in pillar.sub_pillars]
        if published is None or not parts:
            continue
        known = [(f.score, w.value) for f, w in parts if f is not None and w is not None and w.origin in KNOWN_ORIGINS]
        if len(known) == len(parts):
            computed = sum((score * weight for score, weight in known), Decimal(0)) / pillar.weight.value
            yield from _differs(year, subject, f"ตัวชี้วัด {pillar.number}", f"pillar {pillar.number}", published, computed)


def _check_total(year: int, subject: str, figures: PublishedFigures, scheme: ScoringScheme) -> Iterator[LocalizedText]:
    published = figures.get(TOTAL)
    parts = [(figures.get(("pillar", p.number)), p.weight) for p in scheme.pillars]
    known = [(f.score, w.value) for f, w in parts if f is not None and w.origin in KNOWN_ORIGINS]
    if published is not None and len(known) == len(parts):
        computed = sum((score * weight for score, weight in known), Decimal(0)) / HUNDRED
        yield from _differs(year, subject, "คะแนนรวม", "the total", published, computed)


def _differs(
    year: int, subject: str, thai: str, english: str, published: PublishedFigure, computed: Decimal
) -> Iterator[LocalizedText]:
    if abs(published.score - computed) > TOLERANCE:
        figures = {"said": f"{published.score:f}", "sum": f"{round_score(computed):f}"}
        yield LocalizedText(
            f"{subject} ปี {year}: {thai} {figures['said']} แต่คิดจากส่วนย่อยได้ {figures['sum']}",
            f"{subject} {year}: {english} is {figures['said']}, but its parts make {figures['sum']}",
        )


def _check_ranks(year: int, provinces: Mapping[str, PublishedFigure]) -> Iterator[LocalizedText]:
    """Ranks beside totals: nobody with a lower total stands before one with a higher."""
    ranked = sorted((f.rank, -f.score, code) for code, f in provinces.items() if f.rank is not None)
    for (rank, minus, code), (next_rank, next_minus, next_code) in pairwise(ranked):
        if minus > next_minus or (rank == next_rank and minus != next_minus):
            one, other = f"{code} {-minus:f}", f"{next_code} {-next_minus:f}"
            yield LocalizedText(
                f"ปี {year}: อันดับไม่ตรงกับคะแนนรวม อันดับ {rank} {one} กับอันดับ {next_rank} {other}",
                f"{year}: ranks do not follow totals: {rank} {one} and {next_rank} {other}",
            )


def _check_labels(
    year: int,
    tables: Mapping[str, PublishedFigures],
    provinces: Mapping[str, PublishedFigure],
    province_count: int,
) -> Iterator[LocalizedText]:
    """The best province beside the one of rank 1; the average beside the mean, once every province is there."""
    best = tables.get(BEST, {}).get(TOTAL)
    first = next(((code, f) for code, f in sorted(provinces.items()) if f.rank == 1), None)
    if best is not None and first is not None and best.score != first[1].score:
        one = f"{first[0]} {first[1].score:f}"
        yield LocalizedText(
            f"ปี {year}: คะแนนรวมของอันดับ 1 {best.score:f} ไม่เท่ากับของ {one}",
            f"{year}: the total of rank 1, {best.score:f}, is not that of {one}",
        )
    average = tables.get(AVERAGE, {}).get(TOTAL)
    if average is not None and provinces and len(provinces) == province_count > 1:
        mean = sum((f.score for f in provinces.values()), Decimal(0)) / len(provinces)
        yield from _differs(year, AVERAGE, "คะแนนรวมเฉลี่ย", "the mean total", average, mean)
