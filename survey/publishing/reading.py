"""Reading a file of a year that somebody sends in: its text, what it holds, its faults with their lines. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from survey.instrument.source import Fault, SourceError, SourceNode
from survey.linking.file_lines import line_in_message

FileKind = Literal["instrument", "scheme", "links"]
SHOWN_LETTERS: Final = 160  # of a faulty line
BLOCK_LINES: Final = 200  # of a mapping in which the faulty line is looked for
_NAMED: Final = re.compile(r"['`]([^'`\n]{1,80})['`]")  # what a message quotes: a name or value of the file
_LIST_MARK: Final = re.compile(r"^\s*(?:-\s+)+")


class NotText(ValueError):
    """The file is no text in UTF-8."""


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault with the text of its line; line 0 is none, for what is missing from the whole file."""

    line: int
    where: str
    message: str
    text: str


def decode_file(content: bytes) -> str:
    """The text of a file, letter by letter. Raises NotText."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotText("not a text in UTF-8") from error
    if "\0" in text:
        raise NotText("not a text: it has null characters")
    return text


def checksum_of(text: str) -> str:
    """The SHA-256 of the file with this text."""
    return sha256(text.encode()).hexdigest()


def kind_of(data: SourceNode) -> FileKind:
    """What a file holds, by its keys: a scheme names itself, links have two ends, all else is taken for a form."""
    if "scheme" in data:
        return "scheme"
    return "links" if "from" in data and "to" in data else "instrument"


def unreadable_fault(error: SourceError) -> Fault:
    """What the YAML reader refused, with the line it names."""
    return Fault(line_in_message(str(error)), "file", str(error))


def place_faults(text: str, faults: Iterable[Fault]) -> Sequence[PlacedFault]:
    """The faults with the text of their lines."""
    lines = text.splitlines()

    def line_text(number: int) -> str:
        return lines[number - 1].strip()[:SHOWN_LETTERS] if 0 < number <= len(lines) else ""

    placed = ((_exact_line(lines, f), f) for f in faults)
    return [PlacedFault(number, f.where, f.message, line_text(number)) for number, f in placed]


def _exact_line(lines: Sequence[str], fault: Fault) -> int:
    """The line of a fault: readers know where a mapping starts, and inside it the first line with what they name."""
    if not 0 < fault.line <= len(lines):
        return line_in_message(fault.message) if fault.where == "file" else 0
    block = _block_lines(lines, fault.line)
    for name in _NAMED.findall(fault.message):
        word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
        for number in block:
            if word.search(lines[number - 1]):
                return number
    return fault.line


def _block_lines(lines: Sequence[str], first: int) -> list[int]:
    """The lines of the mapping that starts on a line: those that are indented as far as its first key, or further."""
    key = _LIST_MARK.sub(lambda mark: " " * len(mark[0]), lines[first - 1])
    indent = len(key) - len(key.lstrip())
    block = [first]
    for number in range(first + 1, min(len(lines), first + BLOCK_LINES) + 1):
        line = lines[number - 1]
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        block.append(number)
    return block
