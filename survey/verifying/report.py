"""The report of a verification: what was looked at, every fault found, and what could not be proved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation

from survey.verifying.fault_texts import describe_fault

MAX_SHOWN = 200  # characters of a value that a fault shows


@dataclass(frozen=True, slots=True)
class JournalFault:
    """Something stored that is not what its events, its hash or the frozen text say.

    `code`: what kind of fault, for programs. `subject`: which row or file it is about, where the other names do not
    say. `seq`: the event it was found at, if any. `expected`: what the proof says; `found`: what is stored.
    """

    code: str
    response: int | None = None
    seq: int | None = None
    province: str = ""
    year: int | None = None
    question: str = ""
    field: str = ""
    place: str = ""
    subject: str = ""
    expected: Any = None
    found: Any = None

    def text(self, language: str = "th") -> str:
        """The fault in words, with where it is."""
        with translation.override(language):
            return describe_fault(self)

    @property
    def message(self) -> str:
        """The fault in Thai."""
        return self.text()

    def json(self) -> dict[str, Any]:
        """As printed (JSON)."""
        names = ("code", "province", "year", "response", "question", "field", "place", "subject", "seq")
        values = {"expected": plain_value(self.expected), "found": plain_value(self.found)}
        texts = {"message": self.text("th"), "message_en": self.text("en")}
        return {name: getattr(self, name) for name in names} | values | texts


def plain_value(value: Any) -> Any:
    """A value as JSON can carry it; long texts are cut."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain_value(one) for key, one in value.items()}
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


@dataclass(slots=True)
class VerificationReport:
    """How many responses, events and files were looked at, and the faults found.

    `unproved`: what older events do not tell enough about, by kind of row, with how many rows. Not a fault.
    """

    responses: int = 0
    events: int = 0
    files: int = 0
    faults: list[JournalFault] = field(default_factory=list)
    unproved: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    @property
    def codes(self) -> list[str]:
        """The codes of the faults, in the order found."""
        return [fault.code for fault in self.faults]

    def json(self) -> dict[str, Any]:
        """The report as the command prints it (JSON)."""
        counts = {"responses": self.responses, "events": self.events, "files": self.files}
        faults = [fault.json() for fault in self.faults]
        return {"ok": self.ok, **counts, "unproved": dict(sorted(self.unproved.items())), "faults": faults}
