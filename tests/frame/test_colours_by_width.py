"""No width of the screen brings a colour that is not looked at elsewhere, so the browser's tests look at them at one.

tests/browser/looking.py leaves the contrast of colours out where a page is walked at a desk and on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
BY_WIDTH = re.compile(r"@media[^{]*\b(?:min|max)-width[^{]*\{")
COLOUR = re.compile(r"(?<![\w-])(background|background-color|background-image|color|opacity|filter)\s*:\s*([^;}]+)")
# What stands inside: nothing, the page's own ground, and its quiet ink, which has contrast enough on it (below).
KNOWN = {"none", "transparent", "var(--paper)", "var(--ink-soft)"}
ENOUGH = 4.5  # WCAG 1.4.3, for text of any size


def colours_by_width(text: str) -> Iterator[str]:
    """Colours that a style sheet gives at some widths only."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for rule in BY_WIDTH.finditer(text):
        end, depth = rule.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield from (value.strip() for _name, value in COLOUR.findall(text[rule.end() : end]))


def token(name: str) -> tuple[float, ...]:
    """Red, green and blue of a colour that app.css names."""
    found = re.search(rf"--{name}: #(\w{{6}});", (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8"))
    assert found is not None
    return tuple(int(found[1][place : place + 2], 16) / 255 for place in (0, 2, 4))


def luminance(colour: tuple[float, ...]) -> float:
    """As WCAG 2 defines it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_width_brings_no_colour_of_its_own() -> None:
    found = {sheet.name: set(colours_by_width(sheet.read_text(encoding="utf-8"))) - KNOWN for sheet in SHEETS}
    assert {name: colours for name, colours in found.items() if colours} == {}
    assert list(colours_by_width("@media (max-width: 1rem) { a { color: red; } } b { color: blue; }")) == ["red"]


def test_quiet_ink_is_read_on_the_page() -> None:
    dark, light = sorted((luminance(token("ink-soft")), luminance(token("paper"))))
    assert (light + 0.05) / (dark + 0.05) >= ENOUGH
