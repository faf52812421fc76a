"""Blocks of the national report: data, sentence and chart description in one value; every output shows that. PURE.

Source: national.md, Rules of computing: denominators are always told (asked, answered, n); "unknown", "exempt" and
"not relevant" are rows of their own; not answered is never "none".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from dgready.localized_text import LocalizedText
from scoring.engine.as_json import format_decimal

NO_TEXT: Final = LocalizedText("")
EACH_AGENCY: Final = "each_agency"  # who answered a report of averages, as its JSON says


class BlockKind(StrEnum):
    """How a block is counted, and so how it is drawn."""

    RATES = "rates"  # who answered
    LEVELS = "levels"  # shares of maturity levels: one stacked bar
    ONE = "one"  # one choice: donut
    SEVERAL = "several"  # several choices: bars over those asked
    TABLE = "table"  # rows of a table: stacked rows
    REASONS = "reasons"  # coded reasons for "none": count and share
    YEARS = "years"  # when those in progress expect to be done
    NUMBERS = "numbers"  # sums over those that know the numbers
    REPEATS = "repeats"  # rows of a repeating group: total, distribution, examples
    EXAMPLES = "examples"  # picked for publication
    SCORES = "scores"  # mean scores, 0–100, each with how many it is of
    BANDS = "bands"  # provinces by their score, in bands
    ADVICE = "advice"  # recommendations by the weakest sub-pillars


class ChartShape(StrEnum):
    """The shape a block is drawn in."""

    DONUT = "donut"
    BARS = "bars"
    STACKED = "stacked"
    NONE = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One figure of a block: an option, a level, a reason, a sum.

    `percent`: of `base` (of the block's n where None), two places; None where there is nothing to share. `of_all`: the
    count's share of all provinces counted, told where fewer of them were asked. `value`: a sum or a mean that is no
    count of provinces. `provinces`: codes behind the count, for those who may see them. `before`:
    the share of the year before through the year links; None where it is not comparable. `parts`: a stacked row's own
    shares. `hidden`: a count under 3 of agencies, not told.
    """

    key: str
    label: LocalizedText
    count: int | None = None
    percent: Decimal | None = None
    base: int | None = None
    value: Decimal | None = None
    provinces: tuple[str, ...] = ()
    before: Decimal | None = None
    parts: tuple[FactRow, ...] = ()
    hidden: bool = False
    of_all: Decimal | None = None

    def json(self) -> dict[str, Any]:
        """As JSON shows it; provinces are told apart, to those who may see them."""
        told: dict[str, Any] = {"key": self.key, "label": self.label.json(), "count": self.count}
        told["percent"] = format_decimal(self.percent)
        if self.base is not None:
            told["base"] = self.base
        if self.of_all is not None:
            told["of_all"] = format_decimal(self.of_all)
        if self.value is not None:
            told["value"] = f"{self.value:f}"
        if self.before is not None:
            told["before"] = format_decimal(self.before)
        if self.hidden:
            told["hidden"] = True
        if self.parts:
            told["parts"] = [part.json() for part in self.parts]
        return told


@dataclass(frozen=True, slots=True)
class FactBlock:
    """A block of the report. `key` is stable and a part of addresses: "levels.1.3", "question.P1.1", "reasons.P1.1".

    `asked`: provinces on whose path it is; `answered`: of these, those that said anything; `n`: what shares are of.
    `section`: the number of its pillar, "G" or "" for the front.
    """

    key: str
    kind: BlockKind
    section: str
    title: LocalizedText
    asked: int
    answered: int
    n: int
    rows: tuple[FactRow, ...]
    sentence: LocalizedText = NO_TEXT
    shape: ChartShape = ChartShape.NONE
    note: LocalizedText = NO_TEXT

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "key": self.key,
            "kind": self.kind.value,
            "section": self.section,
            "title": self.title.json(),
            "asked": self.asked,
            "answered": self.answered,
            "n": self.n,
            "rows": [row.json() for row in self.rows],
            "sentence": self.sentence.json(),
            "chart": self.shape.value,
            **({"note": self.note.json()} if self.note else {}),
        }


@dataclass(frozen=True, slots=True)
class Population:
    """Whose answers are counted: a year, a group of provinces, approved only or also submitted ones."""

    year: int
    group: str = ""  # "", "kpi", "region" or "size"
    member: str = ""  # the value of the group
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class NationalReport:
    """All blocks of a population, in the order of the report. `provinces`: codes of those counted.

    `by_agencies`: each agency answered for itself, and a province is counted by the average of its agencies.
    """

    population: Population
    provinces: tuple[str, ...]
    invited: int
    blocks: tuple[FactBlock, ...]
    sources: Mapping[str, LocalizedText] = field(default_factory=dict)
    by_agencies: bool = False

    def block(self, key: str) -> FactBlock | None:
        """The block of that key."""
        return next((block for block in self.blocks if block.key == key), None)

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        who = self.population
        return {
            "year": who.year,
            "group": who.group,
            "member": who.member,
            "states": ["approved", "submitted"] if who.submitted else ["approved"],
            "provinces": len(self.provinces),
            "invited": self.invited,
            **({"answered_by": EACH_AGENCY} if self.by_agencies else {}),
            "blocks": [block.json() for block in self.blocks],
        }
