"""Reads the plain text of a paper form: segments that begin at a box, a code, a number or a note. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dgready.thai import normalise_text

FRONT_LABEL = 80  # letters; a longer line in front of the first question is running text
SHORT_CELL = 15  # letters; so short a line after a closed abbreviation is another cell of a table's head
GLYPH = re.compile(r"[\ue000-\uf6ff\uf71b-\uf8ff\u2610-\u2612\u25a1\u25cb\u25ef]")
CODE = r"[A-Z]\s?\.?\s?\d{1,2}(?:\.\s?\d{1,2}|\.?[a-d](?![a-z])\d?)*|[A-Z](?=\.\s)"
NUMBER = r"\d{1,2}(?:\.\d{1,2})+(?!\d|\.\d)[.)]?|\d{1,2}[.,)](?!\d)|\(\d{1,2}\)"
_HEAD = re.compile(rf"\s*(?:(?P<code>{CODE})(?![A-Za-z0-9])|(?P<number>{NUMBER}))[.)]?\s*(?=\S)")
_BARE = re.compile(rf"\s*(?:{CODE}|{NUMBER})\s*\Z")
_INLINE = re.compile(r"(?<=[\s(])(?:[GP]\.?\d[\d.]*\.?[a-d]?)(?=\s*(?:โปรด)?ระบุ)|(?<=__ )\d\.\d (?=[ก-๙])")
NOTE_START = re.compile(r"\*{0,2}\s?(?:หมายเหตุ|หมายเหต:ุ|ตัวอย่าง|ตัวอยา่ง)")
_STARTERS = re.compile(rf"\s*(?:{NOTE_START.pattern}|ส่วนที่ \d|\[[0-9A-Z]|-\s|โปรดระบุ|กรณี|\d\.\d \[)")
_ONLY_MARK = re.compile(r"\(?แนบ(?:เอกสาร)?หล(?:ัก|กั)ฐาน[^)]*\)?\Z|หล(?:ัก|กั)ฐาน\)\Z")
HEADING = re.compile(r"\[[0-9A-Z][^\]]*\]|\d\.\d \[|ส่วนที่ \d")
_ADDRESS_LINE = re.compile(r"\s*https?://\S+\s*\Z")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the paper: its lines joined, what it begins with, and whether a blank line stands before.

    `head`: its code or number as printed.
    """

    order: int
    text: str
    box: bool = False
    code: str = ""
    number: str = ""
    after_blank: bool = False
    head: str = ""

    @property
    def is_note(self) -> bool:
        """Whether it begins as a note or an example."""
        return bool(NOTE_START.match(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of a part or a sub-pillar."""
        return bool(HEADING.match(self.text))

    @property
    def is_plain(self) -> bool:
        """Whether it begins with nothing that starts a new place."""
        return not (self.box or self.code or self.number or self.is_note or self.is_heading)

    @property
    def is_evidence_mark(self) -> bool:
        """Whether it says only that evidence is to be attached."""
        return bool(_ONLY_MARK.match(self.text))


def normalise_code(code: str) -> str:
    """Normalise a code: without the dots and spaces that the paper is careless about: "P. 2.1.4" → "p2-1-4"."""
    return re.sub(r"^([a-z])-", r"\1", "-".join(re.findall(r"\d+|[A-Za-z]+", code)).lower())


def read_paper(text: str) -> list[Segment]:
    """The segments of a paper form, in order; lines that belong together are joined as Thai is written."""
    segments: list[Segment] = []
    for lines, box, after_blank in _pieces(normalise_text(text)):
        joined = join_lines(lines)
        head = _HEAD.match(joined)
        code = normalise_code(head["code"]) if head and head["code"] else ""
        number = head["number"].strip("().,") if head and head["number"] else ""
        body = joined[head.end() :] if head else joined
        if body.strip(" ._,:"):
            printed = head[0].strip() if head else ""
            segments.append(Segment(len(segments), body.strip(), box, code, number, after_blank, printed))
    return segments


def _pieces(text: str) -> Iterator[tuple[list[str], bool, bool]]:
    """Line groups with whether a box stands before them and whether a blank line does."""
    lines: list[str] = []
    box = blank = was_blank = False
    front = True  # before the first code, lines are titles and labels, not wrapped texts
    for line in text.splitlines():
        if not line.strip() or (_ADDRESS_LINE.match(line) and was_blank):
            was_blank = True
            continue
        parts = GLYPH.split(line)
        front = front and not ((head := _HEAD.match(line)) and head["code"])
        label = front and len(line) < FRONT_LABEL and not (lines and NOTE_START.match(lines[0]))
        cell = bool(lines) and lines[-1].endswith("ฯ") and len(line) < SHORT_CELL
        new = cell or label or was_blank or len(parts) > 1 or _HEAD.match(line) or _STARTERS.match(line)
        if lines and new and not _BARE.match(" ".join(lines)):
            yield lines, box, blank
            lines, box, blank = [], False, was_blank
        if not lines:
            blank = was_blank
        was_blank = False
        for number, part in enumerate(parts):
            if number and lines and not _BARE.match(" ".join(lines)):
                yield lines, box, blank
                lines, blank = [], False
            box = box or number > 0
            for place, inner in enumerate(_split_inline(part)):
                if place:
                    yield lines, box, blank
                    lines, box, blank = [], False, False
                if inner.strip():
                    lines.append(inner.strip())
    if lines:
        yield lines, box, blank


def _split_inline(line: str) -> list[str]:
    """A line cut before codes of fields that stand inside it, unless in an open parenthesis."""
    cuts = [
        m.start()
        for m in _INLINE.finditer(line)
        if line[: m.start()].count("(") <= line[: m.start()].count(")") and line[: m.start()].strip()
    ]
    edges = [0, *cuts, len(line)]
    return [line[a:b] for a, b in pairwise(edges)]


def join_lines(lines: list[str]) -> str:
    """Lines of one paragraph as one text: no space between Thai words, one space beside anything else."""
    text = ""
    for line in lines:
        thai = bool(text) and _is_thai(text[-1]) and _is_thai(line[0])
        thai = thai and not (text.endswith("ฯ") or line.startswith("พ.ศ."))
        text += ("" if not text or thai or text.endswith(("/", "(")) else " ") + line
    text = re.sub(r"[_.]{3,}", " … ", text)
    return re.sub(r"\s{2,}", " ", text).strip()


def _is_thai(character: str) -> bool:
    return "\u0e01" <= character <= "\u0e4e"
