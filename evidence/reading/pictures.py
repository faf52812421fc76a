"""Reading pictures of pages with tesseract, Thai and English, where it is installed (OCR). PURE."""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from dgready.children import ChildFault, run_limited_child
from dgready.limits import ChildLimits
from dgready.thai_repair import is_thai, repair_with_origins
from evidence.reading.pages import SCALE

PROGRAM: Final = "tesseract"
LANGUAGES: Final = "tha+eng"
_LAYOUT: Final = "3"  # columns and tables are found; "1" would also turn the page, and often wrongly
_LEAST_SURE: Final = 20.0  # percent; below that a word is noise
_UPRIGHT_SURE: Final = 60.0  # percent, the mean of a page that is read the right way up
_JOINED: Final = 0.45  # of the height: Thai words closer than that have no blank between them
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PictureText:
    """What was read off a picture: boxes as dgready.guard.readers.pdf_texts has them; `sure` in percent."""

    text: str
    boxes: array[int]
    sure: float


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box
    sure: float


def is_installed() -> bool:
    """Whether pictures can be read on this machine."""
    return shutil.which(PROGRAM) is not None


def read_picture(png: bytes, limits: ChildLimits) -> PictureText:
    """The text of a picture. Raises ChildFault where it cannot be read, or not within the limits."""
    # One thread: the machine serves pages meanwhile.
    command = ["env", "OMP_THREAD_LIMIT=1", PROGRAM, "stdin", "stdout", "-l", LANGUAGES, "--psm", _LAYOUT, "tsv"]
    with tempfile.TemporaryFile() as file:
        file.write(png)
        file.seek(0)
        done = run_limited_child(command, limits, given=file)
    if done.code:
        raise ChildFault(f"{PROGRAM}: exit {done.code}: {done.errors[-200:].decode(errors='replace')}")
    return read_table(done.output.decode("utf-8", "replace"))


def is_upright(read: PictureText) -> bool:
    """Whether it looks as if the picture was read the right way up."""
    return read.sure >= _UPRIGHT_SURE


def turn_back(boxes: array[int], turn: int) -> array[int]:
    """Boxes on a picture that was turned `turn` degrees against the clock, as boxes on the picture before."""
    size = len(boxes) // 4
    left, top, right, bottom = (boxes[n * size : (n + 1) * size] for n in range(4))

    def far(edges: array[int]) -> array[int]:
        return array("H", [SCALE - edge for edge in edges])

    if turn == 90:
        return far(bottom) + left + far(top) + right
    if turn == 270:
        return top + far(right) + bottom + far(left)
    return far(right) + far(bottom) + far(left) + far(top) if turn == 180 else boxes


def read_table(table: str) -> PictureText:
    """tesseract's table of words (TSV) as text with the place of each character."""
    rows = [line.split("\t", 11) for line in table.splitlines()[1:]]
    rows = [row for row in rows if len(row) == 12]
    page = next((row for row in rows if row[0] == "1"), None)
    if page is None:
        return PictureText("", array("H"), 0.0)
    width, height = max(float(page[8]), 1), max(float(page[9]), 1)
    words = [row for row in rows if row[0] == "5" and row[11].strip()]
    lines = [[_word(row) for row in group] for _key, group in groupby(words, key=lambda row: row[2:5])]
    text, boxes, sures = [], [], []
    for line in lines:
        kept = [word for word in line if word.sure >= _LEAST_SURE]
        for character, box in _characters(kept):
            text.append(character)
            boxes.append(box)
        sures += [word.sure for word in line for _each in word.text]
    repaired, origins = repair_with_origins("".join(text))
    placed = [boxes[origin] for origin in origins]
    sizes = (width, height, width, height)
    planes = [[min(max(int(b[n] / sizes[n] * SCALE), 0), SCALE) for b in placed] for n in range(4)]
    sure = sum(sures) / len(sures) if sures else 0.0
    return PictureText(repaired, array("H", [edge for plane in planes for edge in plane]), sure)


def _word(row: Sequence[str]) -> _Word:
    left, top, width, height = (float(value) for value in row[6:10])
    return _Word(row[11].strip(), (left, top, left + width, top + height), float(row[10]))


def _characters(line: Sequence[_Word]) -> Iterator[tuple[str, Box]]:
    """The characters of a line, each with its share of the word's box, and a line end."""
    if not line:
        return
    top, bottom = min(word.box[1] for word in line), max(word.box[3] for word in line)
    last: _Word | None = None
    for word in line:
        if last is not None and not _belong_together(last, word, bottom - top):
            yield " ", (last.box[2], top, word.box[0], bottom)
        left, right = word.box[0], word.box[2]
        step = (right - left) / len(word.text)
        for number, character in enumerate(word.text):
            yield character, (left + number * step, top, left + (number + 1) * step, bottom)
        last = word
    yield "\n", (last.box[2] if last else 0, top, last.box[2] if last else 0, bottom)


def _belong_together(one: _Word, two: _Word, height: float) -> bool:
    """Whether there is no blank between two Thai words: the reader tells every word of Thai apart."""
    return is_thai(one.text[-1]) and is_thai(two.text[0]) and two.box[0] - one.box[2] < _JOINED * height
