"""Types of a compiled instrument: a year's paper form as frozen data (design, walls 2–4). PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from dgready.localized_text import LocalizedText as LocalizedText
from survey.instrument.answering_mode import ANSWERED_BY_PROVINCE, AnsweringMode
from survey.instrument.conditions import Condition
from survey.instrument.proof.guide import ProofEntry, ProofGuide, Reference, inherited_keys, merge_entries
from survey.instrument.windows import PERIOD_WINDOW, EvidenceWindow, Period

ItemKind = Literal["single", "multi", "text", "number", "url", "month_year", "table", "repeat", "group"]
EvidenceRequirement = Literal["none", "required", "or_url", "each"]
AnswerValue = str | list[str]
SUGGESTIONS = frozenset({"province.name", "user.first_name", "user.last_name", "user.email"})
AnswerValues = Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """An answer option. Picking it opens the items in `then`; `skip_to` hides everything up to that item.

    `code`: the number printed before it; `own`: the paper lacks it, so that it is neither exported nor counted.
    """

    key: str
    label: LocalizedText
    help: LocalizedText = LocalizedText()
    evidence: EvidenceRequirement = "none"
    then: tuple[Item, ...] = ()
    skip_to: str | None = None
    exclusive: bool = False
    window: EvidenceWindow | None = None
    code: str | None = None
    own: bool = False

    @property
    def title(self) -> LocalizedText:
        """The label after the number printed before it."""
        if self.code is None:
            return self.label
        return LocalizedText(f"{self.code} {self.label.th}", f"{self.code} {self.label.to('en')}")


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A table row, or a heading between rows (key None). `then` maps "column=option" to the items it opens.

    A row that is not `required` may stay empty: nothing in it counts as missing.
    """

    key: str | None
    label: LocalizedText
    help: LocalizedText = LocalizedText()
    then: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    window: EvidenceWindow | None = None
    required: bool = True


@dataclass(frozen=True, eq=False)
class TableColumn:
    """A table column. `when` ("column=option") shows its cell only in rows with that earlier answer."""

    key: str
    label: LocalizedText
    kind: ItemKind
    options: tuple[Option, ...] = ()
    evidence: EvidenceRequirement = "none"
    required: bool = True
    when: str | None = None
    window: EvidenceWindow | None = None

    @cached_property
    def by_key(self) -> dict[str, Option]:
        """Options by key."""
        return {o.key: o for o in self.options}


