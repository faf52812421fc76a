"""Rules of the right of reply: what may be wanted, what a decision makes of the score, which file is too new. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

UPHELD, PARTLY, REFUSED = "upheld", "partly", "refused"  # as ObjectionDecision.Outcome has them


class EvidenceFault(Enum):
    """Why a file is no evidence that existed before the cut-off."""

    NEWER = "newer"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class FileDates:
    """What is known of a file's day: when it was attached, what a person typed, what its text bears."""

    attached: date | None = None
    typed: date | None = None
    written: date | None = None

    @property
    def known(self) -> tuple[date, ...]:
        """All that is known."""
        return tuple(day for day in (self.attached, self.typed, self.written) if day is not None)


def check_evidence_dates(dates: FileDates, cut_off: date) -> EvidenceFault | None:
    """Whether a file existed on the day of the cut-off.

    One of an answer did when it was attached by then, whatever day it bears. Of a document of the library every known
    day must say so: a day that somebody typed does not outdo a later one in the text.
    """
    if dates.attached is not None:
        return EvidenceFault.NEWER if dates.attached > cut_off else None
    if not dates.known:
        return EvidenceFault.UNDATED
    return EvidenceFault.NEWER if max(dates.known) > cut_off else None


def decided_score(
    outcome: str, official: Decimal, wanted: Decimal, given: Decimal | None, current: Decimal, last: Decimal | None
) -> Decimal | None:
    """The sub-pillar's score after a decision; None where `given` does not fit a partial one.

    `official`: what was contested, `current`: what is published now, `last`: what the decision before made of it.
    Refusing takes back only what that decision gave, never what an import corrected since.
    """
    if outcome == UPHELD:
        return wanted
    if outcome == PARTLY:
        return given if given is not None and official < given < wanted else None
    return official if last is not None and current == last else current
