"""The glossary for people: the terms of docs/glossary.md in Thai and English, without their names in the code. PURE."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_CODE = re.compile(r"`([^`]*)`")
_MODULES = re.compile(r"\s*[(;]?[^.;(]*`[\w.]+\.[\w.]+`[^.;)]*[).]?")  # a part of a sentence that names code


@dataclass(frozen=True, slots=True)
class Term:
    """One thing: its word in Thai and in English, and what it means, in English."""

    thai: str
    english: str
    meaning: str


@dataclass(slots=True)
class TermGroup:
    """Terms under one heading."""

    title: str
    terms: list[Term] = field(default_factory=list)


def parse_glossary(source: str) -> tuple[TermGroup, ...]:
    """The groups of terms, each sorted as in the file; rows that have no Thai word are left out."""
    groups: list[TermGroup] = []
    for line in source.splitlines():
        if line.startswith("## "):
            groups.append(TermGroup(line.removeprefix("## ").strip()))
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if not groups or len(cells) != 4 or not re.search(r"[\u0e00-\u0e7f]", cells[0]):
            continue
        meaning = _CODE.sub(r"\1", _MODULES.sub("", cells[3]))
        groups[-1].terms.append(Term(cells[0], cells[1], meaning[:1].upper() + meaning[1:]))
    return tuple(group for group in groups if group.terms)
