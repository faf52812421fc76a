"""Links between the questions of one year's instrument and the next, kept as a reviewed file. PURE.

    from: {instrument: dg-x, year: 2570}
    to: {instrument: dg-x, year: 2571}
    same: [T0, T1]                                  # nothing changed
    questions:
      - {from: T2, to: T2b, relation: reworded}
      - {from: T4, to: [T4, T9], relation: split, items: {T4.note: T9.note}}
      - {from: [T5, T6], to: T5, relation: merged}
      - {from: T7, to: T7, relation: reworded, options: {T7: {doing: started, unknown: ~}}}
      - {from: T8, relation: dropped}

`items`: old address (item, item/row/column) → new one; what is not named keeps its address. `options`: by old item
or item/row/column: old key → new key, or nothing. `comparable: false`: the question asks for something else now, so
that last year's answer is neither carried nor compared. What the new form asks besides is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Relation = Literal["same", "reworded", "split", "merged", "dropped"]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """The link of one old question to its new ones, or of several old ones to one."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    relation: Relation
    comparable: bool = True
    items: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class YearLinks:
    """All links from one instrument to the next, and the questions added."""

    links: tuple[QuestionLink, ...]
    added: tuple[str, ...]

    def links_to(self, question: str) -> tuple[QuestionLink, ...]:
        """The links that end in a question of the new form."""
        return tuple(link for link in self.links if question in link.new)

    @property
    def changed(self) -> tuple[QuestionLink, ...]:
        """The links of changed questions, in the order of the file."""
        return tuple(link for link in self.links if link.relation != "same")
