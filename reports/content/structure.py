"""The content of a report on a response: sections, lines, evidence. PURE. Built by reports.content.listing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from evidence.attaching.proving import REJECTING, is_checking, is_claimed, lacking_state
from survey.instrument.schema import AnswerValue

LineState = Literal["answered", "unanswered", "off", "closed", "heading"]
LineKind = Literal["group", "field", "table", "heading", "row", "cell", "repeat", "entry"]


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """The pages and the passage that support an answer."""

    pages: str
    quote: str
    note: str = ""
    state: str = ""
    areas: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence: a file (then `sha256` and `size`, in bytes) or a web address (then `url`).

    `is_active`: the file does something by itself when it is opened; `is_infected`: a virus was found in it.
    """

    name: str
    sha256: str = ""
    size: int = 0
    url: str = ""
    document_date: date | None = None
    marks: tuple[EvidenceMark, ...] = ()
    is_active: bool = False
    is_infected: bool = False
    to_confirm: bool = False
    verdict: str = ""
    verdict_reason: str = ""
    copy: str = ""
    """The hash of what a web address showed, where somebody kept it."""

    @property
    def claimed(self) -> bool:
        """Whether it counts unless a reviewer rejects it."""
        states = [mark.state for mark in self.marks]
        return is_claimed(states, url=self.url, infected=self.is_infected, to_confirm=self.to_confirm)

    @property
    def counts(self) -> bool:
        """Whether it counts: proven, and not rejected by a reviewer."""
        return self.claimed and self.verdict not in REJECTING

    @property
    def lacking(self) -> str:
        """What one of its marks lacks (evidence.attaching.proving.UNPROVEN)."""
        return lacking_state(mark.state for mark in self.marks)

    @property
    def checking(self) -> bool:
        """Whether one of its marks is still to be looked for in the file."""
        return is_checking(mark.state for mark in self.marks)


EvidenceByAddress = Mapping[str, Sequence[EvidenceItem]]


@dataclass(frozen=True, slots=True)
class PlaceEvidence:
    """An open evidence place. `option`: the picked option it belongs to.

    `has_url_answer`: a web address was answered instead of a file.
    """

    address: str
    option: str
    items: tuple[EvidenceItem, ...]
    has_url_answer: bool = False

    @property
    def is_satisfied(self) -> bool:
        """Whether there is evidence that counts."""
        return self.has_url_answer or any(p.counts for p in self.items)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a report. `address` is empty where no row exists that it could be answered in.

    `type` is the kind of answer of a field or cell (survey.instrument.schema.ItemKind). `own`: what the paper lacks,
    the item or the option that was picked.
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
    reason: str = ""
    required: bool = True
    places: tuple[PlaceEvidence, ...] = ()
    note: str = ""
    is_question: bool = False
    type: str = ""
    own: Literal["", "item", "answer"] = ""
    children: tuple[ReportLine, ...] = ()

    def walk(self) -> Iterator[ReportLine]:
        """This line and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def evidence(self) -> tuple[EvidenceItem, ...]:
        """All evidence of this line."""
        return tuple(item for place in self.places for item in place.items)


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of the report form. `pillar_number`: empty for the cover page.

    `definitions`: what the terms mean that this section is the first to use.
    """

    id: str
    code: str
    title: str
    pillar_number: str
    pillar_name: str
    lines: tuple[ReportLine, ...]
    definitions: tuple[str, ...] = ()

    def walk(self) -> Iterator[ReportLine]:
        """All its lines in document order."""
        for line in self.lines:
            yield from line.walk()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All sections in the order of the form, and the names of the pillars in their own order."""

    title: str
    year: int
    sections: tuple[ReportSection, ...]
    pillars: Mapping[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[ReportLine]:
        """All lines in document order."""
        for section in self.sections:
            yield from section.walk()
