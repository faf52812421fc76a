"""Links between the questions of one year's form and the next, kept as a reviewed file (docs/links.md). PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from survey.instrument.addresses import option_address
from survey.instrument.schema import CompiledInstrument, LocalizedText

Relation = Literal["same", "reworded", "split", "merged", "dropped"]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
NO_NOTE: Final = LocalizedText("")


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """The link of one old question to its new ones, or of several old ones to one.

    `figures`: of a published figure, its option → the new address it is about (None: of no field of the new form).
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    relation: Relation
    comparable: bool = True
    items: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    figures: Mapping[str, str | None] = field(default_factory=dict)
    note: LocalizedText = NO_NOTE

    def figure_address(self, option: str, new: CompiledInstrument) -> str | None:
        """The address that a published figure of this option is about: as the file says, else the equal option."""
        if option in self.figures:
            return self.figures[option]
        item = new.items[self.new[0]] if len(self.new) == 1 else None
        return option_address(item.id, option) if item and option in item.by_key else None


@dataclass(frozen=True, slots=True)
class SubPillarLink:
    """What a sub-pillar of the earlier framework became."""

    old: str
    new: tuple[str, ...]
    relation: Relation


@dataclass(frozen=True, eq=False)
class YearLinks:
    """All links from one form to the next, and the questions added. `year`: the earlier one.

    `published`: the earlier form is not held as data; its questions go by the codes of the published figures.
    """

    links: tuple[QuestionLink, ...]
    added: tuple[str, ...]
    year: int = 0
    published: bool = False
    sub_pillars: tuple[SubPillarLink, ...] = ()

    def links_to(self, question: str) -> tuple[QuestionLink, ...]:
        """The links that end in a question of the new form."""
        return tuple(link for link in self.links if question in link.new)

    def link_from(self, question: str) -> QuestionLink | None:
        """The link that begins at a question of the earlier form."""
        return next((link for link in self.links if question in link.old), None)

    def sub_pillar_from(self, code: str) -> SubPillarLink | None:
        """What a sub-pillar of the earlier framework became."""
        return next((link for link in self.sub_pillars if link.old == code), None)

    def sub_pillars_to(self, code: str) -> tuple[SubPillarLink, ...]:
        """The sub-pillars of the earlier framework that this one was."""
        return tuple(link for link in self.sub_pillars if code in link.new)

    @property
    def changed(self) -> tuple[QuestionLink, ...]:
        """The links of changed questions, in the order of the file."""
        return tuple(link for link in self.links if link.relation != "same")
