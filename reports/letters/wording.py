"""The text of a letter and its placeholders: which there are, which are unknown, filling them, Thai digits. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.thai import thai_digits

INVITE, REMIND, COVER, MEMO = "invite", "remind", "cover", "memo"
ALL: Final = (INVITE, REMIND, COVER, MEMO)
AGENCIES: Final = (INVITE, REMIND)


@dataclass(frozen=True, slots=True)
class LetterText:
    """What is worded of a letter, with placeholders; of `body` each line is a paragraph."""

    office: str = ""
    subject: str = ""
    addressee: str = ""
    reference: str = ""
    body: str = ""
    signatory: str = ""
    contact: str = ""
    thai_digits: bool = True

    def with_texts(self, filled: Mapping[str, str]) -> LetterText:
        """The same letter with other texts, by name; how its digits are written stays."""
        return LetterText(**filled, thai_digits=self.thai_digits)

    def texts(self) -> Iterator[tuple[str, str]]:
        """The parts that are texts, by name."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                yield field.name, value


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What may stand in braces in a letter. `letters`: in which it may."""

    name: str
    about: LocalizedText
    letters: tuple[str, ...] = ALL

    @property
    def written(self) -> str:
        """As it is typed."""
        return f"{{{self.name}}}"


PLACEHOLDERS: Final = (
    Placeholder("province", LocalizedText("ชื่อจังหวัดหรือส่วนราชการ", "name of the province or department")),
    Placeholder("year", LocalizedText("ปีของแบบสำรวจ", "year of the survey")),
    Placeholder("form", LocalizedText("ชื่อแบบสำรวจ", "title of the form")),
    Placeholder("closes_on", LocalizedText("วันปิดรับการอนุมัติ", "day on which approval closes")),
    Placeholder("agency", LocalizedText("ชื่อหน่วยงานผู้รับ", "name of the agency"), AGENCIES),
    Placeholder("head", LocalizedText("ตำแหน่งหัวหน้าหน่วยงานผู้รับ", "title of the head of the agency"), AGENCIES),
    Placeholder("questions", LocalizedText("จำนวนข้อของหน่วยงาน", "number of questions of the agency"), AGENCIES),
    Placeholder("due", LocalizedText("กำหนดส่งของหน่วยงาน", "day by which the agency answers"), AGENCIES),
    Placeholder("open_points", LocalizedText("จำนวนเรื่องที่ยังค้าง", "number of open points"), (REMIND, MEMO)),
    Placeholder("days_left", LocalizedText("เหลือเวลากี่วัน", "days left"), (REMIND,)),
    Placeholder("endorsed", LocalizedText("ผลการพิจารณาของคณะกรรมการ", "what the committee decided"), (COVER, MEMO)),
    Placeholder("version", LocalizedText("ฉบับที่อนุมัติ", "approved version"), (COVER,)),
    Placeholder("approved_on", LocalizedText("วันที่อนุมัติ", "day of the approval"), (COVER,)),
    Placeholder("files", LocalizedText("จำนวนไฟล์ที่นำส่ง", "number of files sent"), (COVER,)),
    Placeholder("answered", LocalizedText("ตอบแล้วกี่ช่องจากทั้งหมด", "how much is answered"), (MEMO,)),
    Placeholder("score", LocalizedText("คะแนนประมาณการ", "estimated score"), (MEMO,)),
)

_BRACED: Final = re.compile(r"\{([^{}]*)\}")
_WORD: Final = re.compile(r"\S+")
_LATIN: Final = re.compile("[A-Za-z]")


def placeholders_of(letter: str) -> tuple[Placeholder, ...]:
    """The placeholders a letter may have."""
    return tuple(one for one in PLACEHOLDERS if letter in one.letters)


def unknown_placeholders(text: str, letter: str) -> list[str]:
    """What stands in braces and is no placeholder of that letter, each once as it was typed; a lone brace too."""
    known = {one.name for one in placeholders_of(letter)}
    found = [f"{{{name}}}" for name in _BRACED.findall(text) if name not in known]
    found += [character for character in _BRACED.sub("", text) if character in "{}"]
    return list(dict.fromkeys(found))


def fill_text(text: LetterText, values: Mapping[str, str]) -> LetterText:
    """The text with its placeholders replaced, each once: braces inside a value are left alone."""
    filled = {name: _BRACED.sub(lambda match: values.get(match[1], match[0]), part) for name, part in text.texts()}
    return text.with_texts(filled)


def letter_digits(text: str, thai: bool) -> str:
    """The text with Thai digits where the letter has them; a word with Latin letters (an address, V2) stays."""
    if not thai:
        return text
    return _WORD.sub(lambda match: match[0] if _LATIN.search(match[0]) else thai_digits(match[0]), text)
