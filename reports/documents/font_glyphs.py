"""Thai characters of the print font and the names of their glyphs."""

from __future__ import annotations

from fontTools.ttLib import TTFont

NIKHAHIT, SARA_AA, SARA_AM = "ํ", "า", "ำ"
TONES = "่้๊๋์"


def glyph_names(font: TTFont, characters: str, suffix: str = "") -> list[str]:
    """The names of the glyphs of these characters, or of their variants with a suffix such as ".small"."""
    cmap = font.getBestCmap()
    return [cmap[ord(c)] + suffix for c in characters]
