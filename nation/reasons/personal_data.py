"""What in a text may tell who somebody is, before it is published: addresses, numbers, names after a title. PURE.

Found by shape, so a name without a title is not found: the page asks the reader to look in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from dgready.thai import arabic_digits


class PersonalMark(StrEnum):
    """A kind of personal data."""

    MAIL = "mail"
    PHONE = "phone"
    CITIZEN = "citizen"
    NAME = "name"


_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")
_CITIZEN: Final = re.compile(r"(?<!\d)\d[- ]?\d{4}[- ]?\d{5}[- ]?\d{2}[- ]?\d(?!\d)")
_PHONE: Final = re.compile(r"(?<!\d)(?:\+66|0)[- ]?\d(?:[- ]?\d){7,8}(?!\d)")
# Titles that stand before a name; the longer ones first. "นาย" also begins offices (นายก, นายอำเภอ, นายทะเบียน).
_NAME: Final = re.compile(
    r"(?:นางสาว|น\.ส\.|นาง(?!าน)|นาย(?!ก|อำเภอ|ทะเบียน|จ้าง|แพทย์|ทหาร|ตำรวจ|ช่าง)|ว่าที่|ดร\.|ผศ\.|รศ\.|พ\.ต\.|พ\.ต\.อ\.|ร\.ต\."
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s)\s*[ก-ฮเแโใไA-Z]"
)


def personal_marks(text: str) -> list[PersonalMark]:
    """The kinds of personal data that the text seems to have."""
    return list(_marks(arabic_digits(text)))


def _marks(text: str) -> Iterator[PersonalMark]:
    if _MAIL.search(text):
        yield PersonalMark.MAIL
    if _CITIZEN.search(text):
        yield PersonalMark.CITIZEN
    elif _PHONE.search(text):
        yield PersonalMark.PHONE
    if _NAME.search(text):
        yield PersonalMark.NAME
