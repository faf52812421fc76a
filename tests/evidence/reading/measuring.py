"""How well suggestions find the passages of generated documents: whether the right one is among the first three."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from dgready.thai_repair import skeleton
from evidence.reading.approximate import find_approximate
from evidence.reading.document_dates import document_date
from evidence.reading.extracting import read_document
from evidence.reading.suggesting import PlaceTerms, Suggestion, suggest
from tests.evidence.reading.documents import Made

FIRST = 3


@dataclass
class Figures:
    """Counts over the documents that were looked at."""

    documents: int = 0
    passages: int = 0
    pages: int = 0
    dates: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    slowest: float = 0.0

    @property
    def passage_share(self) -> float:
        """Of documents with the right passage among the first three."""
        return self.passages / max(self.documents, 1)

    @property
    def page_share(self) -> float:
        """Of documents with the right page among those of the first three."""
        return self.pages / max(self.documents, 1)


def is_right(made: Made, found: Suggestion) -> bool:
    """Whether a suggestion is the passage: on its page, with its own words but for a few misread letters."""
    core = skeleton(made.topic.core)
    return found.page == made.page and find_approximate(skeleton(found.quote), core, len(core) // 5) is not None


def measure(documents: Iterable[Made]) -> Figures:
    """Reads each document as an upload would be and asks for suggestions."""
    figures = Figures()
    for made in documents:
        with tempfile.NamedTemporaryFile() as file:
            file.write(made.content)
            file.flush()
            began = time.perf_counter()
            text = read_document(Path(file.name), made.kind, settings.TEXT_LIMITS)
            figures.seconds[made.way] += time.perf_counter() - began
        began = time.perf_counter()
        found = suggest(PlaceTerms(made.topic.option, made.topic.question), [text])
        if figures.documents:  # the first loads the dictionary
            figures.slowest = max(figures.slowest, time.perf_counter() - began)
        figures.documents += 1
        right = any(is_right(made, each) for each in found[:FIRST])
        figures.passages += right
        on_page = any(each.page == made.page for each in found[:FIRST])
        figures.pages += on_page
        own = document_date(text)
        dated = own is not None and (own.day.day, own.day.month) == (made.day, made.month)
        figures.dates += dated
        if not right or not on_page or not dated:
            first = found[0].quote[:60] if found else "nothing"
            figures.wrong.append(
                f"{made.number} {made.way} {made.topic.kind} page {made.page}: {right=} {dated=} {first}"
            )
    return figures
