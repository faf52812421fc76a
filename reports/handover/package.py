"""The evidence of a response as it is handed over: places with what proves them, each document once. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dgready.shorten import shorten
from reports.content.report import Approval
from reports.content.structure import EvidenceItem

SHORT_QUESTION = 160  # characters of a question's text on a sheet


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part is handed over: all, one pillar by its number, or one question by the id of its item."""

    pillar: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class ProofPlace:
    """An open evidence place: its question, and what it is below that (row, column, option)."""

    address: str
    question: str
    code: str
    text: str
    pillar: str
    pillar_name: str
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the place is called: the code of its question, or the beginning of its text."""
        return self.code or shorten(self.text, 24)

    @property
    def short_text(self) -> str:
        """The question, as long as a line or two."""
        return shorten(self.text, SHORT_QUESTION)

    @property
    def below(self) -> str:
        """Row, column and option in one line."""
        return " › ".join(shorten(part, 120) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Proof:
    """A document at a place, with what is marked in it there."""

    place: ProofPlace
    item: EvidenceItem


@dataclass(frozen=True)
class Document:
    """A document with all that it proves; `number` is its place in the whole."""

    number: int
    proofs: tuple[Proof, ...]

    @property
    def item(self) -> EvidenceItem:
        """The document as it stands at its first place."""
        return self.proofs[0].item

    @property
    def place(self) -> ProofPlace:
        """Its first place."""
        return self.proofs[0].place

    @property
    def content(self) -> str:
        """The hash of the file: its own, or of what its web address showed; "" where there is none."""
        return content_of(self.item)

    @property
    def link(self) -> str:
        """What a link inside the binder to this document is called; nothing outside has this address."""
        return f"https://binder.invalid/{self.number}"


@dataclass(frozen=True)
class Package:
    """All evidence that is handed over, in the order of the form."""

    province_code: str
    province: str
    year: int
    agency: str
    agency_code: str
    state: str
    title: str
    instrument: str
    version: int
    approval: Approval | None
    scope: Scope
    scope_title: str
    language: str
    printed_at: datetime
    documents: tuple[Document, ...]
    open_places: int
    proven_places: int

    @cached_property
    def proofs(self) -> tuple[tuple[Document, Proof], ...]:
        """Every proof with its document, by place in the order of the form."""
        pairs = [(document, proof) for document in self.documents for proof in document.proofs]
        order = {proof.place.address: at for at, proof in enumerate(self.in_order)}
        return tuple(sorted(pairs, key=lambda pair: (order[pair[1].place.address], pair[0].number)))

    in_order: tuple[Proof, ...] = ()

    @property
    def name(self) -> str:
        """The beginning of its file names: province, year, version or draft, agency, part."""
        version = f"v{self.approval.number}" if self.approval else "draft"
        part = f"p{self.scope.pillar}" if self.scope.pillar else self.scope.question
        parts = [self.province_code, str(self.year), version, self.agency_code, part]
        return "-".join("".join(c if c.isalnum() or c in "._-" else "_" for c in word) for word in parts if word)


def content_of(item: EvidenceItem) -> str:
    """The hash of a file, or of what a web address showed."""
    return item.sha256 or item.copy


def gather_documents(proofs: tuple[Proof, ...]) -> tuple[Document, ...]:
    """Each document once, in the order in which it is first met; a web address with its copy is one of its own."""
    found: dict[tuple[str, str], list[Proof]] = {}
    for proof in proofs:
        found.setdefault((proof.item.url, content_of(proof.item)), []).append(proof)
    return tuple(Document(number, tuple(some)) for number, some in enumerate(found.values(), start=1))
