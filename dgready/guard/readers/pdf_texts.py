"""Text of PDF pages with the box of each character, by pypdfium2; run in the child process of the guard. PURE."""

from __future__ import annotations

import ctypes
from array import array
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import pi
from typing import Any, BinaryIO, Final

import pypdfium2
import pypdfium2.raw as pdfium

from dgready.glyph_layout import Glyph, lay_out
from dgready.thai_repair import ABOVE_OR_BELOW, repair_with_origins, sound_glyph, unmapped_share

SCALE: Final = 10_000  # boxes are in parts of the page as it is shown
_MARKS: Final = ABOVE_OR_BELOW | {chr(code) for code in range(0xF700, 0xF71B)}
_SAMPLE: Final = 40  # characters whose angle tells how the text of a page runs


def pdf_pages(file: BinaryIO, most_pages: int, most_characters: int) -> Iterator[dict[str, Any]]:
    """Each page: width and height in points as it is shown, text, boxes, and what speaks against its text."""
    document = pypdfium2.PdfDocument(file)
    left = most_characters
    for number in range(min(len(document), most_pages)):
        page = document[number]
        try:
            read = _page(page, left)
        finally:
            page.close()
        left -= len(read["text"])
        yield read
        if left <= 0:
            return


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the page lies: from the file's own places to parts of the page as it is shown."""

    ax: float
    bx: float
    cx: float
    ay: float
    by: float
    cy: float

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        x1, x2 = self.ax * left + self.bx * bottom + self.cx, self.ax * right + self.bx * top + self.cx
        y1, y2 = self.ay * left + self.by * bottom + self.cy, self.ay * right + self.by * top + self.cy
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _frame(page: Any) -> _Frame:
    """By asking pdfium for three points, which knows of crop box and rotation."""
    width, height = page.get_size()
    size = 1 << 20
    points = []
    for x, y in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0)):
        px, py = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, size, size, 0, x, y, ctypes.byref(px), ctypes.byref(py))
        points.append((px.value / size * width, py.value / size * height))
    (x0, y0), (x1, y1), (x2, y2) = points
    return _Frame((x1 - x0) / 1000, (x2 - x0) / 1000, x0, (y1 - y0) / 1000, (y2 - y0) / 1000, y0)


def _page(page: Any, most: int) -> dict[str, Any]:
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        glyphs, unsure = _glyphs(textpage, _frame(page), most)
        turn = _turn(textpage, page.get_rotation())
    finally:
        textpage.close()
    if turn:
        turned = [Glyph(g.character, _turned(g.box, turn), _turned(g.ink, turn), g.unsure) for g in glyphs]
        text, origins = lay_out(turned)
    else:
        text, origins = lay_out(glyphs)
    raised = sum(glyph.unsure and glyph.character != sound_glyph(glyph.character, True) for glyph in glyphs)
    drawn = unmapped_share("".join(sound_glyph(glyph.character) for glyph in glyphs))
    repaired, before = repair_with_origins(text)
    boxes = _boxes([origins[i] for i in before], glyphs, width, height)
    return {
        "width": round(width, 1),
        "height": round(height, 1),
        "text": repaired,
        "boxes": b64encode(boxes.tobytes()).decode("ascii"),
        "unmapped": round(max(drawn, (unsure - raised) / max(len(glyphs), 1)), 4),
        "pictures": _has_pictures(page),
    }


def _glyphs(textpage: Any, frame: _Frame, most: int) -> tuple[list[Glyph], int]:
    """What is drawn, without what pdfium makes up; and how much of it the file has no character for."""
    raw, glyphs, unsure = textpage.raw, [], 0
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = pdfium.FS_RECTF()
    edges = [ctypes.byref(edge) for edge in (left, right, bottom, top)]
    room = ctypes.byref(loose)
    for index in range(min(textpage.count_chars(), most)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0, 10, 13) or 0xD800 <= code < 0xE000 or pdfium.FPDFText_IsGenerated(raw, index) == 1:
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, room)
        fault = code > 0x7F and pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1
        unsure += fault
        box = ink = frame.box(loose.left, loose.bottom, loose.right, loose.top)
        character = chr(code)
        if fault or character in _MARKS:  # of letters nobody asks where their ink is
            pdfium.FPDFText_GetCharBox(raw, index, *edges)
            ink = frame.box(left.value, bottom.value, right.value, top.value)
        glyphs.append(Glyph(character, box, ink, fault))
    return glyphs, unsure


def _turn(textpage: Any, rotation: int) -> int:
    """How most of the text runs on the page as it is shown: 0, or 90, 180, 270 degrees clockwise."""
    count = textpage.count_chars()
    turns: dict[int, int] = {}
    for index in range(0, count, max(count // _SAMPLE, 1)):
        angle = pdfium.FPDFText_GetCharAngle(textpage.raw, index)
        if angle >= 0:
            degrees = (rotation + round(angle / (pi / 2)) * 90) % 360  # both are counted with the clock
            turns[degrees] = turns.get(degrees, 0) + 1
    return max(turns, key=lambda degrees: turns[degrees], default=0)


def _turned(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """A box as somebody sees it who turns the page so that its text is upright."""
    left, top, right, bottom = box
    if turn == 90:
        return top, -right, bottom, -left
    if turn == 270:
        return -bottom, left, -top, right
    return -right, -bottom, -left, -top


def _boxes(origins: list[int], glyphs: list[Glyph], width: float, height: float) -> array[int]:
    """Four planes one after the other: all left edges, all upper, all right, all lower; a made-up blank has no room."""
    across, down = SCALE / max(width, 1), SCALE / max(height, 1)
    last = (0, 0, 0, 0)
    rooms: list[tuple[int, int, int, int]] = []
    for origin in origins:
        if origin >= 0:
            left, top, right, bottom = glyphs[origin].box
            last = (_part(left * across), _part(top * down), _part(right * across), _part(bottom * down))
            rooms.append(last)
        else:
            rooms.append((last[2], last[1], last[2], last[3]))
    return array("H", chain.from_iterable(zip(*rooms, strict=True)))


def _part(edge: float) -> int:
    return 0 if edge < 0 else SCALE if edge > SCALE else int(edge)


def _has_pictures(page: Any) -> bool:
    """Whether pictures are drawn on it: what a page without text holds is then in them."""
    return any(True for _each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
