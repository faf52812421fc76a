"""The report of a verification: what was looked at and every fault found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalFault:
    """A fault found in a response's journal. `seq`: the event it was found at, if any."""

    response: int
    seq: int | None
    message: str

    def json(self) -> dict[str, Any]:
        """As printed (JSON)."""
        return {"response": self.response, "seq": self.seq, "message": self.message}


@dataclass(slots=True)
class VerificationReport:
    """Numbers of responses and events checked, and the faults found."""

    responses: int = 0
    events: int = 0
    faults: list[JournalFault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def json(self) -> dict[str, Any]:
        """The report as the command prints it (JSON)."""
        faults = [f.json() for f in self.faults]
        return {"ok": self.ok, "responses": self.responses, "events": self.events, "faults": faults}
