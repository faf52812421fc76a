"""What a printed page looks like: its body words with their places, and what stands across it."""

from __future__ import annotations

import html
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import ImageChops, ImageFilter

from tests.reports.conftest import squeezed

MM = 72 / 25.4
TOP, BOTTOM = 22, 19  # mm, at the edges: running head and foot
DRAFT, VOID = (233, 236, 241), (243, 218, 217)  # the colour of what stands across a page
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word of the body, its upper and lower edge in mm from above."""

    top: float
    bottom: float
    text: str


def page_words(path: Path) -> list[tuple[float, list[PageWord]]]:
    """By page its height in mm and the words of its body."""
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    pages = []
    for page in told.split("<page ")[1:]:
        height = float(re.search(r'height="([\d.]+)"', page)[1]) / MM  # type: ignore[index]
        words = [PageWord(float(y) / MM, float(end) / MM, html.unescape(t)) for _x, y, end, t in _WORD.findall(page)]
        pages.append((height, [w for w in words if w.top > TOP and w.bottom < height - BOTTOM]))
    return pages


def underfull(path: Path) -> list[int]:
    """The pages that are less than a third full, but the last."""
    pages = page_words(path)[:-1]
    filled = [max((w.bottom for w in words), default=0) for _height, words in pages]
    return [
        n for n, (end, (height, _w)) in enumerate(zip(filled, pages, strict=True), 1) if end < TOP + (height - TOP) / 3
    ]


def orphans(path: Path, markup: str) -> list[str]:
    """The headings that a page ends with."""
    headings = {
        squeezed(re.sub(r"<[^>]+>", "", h)) for _n, h in re.findall(r"<(h[2-4])[^>]*>(.*?)</\1>", markup, re.DOTALL)
    }
    headings = {html.unescape(heading) for heading in headings}
    found = []
    for _height, words in page_words(path)[:-1]:
        last = max((w.top for w in words), default=0)
        line = squeezed("".join(w.text for w in words if w.top > last - 2))
        if len(line) > 5 and any(heading.endswith(line) for heading in headings):
            found.append(line)
    return found


def pages_across(path: Path, colour: tuple[int, int, int]) -> list[bool]:
    """By page, whether something of that colour stands across it."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [_has_colour(page, colour) for page in pdf]


def _has_colour(page: pypdfium2.PdfPage, colour: tuple[int, int, int]) -> bool:
    """Whether an area has the colour; thin lines of tables may come near it."""
    bands = page.render(scale=0.3).to_pil().convert("RGB").split()
    masks = [band.point(lambda v, c=c: 255 * (abs(v - c) <= 3)) for band, c in zip(bands, colour, strict=True)]
    mask = ImageChops.multiply(ImageChops.multiply(masks[0], masks[1]), masks[2])
    return mask.filter(ImageFilter.MinFilter(3)).histogram()[255] > 60
