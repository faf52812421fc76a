"""Repairs of Thai text as documents carry it, with a map from each character back to where it came from. PURE.

What `dgready.thai.normalise_text` knows, and what real documents need besides: marks that stand twice, glyphs that
old faces kept among the letters of Latin-1, signs for what has no character, blanks inside words.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from dgready.thai import THAI_DIGITS, normalise_text

ABOVE_OR_BELOW: Final = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
_TONES: Final = frozenset("่้๊๋์")
# Old faces drew a raised tone mark at the place of a Latin letter; files made with them say that letter.
_RAISED_TONES: Final = dict(zip("ÉÊËÌÍ", "่้๊๋์", strict=True))
_NOTHING: Final = frozenset("\ufffd\ufffe\uffff\x00\x02\u200b\u200c\u200d\u2060\ufeff\u00ad")
_THAI: Final = "\u0e01-\u0e3a\u0e40-\u0e4e"
_RAISED: Final = re.compile(f"(?<=[{_THAI}])[ÉÊËÌÍ]|[ÉÊËÌÍ](?=[{_THAI}])")
_STRAY: Final = re.compile("[\ufffd\ufffe\uffff\x00\x02]")
_MARK_RUN: Final = re.compile("[ัิีึืฺุู็่้๊๋์ํ]{2,}")
_TWICE_AM: Final = re.compile("ำ{2,}")
_BLANK_BEFORE_MARK: Final = re.compile("(?<=[ก-ฮ])[ \t]+(?=[ัิีึืฺุู็่้๊๋์ํ])")
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff]")
_CHUNK: Final = re.compile(r"[\S \t]+|[^\S \t]+")  # a line with the blanks around it, or what ends it


def is_consonant(character: str) -> bool:
    """Whether marks may stand above or below it."""
    return "ก" <= character <= "ฮ"


def is_thai(character: str) -> bool:
    """Whether it is a Thai letter or mark; digits and signs are not."""
    return "\u0e01" <= character <= "\u0e3a" or "\u0e40" <= character <= "\u0e4e"


def order_of_mark(mark: str) -> bool:
    """Tone marks are written after vowel marks."""
    return mark in _TONES


def sound_glyph(character: str, unsure: bool = False) -> str:
    """One glyph of a PDF as the character it stands for; empty for what is none.

    `unsure`: the file itself does not say what it means, so a Latin letter may be the raised tone mark of an old face.
    """
    if character in _NOTHING:
        return ""
    if "\uf700" <= character <= "\uf71a":
        return normalise_text(character)
    if unsure and character in _RAISED_TONES:
        return _RAISED_TONES[character]
    return " " if character in "\u00a0\u2007\u202f\t" else character


def repair_text(text: str) -> str:
    """A text as a person reads it: normalised, each mark once, no stray signs. Twice changes nothing more."""
    if text.isascii():
        return text
    while True:
        before = text
        text = _STRAY.sub("", normalise_text(text))
        text = _RAISED.sub(lambda match: _RAISED_TONES[match[0]], text)
        text = _BLANK_BEFORE_MARK.sub("", text)
        text = _MARK_RUN.sub(_once, text)
        text = _TWICE_AM.sub("ำ", text.replace("าํ", "ำ"))
        if text == before:
            return text


def _once(match: re.Match[str]) -> str:
    return "".join(dict.fromkeys(match[0]))


def repair_with_origins(text: str) -> tuple[str, list[int]]:
    """The repaired text, and for each of its characters where in `text` it stood."""
    if (whole := repair_text(text)) == text:
        return text, list(range(len(text)))
    pieces: list[str] = []
    origins: list[int] = []
    for match in _CHUNK.finditer(text):
        before, start = match[0], match.start()
        after = repair_text(before)
        pieces.append(after)
        origins += [start + i for i in (range(len(before)) if after == before else _origins(before, after))]
    made = "".join(pieces)
    # Lines are repaired one by one; only what reaches over a line end could differ, and stays as it was.
    return (made, origins) if len(made) >= len(whole) else (whole, _origins(text, whole))


def _origins(before: str, after: str) -> list[int]:
    found: list[int] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += range(a, b)
        else:
            found += [min(a + i, max(b - 1, a), len(before) - 1) for i in range(d - c)]
    return found


# -- keys for finding ------------------------------------------------------------------------------

_SIGNS: Final = {ord(c): "-" for c in "‐‑‒–—―−"} | {ord(c): '"' for c in "“”„«»"} | {ord(c): "'" for c in "‘’"}
_KEY_TABLE: Final = _SIGNS | {ord(d): str(n) for n, d in enumerate(THAI_DIGITS)}
_UPPER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_ONE_FOR_ONE: Final = _KEY_TABLE | _UPPER
_LEFT_OUT: Final = re.compile(r"\s+")
_MARKS_AND_BLANKS: Final = re.compile(r"[ัิีึืฺุู็่้๊๋์ํ๎\s]+")


def find_key(text: str) -> str:
    """Key for finding a repaired text: Arabic digits, no case, no blanks, one kind of dash and quote."""
    return _LEFT_OUT.sub("", text.translate(_ONE_FOR_ONE))


def skeleton(text: str) -> str:
    """The letters that stand on the line, of a repaired text or of a key: marks left out, ำ as า."""
    return _MARKS_AND_BLANKS.sub("", find_key(text)).replace("ำ", "า")


def key_origins(text: str, *, bare: bool = False) -> list[int]:
    """Where each character of `find_key(text)` stands in the text; `bare`: of its skeleton."""
    drop = _MARKS_AND_BLANKS if bare else _LEFT_OUT
    found: list[int] = []
    last = 0
    for match in drop.finditer(text):
        found += range(last, match.start())
        last = match.end()
    found += range(last, len(text))
    return found


def unmapped_share(text: str) -> float:
    """The share of characters that mean nothing: private use, and signs for what has no character."""
    if not text:
        return 0.0
    wrong = len(_PRIVATE_USE.findall(text)) + text.count("\ufffd")
    return wrong / len(text)
