"""How far the text layer of a page can be trusted: unmapped glyphs, impossible spellings, words that are none. PURE."""

from __future__ import annotations

import re
from typing import Final

from dgready.thai_repair import is_thai, unmapped_share
from evidence.reading.words import known_share

BROKEN_BELOW: Final = 0.8  # such a page is read off its picture where that can be done
CLEAN_FROM: Final = 0.9  # such a text says what is printed, mark for mark
_USUAL_KNOWN: Final = 0.86  # of the letters of an official text, names and all, the dictionary knows so much
_LEAST_TONES: Final = 0.035  # of the letters of a text: official ones have twice as many tone marks
_ENOUGH_TO_COUNT: Final = 150  # letters
_FEW_LETTERS: Final = 25  # a page with a picture and no more than that has its text in the picture
# A mark where no letter can carry it, a vowel that follows nothing, a leading vowel before none.
_IMPOSSIBLE: Final = re.compile("(?<![ก-ฮัิีึืฺุู็่้๊๋์ํ])[ัิีึืฺุู็่้๊๋์ํ]|(?<![ก-ฮ่้๊๋ัฤฦ็ิี])[ะาำๅ]|[เแโใไ](?![ก-ฮ])|[ัิีึืุู][ัิีึืุู]|[่้๊๋์]{2}")


def page_quality(text: str, unmapped: float = 0.0) -> float:
    """0 (nothing is right) to 1 (nothing speaks against it). `unmapped`: share of glyphs without a character."""
    thai = sum(map(is_thai, text))
    quality = 1.0 - 4 * max(unmapped, unmapped_share(text)) - _mojibake(text)
    if thai:
        quality -= 6 * len(_IMPOSSIBLE.findall(text)) / thai
        tones = sum(map(text.count, "่้๊๋"))
        if thai >= _ENOUGH_TO_COUNT:
            quality -= max(0.0, _LEAST_TONES - tones / thai) * 12
        known = known_share(text)
        if known is not None:
            quality -= max(0.0, _USUAL_KNOWN - known) * 1.6
    return max(0.0, min(1.0, quality))


def _mojibake(text: str) -> float:
    """Thai of the old code page that is taken for Latin-1: letters that no Thai or English text has."""
    if len(text) < _FEW_LETTERS:
        return 0.0
    return 2 * sum("\u00a1" <= c <= "\u00fb" and c not in "°±×÷·«»§©®²³½" for c in text) / len(text)


def needs_picture(text: str, quality: float, has_pictures: bool) -> bool:
    """Whether the page should be read off its picture."""
    letters = sum(c.isalnum() for c in text)
    if not letters or (has_pictures and letters < _FEW_LETTERS):
        return True
    return quality < BROKEN_BELOW
