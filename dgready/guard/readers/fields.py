"""Fields of a Word document: those that call other programs or fetch from other machines. PURE."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from dgready.guard.readers.markup import attribute, elements, local
from dgready.guard.readers.remote import is_remote, is_share
from dgready.guard.readers.verdict import Active

_DDE: Final = re.compile(r"\s*\\?\s*(DDE|DDEAUTO)\b", re.IGNORECASE)
_FETCHES: Final = re.compile(r"\s*(INCLUDETEXT|INCLUDE|RD|LINK|INCLUDEPICTURE|IMPORT)\b(.*)", re.IGNORECASE | re.DOTALL)
_PICTURES: Final = ("INCLUDEPICTURE", "IMPORT")
_QUOTED_CODES: Final = re.compile(r"\s*QUOTE((?:\s+\d+)+)\s*\Z", re.IGNORECASE)
_WORDS: Final = re.compile(r'"([^"]*)"|(\S+)')


def field_dangers(package: zipfile.ZipFile, name: str) -> Iterator[Active]:
    """What the fields of a part do when they are updated."""
    for code in _field_codes(package, name):
        if _DDE.match(code):
            yield Active.DDE
        elif match := _FETCHES.match(code):
            test = is_share if match[1].upper() in _PICTURES else is_remote
            words = [(a or b).replace("\\\\", "\\") for a, b in _WORDS.findall(match[2])]
            raw = [a or b for a, b in _WORDS.findall(match[2])]
            if any(test(word) for word in (*words, *raw)):
                yield Active.LINK


def _field_codes(package: zipfile.ZipFile, name: str) -> Iterator[str]:
    """The code of each field, of those inside others as well; it may be spread over many runs."""
    open_codes: list[str] = []
    results: list[bool] = []  # whether the field on top is past its code
    for event, element in elements(package, name):
        tag = local(element.tag)
        if event == "start" and tag == "fldSimple":
            yield attribute(element, "instr")
        elif event == "end" and tag == "instrText" and open_codes and not results[-1]:
            open_codes[-1] += element.text or ""
        elif event == "start" and tag == "fldChar":
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                open_codes.append("")
                results.append(False)
            elif kind == "separate" and results:
                results[-1] = True
            elif kind == "end" and open_codes:
                yield from _close_field(open_codes, results)
    while open_codes:
        yield from _close_field(open_codes, results)


def _close_field(open_codes: list[str], results: list[bool]) -> Iterator[str]:
    """The code of the innermost field; what it quotes by numbers becomes code of the field around it."""
    code = open_codes.pop()
    results.pop()
    yield code
    if open_codes and not results[-1] and (quoted := _QUOTED_CODES.match(code)):
        open_codes[-1] += "".join(chr(int(n)) for n in quoted[1].split() if int(n) < 0x110000)