@dataclass(frozen=True, eq=False)
class Item:
    """One item of the form. `parent` and `opened_by` give its position in the tree; `ask` is its wording.

    `question`: id of the item that owns the answer row; `repeat`: id of the innermost repeat around it.
    `window`: its evidence window, its own or inherited; those of options, rows and columns are None where not given.
    `own`: the paper does not ask it, so that it is neither exported nor scored. `suggest`: what the system knows
    of it (SUGGESTIONS), offered while it is empty. `tell_complete`: the national report tells who picked everything.
    """

    id: str
    code: str | None
    kind: ItemKind
    ask: LocalizedText
    help: LocalizedText
    section: str
    pillar: str | None
    sub_pillar: str | None
    parent: str | None
    opened_by: str | None
    question: str | None
    repeat: str | None
    required: bool
    scored: bool
    evidence: EvidenceRequirement
    order: int
    options: tuple[Option, ...] = ()
    rows: tuple[TableRow, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    items: tuple[Item, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    integer: bool = True
    unit: LocalizedText = LocalizedText()
    format: str | None = None
    when: Condition | None = None
    window: EvidenceWindow = PERIOD_WINDOW
    own: bool = False
    suggest: str | None = None
    tell_complete: bool = False

    @cached_property
    def by_key(self) -> dict[str, Option]:
        """Options by key."""
        return {o.key: o for o in self.options}

    @cached_property
    def answer_rows(self) -> tuple[tuple[str, TableRow], ...]:
        """The table rows that are answered, with their keys (headings left out)."""
        return tuple((r.key, r) for r in self.rows if r.key is not None)

    @cached_property
    def children(self) -> tuple[Item, ...]:
        """Every item directly below this one, in document order."""
        opened = [i for o in self.options for i in o.then]
        opened += [i for r in self.rows for items in r.then.values() for i in items]
        return tuple(sorted([*opened, *self.items], key=lambda i: i.order))

    def descendants(self) -> Iterator[Item]:
        """Every item below this one, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def card(self) -> Iterator[Item]:
        """The items of a question card: this question and the items stored in the same answer row."""
        yield self
        yield from (i for i in self.descendants() if i.question == self.id)

    @cached_property
    def or_url(self) -> dict[str, str]:
        """For each option where a URL may stand for the file: the id of the URL item it opens."""
        return {o.key: next(i.id for i in o.then if i.kind == "url") for o in self.options if o.evidence == "or_url"}


@dataclass(frozen=True, slots=True)
class SkipRule:
    """A "go to" of the paper form: picking `option` of `source` skips the item that carries this rule."""

    source: str
    option: str


@dataclass(frozen=True, slots=True)
class SubPillar:
    """A sub-pillar, or (with `parent`) a part of one."""

    code: str
    pillar: str
    name: LocalizedText
    about: LocalizedText = LocalizedText()
    parent: str | None = None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Pillar:
    """A pillar with its sub-pillars and their parts, in order."""

    number: str
    name: LocalizedText
    scored: bool
    sub_pillars: tuple[SubPillar, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a term of the form means, said once; `words` are the Thai spellings by which its uses are found."""

    key: str
    term: LocalizedText
    text: LocalizedText
    source: LocalizedText
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A section: one page of the form, with the definitions of the terms it uses."""

    id: str
    title: LocalizedText
    help: LocalizedText
    pillar: str | None
    sub_pillar: str | None
    items: tuple[Item, ...]
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsistencyCheck:
    """A consistency check: `condition` must be true whenever all its answers are given; `message` reports it false."""

    id: str
    address: str
    condition: Condition
    message: LocalizedText


RESPONDENTS: Final = ("province", "department")  # the values of accounts.respondents.RespondentKind


@dataclass(frozen=True, eq=False)
class CompiledInstrument:
    """One version of a year's instrument, compiled and frozen. Items are in document order.

    `links_checksum`: of the links into this form that the installation stores, as its row says; empty for none.
    """

    key: str
    year: int
    version: int
    title: LocalizedText
    period: Period
    pillars: tuple[Pillar, ...]
    sections: tuple[Section, ...]
    items: Mapping[str, Item]
    skips: Mapping[str, tuple[SkipRule, ...]]
    checks: tuple[ConsistencyCheck, ...]
    definitions: tuple[Definition, ...] = ()
    proofs: Mapping[str, ProofEntry] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    links_checksum: str = ""
    respondents: str = "province"  # who answers it: one of RESPONDENTS
    answering: AnsweringMode = ANSWERED_BY_PROVINCE
    has_one_window: bool = True  # its period is the evidence window of every item; else windows are given per item

    def proof_of(self, address: str) -> ProofGuide:
        """What counts as proof at an evidence place, inherited from what is above it; empty where nothing is said."""
        return merge_entries(self.proofs, inherited_keys(self.items, address))

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        """The items that own an answer row, in document order."""
        return tuple(i for i in self.items.values() if i.question == i.id)

    @cached_property
    def suggesting(self) -> dict[str, tuple[Item, ...]]:
        """The items with a suggestion, by the question that they belong to."""
        found: dict[str, tuple[Item, ...]] = {}
        for item in self.items.values():
            if item.suggest and item.question:
                found[item.question] = (*found.get(item.question, ()), item)
        return found

    @cached_property
    def by_section(self) -> dict[str, Section]:
        """Sections by id."""
        return {s.id: s for s in self.sections}

    @cached_property
    def checks_by_address(self) -> dict[str, tuple[ConsistencyCheck, ...]]:
        """The checks that read an answer, by its address; in document order."""
        found: dict[str, tuple[ConsistencyCheck, ...]] = {}
        for check in self.checks:
            for address in dict.fromkeys(check.condition.addresses()):
                found[address] = (*found.get(address, ()), check)
        return found

    @cached_property
    def sub_pillars(self) -> dict[str, SubPillar]:
        """Sub-pillars and their parts by code."""
        return {s.code: s for p in self.pillars for s in p.sub_pillars}

    def questions_of(self, section: str) -> tuple[Item, ...]:
        """The questions of one section."""
        return tuple(q for q in self.questions if q.section == section)
