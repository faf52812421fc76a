"""The print font: Sarabun with the same look, with marks placed so that PDF readers find the words.

Shaping splits sara am into nikhahit and sara aa, and sets marks where they look right: far left over narrow
vowels, a hair right of their letter elsewhere. Readers order what they find from left to right and end a word
at a gap; they then see no sara am, a space inside a word, or a tone mark before its vowel or behind the next
letter. Here sara am becomes one character again, and the origin of every mark (not its ink) moves so that the order
from left to right is letter, lower vowel, upper vowel, tone mark, next letter.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from reports.documents.font_marks import place_marks_on_letters, place_tone_marks_on_vowels
from reports.documents.font_sara_am import add_sara_am_glyphs
from reports.documents.font_substitutions import add_substitutions

FONT_FAMILY = "Sarabun"
FONT_FACES = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}


@lru_cache(maxsize=len(FONT_FACES))
def font_face(name: str) -> bytes:
    """The font file of a face ("Regular", …) as it is embedded. Raises KeyError for an unknown face."""
    if name not in FONT_FACES:
        raise KeyError(name)
    font = TTFont(io.BytesIO(_font_source(name)), recalcTimestamp=False)
    place_marks_on_letters(font)
    tones = place_tone_marks_on_vowels(font)
    add_sara_am_glyphs(font)
    add_substitutions(font, tones)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _font_source(name: str) -> bytes:
    path = Path(settings.BASE_DIR) / "static" / "vendor" / "sarabun" / f"{FONT_FAMILY}-{name}.ttf"
    if path.exists():
        return path.read_bytes()
    return files("fontpkg_sarabun").joinpath("files", path.name).read_bytes()
