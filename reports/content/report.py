"""A report on a response: everything its documents and workbooks show, as plain values. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reports.content.scorecard import Scorecard
from reports.content.structure import ReportContent
from survey.instrument.place_windows import PrintedWindow
from survey.instrument.progress import Progress


@dataclass(frozen=True, slots=True)
class Approval:
    """The approved version: its number, the SHA-256 over its content, who approved it and when.

    `order`: the number of the order by which they did so in the governor's place, "" in their own right.
    `address`: its public check; `voided_at`: since when it is superseded.
    """

    number: int
    sha256: str
    by: str
    at: datetime
    order: str = ""
    address: str = ""
    voided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that was open, and the reason given for leaving it so.

    `kind`: as the checker names it; "" for a condition of the round that the submission overrode.
    """

    code: str
    text: str
    reason: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ResponseReport:
    """A response ready to be printed. Without `approval` it is a draft."""

    province_code: str
    province: str
    year: int
    agency: str
    state: str
    instrument: str
    checksum: str
    windows: tuple[PrintedWindow, ...]
    printed_at: datetime
    content: ReportContent
    progress: Progress
    files: int
    open_points: tuple[OpenPoint, ...]
    score: Scorecard | None
    approval: Approval | None
    language: str
    version: int = 0
    """The running number of the draft."""
    pillar: str = ""
    """The number of the pillar it is about alone."""
    pillar_title: str = ""

    @property
    def gives_reasons(self) -> bool:
        """Whether open points carry the reasons they were submitted with."""
        return any(p.reason for p in self.open_points)

    @property
    def name(self) -> str:
        """The beginning of its file names: province code and year, and whether it is a draft."""
        part = f"v{self.approval.number}" if self.approval else "draft"
        pillar = f"-p{self.pillar}" if self.pillar else ""
        return f"{self.province_code}-{self.year}-{part}{pillar}"
