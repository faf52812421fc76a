"""Contributions of many provinces, read item by item, and the rows that are counted from them. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Final

from dgready.localized_text import LocalizedText
from nation.facts.form_facts import FormFacts, read_form_facts
from nation.facts.types import NO_TEXT, FactRow
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item

CENT: Final = Decimal("0.01")
HUNDRED: Final = Decimal(100)
GENERAL: Final = "G"  # the section of questions that belong to no pillar
Answers = Mapping[str, AnswerValue | None]  # by code of the province: those asked; None: not answered


def share(count: int | Decimal, base: int | Decimal) -> Decimal | None:
    """A share in percent, two places, halves up; None of nothing."""
    return (Decimal(count) * HUNDRED / Decimal(base)).quantize(CENT, ROUND_HALF_UP) if base else None


Coding = Mapping[tuple[str, str], tuple[str, LocalizedText]]  # (item, folded text) → key and label of the reason


@dataclass(frozen=True, slots=True)
class Picked:
    """What people chose and wrote for the report: codes of reasons, and examples by key of their block."""

    reasons: Coding = field(default_factory=dict)
    examples: Mapping[str, Collection[LocalizedText]] = field(default_factory=dict)


class Tally:
    """The contributions of a population, by code of the province, turned round: by item."""

    def __init__(self, instrument: CompiledInstrument, contributions: Mapping[str, Mapping[str, Any]]) -> None:
        self.instrument = instrument
        self.contributions = {code: contributions[code] for code in sorted(contributions)}

    @property
    def provinces(self) -> int:
        """How many are counted."""
        return len(self.contributions)

    @cached_property
    def form(self) -> FormFacts:
        """What the report needs to know of the form."""
        return read_form_facts(self.instrument)

    def answers(self, item: str) -> dict[str, AnswerValue | None]:
        """Answers to an item by province, of those on whose path it is."""
        return self._turned("items").get(item, {})

    def cells(self, address: str) -> dict[str, AnswerValue | None]:
        """Answers in a cell of a table by province."""
        return self._turned("cells").get(address, {})

    def repeats(self, item: str) -> dict[str, int]:
        """Rows of a repeat by province."""
        return self._turned("rows").get(item, {})

    def inner(self, item: str) -> dict[str, Any]:
        """What fields in rows hold, by province."""
        return self._turned("inner").get(item, {})

    def reasons(self, item: str) -> dict[str, str]:
        """Free texts of an item that asks for a reason, by province."""
        return self._turned("reasons").get(item, {})

    def levels(self, code: str) -> dict[str, int]:
        """Levels of the total, a pillar or a sub-pillar by province, where known."""
        return self._turned("levels").get(code, {})

    @cached_property
    def official(self) -> frozenset[str]:
        """The provinces whose levels are published ones."""
        return frozenset(code for code, one in self.contributions.items() if one.get("official"))

    @cached_property
    def _by_part(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {}

    def _turned(self, part: str) -> dict[str, dict[str, Any]]:
        if part not in self._by_part:
            turned: dict[str, dict[str, Any]] = {}
            for province, contribution in self.contributions.items():
                for key, value in contribution.get(part, {}).items():
                    turned.setdefault(key, {})[province] = value
            self._by_part[part] = turned
        return self._by_part[part]

    def row(
        self, key: str, label: LocalizedText, codes: Iterable[str], base: int, *, tell_base: bool = False
    ) -> FactRow:
        """A row that counts provinces; `tell_base`: its shares are of another number than the block's."""
        found = tuple(codes)
        of_all = share(len(found), self.provinces) if base < self.provinces else None
        return FactRow(
            key,
            label,
            len(found),
            share(len(found), base),
            base if tell_base else None,
            provinces=found,
            of_all=of_all,
        )


def picked_by(answers: Answers, key: str) -> list[str]:
    """The provinces that picked an option."""
    return [code for code, value in answers.items() if key in as_list(value)]


def as_list(value: AnswerValue | None) -> list[str]:
    """The options of an answer."""
    return value if isinstance(value, list) else [value] if value else []


def answered(answers: Answers) -> dict[str, AnswerValue]:
    """Those who answered."""
    return {code: value for code, value in answers.items() if value}


def sum_of(answers: Answers) -> Decimal:
    """The sum of numbers that were answered."""
    return sum((Decimal(value) for value in answers.values() if isinstance(value, str) and value), Decimal(0))


def section_of(item: Item) -> str:
    """The section of the report an item is told in: its pillar."""
    return item.pillar or GENERAL


def title_of(instrument: CompiledInstrument, item: Item) -> LocalizedText:
    """The question after its printed number, or after that of what it belongs to."""
    named: Item | None = item
    while named is not None and not named.code:
        named = instrument.items.get(named.parent or "")
    return LocalizedText(f"{named.code} {item.ask.th}", f"{named.code} {item.ask.to('en')}") if named else item.ask


def unanswered_note(asked: int, answered_: int) -> LocalizedText:
    """How many were asked and did not answer; empty where all did."""
    if asked == answered_:
        return NO_TEXT
    return LocalizedText(
        f"ไม่ได้ตอบ {asked - answered_} จังหวัด (ไม่นับเป็น “ไม่มี”)",
        f'{asked - answered_} did not answer (which is not counted as "none")',
    )
