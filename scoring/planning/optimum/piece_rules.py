"""What a piece of work is: a question to ask or work, whether it still counts this year, whether it may be done. PURE.

What nobody answered yet is first of all a question: the thing may be there, and then only its proof is missing. What
was answered "no" is work. Proof of what was done counts whenever it is attached in the year; new work counts as long
as the days from which the form asks its evidence are not over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scoring.planning.optimum.work import WorkPiece, WorkUnit
from scoring.scheme.load_extensions import ASK_WORK, EVIDENCE_WORK
from scoring.scheme.types import WorkKind
from survey.instrument.addresses import item_id_of
from survey.instrument.place_windows import window_at
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.instrument.windows import Period


@dataclass(frozen=True, slots=True)
class PlanCalendar:
    """The days a plan is made in: today, the round's evidence period, the last day of the year's survey."""

    today: date
    period: Period
    closes_on: date


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """Which works a plan must and may hold: ids of criteria, or keys of pieces of work.

    `this_year`: only what still counts this year; `unanswered_is_work`: what nobody answered yet is not asked about
    but taken for not there.
    """

    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    this_year: bool = False
    unanswered_is_work: bool = False


@dataclass(frozen=True, slots=True)
class PieceRules:
    """Rules for the pieces of one case. Without a calendar all counts this year; `asks`: questions are told apart."""

    instrument: CompiledInstrument
    kinds: Mapping[str, WorkKind]
    calendar: PlanCalendar | None = None
    asks: bool = False
    limits: WorkLimits = field(default_factory=WorkLimits)

    def make_piece(self, key: str, kind: str, effort: int, label: LocalizedText) -> WorkPiece:
        """A piece of work with the year it counts in."""
        return WorkPiece(key, kind, effort, label, self._counts_this_year(key, kind))

    def allows(self, unit: WorkUnit) -> bool:
        """Whether all pieces of a unit may be done."""
        return all(self.allows_piece(piece) for piece in unit.pieces)

    def allows_piece(self, piece: WorkPiece) -> bool:
        """Whether a piece may be done."""
        return piece.key not in self.limits.must_not and (piece.this_year or not self.limits.this_year)

    def allows_criterion(self, ident: str) -> bool:
        """Whether anything may be done for a criterion."""
        return ident not in self.limits.must_not

    def _counts_this_year(self, key: str, kind: str) -> bool:
        if self.calendar is None:
            return True
        counts = get_counting(self.kinds, kind)
        if counts != "in_window":
            return counts == "this_year"
        address = key.partition("+")[0]  # the nth of a number
        item = self.instrument.items[item_id_of(address)]
        is_cell = item.kind != "table" or address.partition("=")[0].count("/") >= 2
        window = window_at(self.instrument, address) if is_cell else item.window
        last = (window.span(self.calendar.period) or self.calendar.period)[1]
        return self.calendar.today <= min(last, self.calendar.closes_on)


def get_counting(kinds: Mapping[str, WorkKind], kind: str) -> str:
    """When a kind of work counts: as the scheme says, else proof and answers this year, other work in its window."""
    said = kinds[kind].counts if kind in kinds else ""
    return said or ("this_year" if kind in (EVIDENCE_WORK, ASK_WORK) else "in_window")
