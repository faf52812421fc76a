"""What a paper and a workbook show of the answers: pages, lines, evidence. PURE. Made by reports.content.listing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from survey.instrument.schema import AnswerValue

LineState = Literal["answered", "unanswered", "off", "closed", "heading"]
LineKind = Literal["group", "field", "table", "heading", "row", "cell", "repeat", "entry"]


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """The pages and the passage that support an answer."""

    pages: str
    quote: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence: a file (then `sha256` and `size`, in bytes) or a web address (then `url`)."""

    name: str
    sha256: str = ""
    size: int = 0
    url: str = ""
    dated: date | None = None
    marks: tuple[EvidenceMark, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether a passage is marked, or it is a web address."""
        return bool(self.marks or self.url)


EvidenceByAddress = Mapping[str, Sequence[EvidenceItem]]


@dataclass(frozen=True, slots=True)
class PlaceEvidence:
    """An open evidence place. `option`: the picked option it belongs to; `by_url`: a given URL stands for it."""

    address: str
    option: str
    proofs: tuple[EvidenceItem, ...]
    by_url: bool = False

    @property
    def satisfied(self) -> bool:
        """Whether there is evidence that counts."""
        return self.by_url or any(p.counts for p in self.proofs)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a paper. `address` is empty where no row exists that it could be answered in.

    `type` is the kind of answer of a field or cell (survey.instrument.schema.ItemKind).
    """

    kind: LineKind
    item: str
    address: str
    code: str
    label: str
    depth: int
    state: LineState
    text: str = ""
    picked: tuple[str, ...] = ()
    value: AnswerValue | None = None
    why: str = ""
    required: bool = True
    slots: tuple[PlaceEvidence, ...] = ()
    note: str = ""
    question: bool = False
    type: str = ""
    children: tuple[ReportLine, ...] = ()

    def walk(self) -> Iterator[ReportLine]:
        """This line and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def proofs(self) -> tuple[EvidenceItem, ...]:
        """All evidence of this line."""
        return tuple(p for s in self.slots for p in s.proofs)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of the paper form. `number` is its pillar's, empty for the cover page."""

    id: str
    code: str
    title: str
    number: str
    pillar: str
    lines: tuple[ReportLine, ...]

    def walk(self) -> Iterator[ReportLine]:
        """All its lines in document order."""
        for line in self.lines:
            yield from line.walk()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All pages in paper order, and the names of the pillars in their own order."""

    title: str
    year: int
    pages: tuple[ReportSection, ...]
    pillars: Mapping[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[ReportLine]:
        """All lines in document order."""
        for page in self.pages:
            yield from page.walk()
