"""The answer to a question in brief: what it says, never how much of it is filled in. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dgready.shorten import shorten
from reports.content.structure import LineState, ReportLine
from reports.content.wording import WORDING

NAMED: Final = 3  # rows, options, entries of an answer that are named
MAX_NAME: Final = 60  # characters of a name
MAX_VALUE: Final = 110  # characters of a value
MAX_BRIEF: Final = 400  # characters of an answer in brief
SHUT: Final = ("off", "closed")
_FIELDS: Final = ("field", "cell")


def brief_answer(line: ReportLine, language: str) -> tuple[LineState, str]:
    """The state of a question and its answer in brief; other questions below it are not told of."""
    if line.state in SHUT:
        return line.state, line.text
    said = _said(line, language)
    if not any(_is_answered(field) for field in _fields(line)):
        missing = WORDING["unanswered"].to(language)
        return "unanswered", line.text if line.kind == "field" and line.text else missing
    missing_count = sum(field.required and field.state == "unanswered" for field in _fields(line))
    if missing_count:
        said.append(WORDING["missing"].to(language).format(n=missing_count))
    return "answered", shorten("; ".join(said), MAX_BRIEF)


def _said(line: ReportLine, language: str) -> list[str]:
    """What a line says, in parts."""
    if line.kind == "table":
        return [*_table(line, language), *_below(line, language)]
    if line.kind == "repeat":
        named = [name for entry in line.children if (name := _entry_name(entry))]
        return [_some(named, language)] if named else [line.text]
    if line.kind == "field" and line.state == "answered":
        own = _some([_name(one) for one in line.picked], language) if line.picked else shorten(line.text, MAX_VALUE)
        return [own, *_below(line, language)]
    return _below(line, language)


def _below(line: ReportLine, language: str) -> list[str]:
    """What the lines below say that are answered, each with its name; the first few."""
    told = []
    for child in line.children:
        if child.kind in ("row", "heading") or child.is_question or not _is_answered(child, within=True):
            continue
        told.append(f"{_name(child.label)}: {', '.join(_said(child, language))}")
    return _first(told, language)


def _table(line: ReportLine, language: str) -> list[str]:
    """The rows by what they say; where each says something else or gives figures, row by row."""
    rows = [(row, [c for c in row.children if c.kind == "cell" and _is_answered(c)]) for row in line.children]
    answered = [(row, cells) for row, cells in rows if cells]
    columns = {cell.label for _row, cells in answered for cell in cells}
    by_words: dict[str, list[str]] = {}
    for row, cells in answered:
        words = ", ".join(_cell(cell, len(columns) > 1, language) for cell in cells)
        by_words.setdefault(words, []).append(_name(row.label))
    choices = all(cell.type == "single" for _row, cells in answered for cell in cells)
    if choices:
        return _first([f"{words}: {_some(names, language)}" for words, names in by_words.items()], language)
    return _first([f"{name}: {words}" for words, names in by_words.items() for name in names], language)


def _cell(cell: ReportLine, with_column: bool, language: str) -> str:
    said = _some([_name(one) for one in cell.picked], language) if cell.picked else shorten(cell.text, MAX_VALUE)
    return f"{_name(cell.label)} {said}" if with_column else said


def _entry_name(entry: ReportLine) -> str:
    """What an entry of a repeat is called: the first thing it says."""
    first = next((field for field in _fields(entry) if _is_answered(field)), None)
    return shorten("; ".join(first.picked) or first.text, MAX_VALUE) if first else ""


def _fields(line: ReportLine) -> Iterator[ReportLine]:
    """The fields of a question that are asked, in order, without those of other questions below it."""
    if line.kind in _FIELDS and line.state not in SHUT:
        yield line
    for child in line.children:
        if not child.is_question:
            yield from _fields(child)


def _is_answered(line: ReportLine, *, within: bool = False) -> bool:
    if within:
        return any(_is_answered(field) for field in _fields(line))
    return line.kind in _FIELDS and line.state == "answered"


def _some(names: Sequence[str], language: str) -> str:
    return ", ".join(_first(names, language))


def _first(told: Sequence[str], language: str) -> list[str]:
    """The first few; the last of them says how many more there are."""
    shown, left = list(told[:NAMED]), len(told) - NAMED
    if left > 0:
        shown[-1] += " " + WORDING["more"].to(language).format(n=left)
    return shown


def _name(label: str) -> str:
    """A label in brief: without what stands in brackets after it."""
    head = label.split(" (", 1)[0].strip()
    return shorten(head if len(head) > 3 else label, MAX_NAME).rstrip(":")
