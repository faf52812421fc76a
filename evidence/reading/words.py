"""Words of Thai texts: cutting them apart, which of them say something, how many a text has that are none. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dgready.thai_repair import find_key, is_thai, skeleton
from dgready.thai_words import cut_words, thai_dictionary

SHORTEST: Final = 2  # letters of a word that is looked for
# Words that stand in every document and tell none from another.
COMMON: Final = frozenset(
    "การ ความ และ หรือ ของ ใน ที่ ให้ ได้ เป็น มี โดย จาก ตาม เพื่อ แก่ แต่ ต่อ กับ ซึ่ง ว่า นี้ นั้น ทั้ง ทุก ไป มา อยู่ จะ"
    " ต้อง ควร อาจ แล้ว ยัง คือ เมื่อ อย่าง ด้วย ถึง เช่น อื่น ๆ ฯลฯ ไม่ ใช่ รวม ผู้ ด้าน ดัง ระหว่าง บน ขึ้น ลง ออก เข้า กว่า"
    " เฉพาะ ดังนี้ ต่าง หนึ่ง สอง สาม ณ the of and or in to for a an is are be by on with as at from this that".split()
)


def terms_of(text: str) -> Iterator[str]:
    """The words of a text that tell it from others, as they stand in keys; each time they come."""
    for word in cut_words(text):
        key = find_key(word).strip("\"'()[]{}.,;:/-–ฯๆ")
        if len(key) >= SHORTEST and key not in COMMON and any(map(_is_letter, key)):
            yield key


def _is_letter(character: str) -> bool:
    return character.isalnum() or is_thai(character)


def known_share(text: str) -> float | None:
    """The share of Thai letters that belong to words of the dictionary; None where there are too few to tell."""
    known = unknown = 0
    words = thai_dictionary()
    for word in cut_words(text):
        if is_thai(word[0]):
            if word in words and len(word) > 1:
                known += len(word)
            else:
                unknown += len(word)
    return known / (known + unknown) if known + unknown >= 40 else None


def bare_terms(terms: Iterator[str] | list[str]) -> dict[str, str]:
    """Terms and their skeletons, where these are long enough to mean the same."""
    return {term: bare for term in terms if len(bare := skeleton(term)) >= 3}
