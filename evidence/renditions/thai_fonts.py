"""The fonts of an office document: Sarabun where the machine has no Thai font, small where the wanted one is. PURE.

Government documents are set in TH Sarabun or Angsana at 16 points, whose letters are a quarter smaller than those of
other fonts of that size. Without them a document of one page would become two: so Sarabun is given under another
family name, drawn smaller.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

FACES: Final = ("Regular", "Italic", "Bold")
SMALL_FAMILY: Final = "dgready Sarabun Small"
_SMALLER: Final = 1.36  # a letter of Sarabun to one of TH Sarabun of the same size
_LINE: Final = (0.86, 0.29)  # above and below the base line of TH Sarabun, in parts of its size

SMALL_FONTS: Final = (
    *("TH SarabunPSK", "TH Sarabun New", "TH SarabunIT๙", "TH Niramit AS", "TH Krub", "TH Chakra Petch", "TH Baijam"),
    *("TH K2D July8", "TH Kodchasal", "TH Fah kwang", "TH Mali Grade 6", "TH Charm of AU", "TH Srisakdi"),
    *("Angsana New", "AngsanaUPC", "Cordia New", "CordiaUPC", "Browallia New", "BrowalliaUPC"),
    *("DilleniaUPC", "EucrosiaUPC", "FreesiaUPC", "IrisUPC", "JasmineUPC", "KodchiangUPC", "LilyUPC"),
)


def fontconfig_file(folder: Path, fonts: Path) -> Path:
    """Writes the fonts and their configuration into a folder; the file that FONTCONFIG_FILE is to name."""
    own = folder / "fonts"
    own.mkdir()
    for face in FACES:
        source = fonts / f"Sarabun-{face}.ttf"
        if source.is_file():
            (own / source.name).write_bytes(_small_face(source))
    aliases = "".join(_alias(name, SMALL_FAMILY) for name in SMALL_FONTS)
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(fonts))}</dir><dir>{escape(str(own))}</dir>"
        f"<cachedir>{escape(str(folder / 'font-cache'))}</cachedir>{aliases}"
        '<match target="pattern"><test name="lang" compare="contains"><string>th</string></test>'
        '<edit name="family" mode="append" binding="weak"><string>Sarabun</string></edit></match>'
        "</fontconfig>",
        encoding="utf-8",
    )
    return path


def _alias(family: str, instead: str) -> str:
    """A family that is looked for, and what is taken where there is none of that name."""
    return (
        f'<alias binding="same"><family>{escape(family)}</family>'
        f"<accept><family>{escape(instead)}</family></accept></alias>"
    )


@cache
def _small_face(source: Path) -> bytes:
    font = TTFont(source, recalcTimestamp=False)
    units = round(font["head"].unitsPerEm * _SMALLER)
    font["head"].unitsPerEm = units
    above, below = (round(part * units) for part in _LINE)
    for table, names in (("hhea", ("ascent", "descent")), ("OS/2", ("sTypoAscender", "sTypoDescender"))):
        setattr(font[table], names[0], above)
        setattr(font[table], names[1], -below)
    font["hhea"].lineGap = font["OS/2"].sTypoLineGap = 0
    font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = above, below
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = SMALL_FAMILY if record.nameID != 4 else f"{SMALL_FAMILY} {source.stem}"
        elif record.nameID == 6:
            record.string = f"dgready{source.stem}Small".replace("-", "")
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()
