"""Thai text and dates: Unicode normalisation, digits, Buddhist-era dates, line breaks, dictionary order. PURE.

The glyph table and the repairs follow domain.md section 9 (Thai text out of PDFs).
"""

import datetime as dt
import re
import unicodedata
from typing import Final, Literal

Language = Literal["th", "en"]
Style = Literal["long", "short"]

BE_OFFSET: Final = 543  # years between the common and the Buddhist era

MONTHS_TH: Final = tuple(
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
)
MONTHS_TH_SHORT: Final = tuple("ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split())
MONTHS_EN: Final = tuple(
    "January February March April May June July August September October November December".split()
)

THAI_DIGITS: Final = "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC: Final = str.maketrans(THAI_DIGITS, "0123456789")
_TO_THAI: Final = str.maketrans("0123456789", THAI_DIGITS)

_TONES: Final = "่้๊๋์"
_VOWEL_MARKS: Final = "ัิีึืุู็ฺํ"  # stand above or below their consonant, before any tone mark
_NIKHAHIT, _SARA_AA, _SARA_AM = "ํ", "า", "ำ"


def _glyph_table() -> dict[int, str]:
    """Maps private-use glyph variants, space variants and invisible characters to standard characters."""
    table: dict[int, str] = {}
    runs = (
        (0xF701, "ิีึื"),
        (0xF705, _TONES),
        (0xF70A, _TONES),
        (0xF713, _TONES),
        (0xF710, "ัํ็"),
        (0xF718, "ฺุู"),
        (0xF700, "ฐ"),
        (0xF70F, "ญ"),
    )
    for start, characters in runs:
        table.update({start + i: character for i, character in enumerate(characters)})
    table.update(dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD), ""))
    table.update(dict.fromkeys((0x00A0, 0x2007, 0x202F), " "))
    return table


_GLYPHS: Final = _glyph_table()
_SPLIT_AM: Final = re.compile(f"{_NIKHAHIT}([{_TONES}]*){_SARA_AA}")
_SPACED_AM: Final = re.compile(f"[ \t]+(?=[{_TONES}]*{_SARA_AM})")
_LATE_TONE: Final = re.compile(f"({_SARA_AM}+)([{_TONES}]+)")
_MARKS: Final = re.compile(f"[{_TONES}{_VOWEL_MARKS}]{{2,}}")
_DOUBLE_E: Final = re.compile("เเ")


def _order_marks(match: re.Match[str]) -> str:
    return "".join(sorted(match[0], key=lambda character: character in _TONES))


def normalise_text(text: str) -> str:
    """Normalise the spelling of a text: glyph variants, split sara am and misplaced marks.

    Digits stay as written (see `fold_text`). Applying it twice changes nothing more.
    """
    if text.isascii():
        return text
    text = text.translate(_GLYPHS)
    while True:
        before = text
        text = unicodedata.normalize("NFC", text)
        text = _SPLIT_AM.sub(rf"\1{_SARA_AM}", text)
        text = _SPACED_AM.sub("", text)
        text = _LATE_TONE.sub(r"\2\1", text)
        text = _MARKS.sub(_order_marks, text)
        text = _DOUBLE_E.sub("แ", text)
        if text == before:
            return text


def arabic_digits(text: str) -> str:
    """Replace Thai digits ๐–๙ by 0–9."""
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    """Replace digits 0–9 by Thai digits ๐–๙."""
    return text.translate(_TO_THAI)


def fold_text(text: str) -> str:
    """Key for comparing texts: normalised, Arabic digits, one space between words, no case."""
    return " ".join(arabic_digits(normalise_text(text)).casefold().split())


# -- dates -----------------------------------------------------------------------------------------


def be_year(date: dt.date) -> int:
    """Year of the Buddhist era."""
    return date.year + BE_OFFSET


