"""The lines of a report as the paper would hold them: without what only this form asks or offers. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reports.content.structure import ReportContent, ReportLine


def content_on_paper(content: ReportContent) -> ReportContent:
    """The content without items of our own; a field answered with an option of our own is empty."""
    sections = tuple(replace(section, lines=tuple(_lines(section.lines))) for section in content.sections)
    return replace(content, sections=sections)


def _lines(lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
    for line in lines:
        if line.own == "item":
            continue
        if line.own == "answer":
            line = replace(line, state="unanswered", text="", picked=(), value=None, required=False, own="")
        if any(below.own for below in line.walk()):
            line = replace(line, children=tuple(_lines(line.children)))
        yield line
