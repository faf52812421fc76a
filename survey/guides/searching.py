"""Searching the guides: sections that hold every word of the query, by substring, since Thai has no spaces. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dgready.typed.characters import clean_line
from survey.guides.rendering import Guide, GuideSection

EXCERPT_LENGTH = 140  # characters


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A section that matches, with the text around the first match."""

    guide: Guide
    section: GuideSection
    excerpt: str


def search_guides(guides: Iterable[Guide], query: str) -> list[FoundSection]:
    """The sections that hold every word of the query, in their heading first."""
    words = comparable(query).split()
    if not words:
        return []
    found: list[tuple[bool, FoundSection]] = []
    for guide in guides:
        for section in guide.sections:
            title, text = comparable(section.title), comparable(section.text)
            if all(word in title or word in text for word in words):
                in_title = all(word in title for word in words)
                found.append((not in_title, FoundSection(guide, section, _excerpt(section.text, words))))
    return [section for _rank, section in sorted(found, key=lambda pair: pair[0])]


def comparable(text: str) -> str:
    """A text as it is compared: one spelling of each letter, small letters, single spaces."""
    return clean_line(text).replace("\u0e4d\u0e32", "\u0e33").casefold()


def _excerpt(text: str, words: Iterable[str]) -> str:
    """The text around the first word that occurs in it, else its beginning."""
    line = " ".join(text.split())
    places = [place for word in words if (place := comparable(line).find(word)) >= 0]
    start = max(min(places, default=0) - EXCERPT_LENGTH // 3, 0)
    # Cut at a space where one is near, so that no word begins in its middle.
    if start and (space := line.find(" ", start, start + EXCERPT_LENGTH // 3)) > 0:
        start = space + 1
    end = start + EXCERPT_LENGTH
    return ("… " if start else "") + line[start:end].strip() + (" …" if end < len(line) else "")