def format_date(date: dt.date, language: str = "th", style: Style = "long") -> str:
    """A date in words: 12 มิถุนายน 2567 · 12 มิ.ย. 67 · 12 June 2567 BE · 12 Jun 2567 BE."""
    year = be_year(date)
    if language == "en":
        month = MONTHS_EN[date.month - 1]
        return f"{date.day} {month if style == 'long' else month[:3]} {year} BE"
    if style == "short":
        return f"{date.day} {MONTHS_TH_SHORT[date.month - 1]} {year % 100:02d}"
    return f"{date.day} {MONTHS_TH[date.month - 1]} {year}"


def format_time(moment: dt.datetime | dt.time, language: str = "th") -> str:
    """A time of day: 14:05 น. · 14:05."""
    clock = f"{moment.hour:02d}:{moment.minute:02d}"
    return clock if language == "en" else f"{clock} น."


def format_datetime(moment: dt.datetime, language: str = "th", style: Style = "long") -> str:
    """Date and time without conversion: the caller has converted `moment` to the reader's time zone."""
    separator = ", " if language == "en" else " "
    return format_date(moment, language, style) + separator + format_time(moment, language)


def format_month(year: int, month: int, language: str = "th", style: Style = "long") -> str:
    """Month and Buddhist-era year of a common-era `year`: มิถุนายน 2567 · June 2567 BE."""
    return format_date(dt.date(year, month, 1), language, style).split(" ", 1)[1]


# -- lines ---------------------------------------------------------------------------------------------

# Words that the dictionary of browsers (ICU) does not know, or parts so that the half makes no sense.
_UNBREAKABLE_WORDS: Final = re.compile(
    "ธรรมาภิบาล|บูรณาการ|เตรียมพร้อม|โซเชียลมีเดีย|นโยบาย|คลาวด์|โดรน|ผลกระทบ|แดชบอร์ด|กระทรวง|ต่อยอด|ชนกลุ่มน้อย"
    "|กรรมการฯ|ภาครัฐ|แลกเปลี่ยน|แบ่งปัน|ตัดสินใจ|รูปแบบ|น้ำหนัก|หรือไม่|เจ้าหน้าที่|ยกระดับ|ผู้ว่าราชการ"
)


def wrap_unbreakable_words(html: str) -> str:
    """Wrap words of escaped text that a line must not break (class "w" in app.css)."""
    # A plain str: a template expanded in Markup would have its own tags escaped.
    return _UNBREAKABLE_WORDS.sub(r'<span class="w">\g<0></span>', str(html))


# -- dictionary order ------------------------------------------------------------------------------

_LEADING_VOWEL: Final = re.compile("([เแโใไ])([ก-ฮ])")
_SECOND_LEVEL: Final = {character: weight for weight, character in enumerate("็่้๊๋์ํฺ", start=1)}
_DIGITS36: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _two_digits(weight: int) -> str:
    return _DIGITS36[weight // 36] + _DIGITS36[weight % 36]


def _character_weight(character: str) -> str:
    code = ord(character)
    if code < 0x250:  # Latin
        return _two_digits(code + 1)
    if 0x0E00 <= code < 0x0E80:
        return _two_digits(0x250 + 1 + code - 0x0E00)
    return "z" + format(code, "06x")


def thai_sort_key(text: str) -> str:
    """Sort key of a text in Thai dictionary order.

    A leading vowel counts after its consonant; tone marks decide only between words otherwise alike.
    ASCII digits and small letters only, so that every database collation orders it the same; at most
    8 characters for each of `text`, 3 for each Thai or Latin one, and 2 more.
    """
    base_weights: list[str] = []
    mark_weights: list[str] = []
    for character in _LEADING_VOWEL.sub(r"\2\1", fold_text(text)):
        mark = _SECOND_LEVEL.get(character)
        if mark is None:
            base_weights.append(_character_weight(character))
            mark_weights.append("0")
        elif mark_weights:
            mark_weights[-1] = _DIGITS36[mark]
    return "".join(base_weights) + "00" + "".join(mark_weights).rstrip("0")
