"""Finds Thai that the house writes otherwise: words typed twice, ๆ without its spaces, mixed spellings. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# One spelling for one word: that of the dictionary of the Royal Society, or of its list of loan words.
SPELLINGS = {
    r"เว็บไซด์|เวบไซ[ตด]์|เวปไซ[ตด]์|เว็ปไซ[ตด]์": "เว็บไซต์",
    r"ดิจิตอล|ดิจิตัล|ดิจิทอล": "ดิจิทัล",
    r"แพลทฟอร์ม|แพล็ตฟอร์ม|แพลตฟอม|แพลทฟอม|แพลตฟอร์ท": "แพลตฟอร์ม",
    r"อีเมล์|อีเมลล์|อีเมลย์|อิเมล": "อีเมล",
    r"อัพโหลด|อับโหลด": "อัปโหลด",
    r"ดาวโหลด|ดาวน์โหลต": "ดาวน์โหลด",
    r"อัพเดท|อัพเดต|อัปเดท": "อัปเดต",
    r"แอพพลิเคชั[น่]|แอปพลิเคชั่น|แอพลิเคชั|แอปพริเคชั": "แอปพลิเคชัน",
    r"เวอร์ชั่น|เวอชัน": "เวอร์ชัน",
    r"ฟังก์ชั่น|ฟังค์ชั": "ฟังก์ชัน",
    r"ซอฟท์แวร์|ซอร์ฟแวร์|ซอฟแวร์|ซอร์ฟต์แวร์": "ซอฟต์แวร์",
    r"ฮาร์ดแวร(?!์)|ฮาดแวร์": "ฮาร์ดแวร์",
    r"เซิฟเวอร์|เซิร์ฟเวอ(?!ร์)|เซอร์เวอร์": "เซิร์ฟเวอร์",
    r"โน๊ต|โน้[ตท]บุ๊ค|โน้ทบุ๊ก": "โน้ตบุ๊ก",
    r"ลิ้งค์|ลิงค์|ลิ้งก์|ลิ๊งค์": "ลิงก์",
    r"อินเตอร์เน็ต|อินเทอร์เนต|อินเตอร์เนต": "อินเทอร์เน็ต",
    r"คลาวน์|คลาวด(?!์)": "คลาวด์",
    r"เฟสบุ๊|เฟซบุ๊ค": "เฟซบุ๊ก",
    r"กราฟฟิก|กราฟิค": "กราฟิก",
    r"คอมพิวเตอ(?!ร์)|คอมพิวเต้อร์": "คอมพิวเตอร์",
    r"โปรแกรมม์": "โปรแกรม",
    r"โปรเจค(?!ต์)": "โปรเจกต์",
    r"เทคโนโลยี่|เทคโนโลยืี": "เทคโนโลยี",
    r"ปฎิ": "ปฏิ",
    r"(?<!รา)กฏ": "กฎ",
    r"ปรากฎ": "ปรากฏ",
    r"อนุญาติ": "อนุญาต",
    r"สังเกตุ(?!การณ์)": "สังเกต",
    r"ผลลัพท์|ผลลัพธิ์": "ผลลัพธ์",
    r"ธรรมภิบาล": "ธรรมาภิบาล",
    r"ลายเซ็นต์|ลายเซนต์": "ลายเซ็น",
    r"มาตราฐาน": "มาตรฐาน",
    r"บูรณา?การณ์|บูรนาการ": "บูรณาการ",
    r"ประสิทธภาพ": "ประสิทธิภาพ",
    r"โครงการณ์": "โครงการ",
    r"กิจกรรมม์": "กิจกรรม",
    r"สิทธ์(?!ิ)": "สิทธิ์",
    r"อิเลคทรอนิคส์|อิเล็กทรอนิคส์|อิเลกทรอนิกส์|อิเล็คทรอนิ[กค]ส์": "อิเล็กทรอนิกส์",
    r"ไซเบอร(?!์)": "ไซเบอร์",
}
# Words that are said twice and written once with ๆ, and short words that a slip of the hand doubles. Thai sets no
# spaces between words: a rule without a list would find the end of one word doubled in the beginning of the next.
_SAID_TWICE = (
    "ต่าง|อื่น|มาก|น้อย|บ่อย|เรื่อย|จริง|ใกล้|ไกล|สั้น|ยาว|ง่าย|ใหม่|เก่า|เล็ก|ใหญ่|เร็ว|ช้า|ค่อย|พร้อม|เท่า|คล้าย|ซ้ำ|ครั้ง|เดือน|"
    "และ|หรือ|ของ|ให้|ได้|เป็น|โดย|จาก|กับ|แต่|ด้วย|แล้ว|นี้|นั้น|ข้อ|แบบ|งาน|ปี|คน|วัน"
)
_TWICE = re.compile(rf"({_SAID_TWICE})\1|([\u0e01-\u0e2e\u0e40-\u0e44][\u0e01-\u0e45\u0e47-\u0e4e]{{4,30}}?)\2")
_REPEAT = re.compile(r"(?P<before>[^\s“‘\"'(\[>]{0,12})ๆ(?P<after>[\u0e01-\u0e4eA-Za-z0-9]?)")
_SPELLED = [(re.compile(pattern), spelling) for pattern, spelling in SPELLINGS.items()]


@dataclass(frozen=True, slots=True)
class WordingFault:
    """A place in a text, what stands there, and what the house writes."""

    start: int
    found: str
    instead: str

    def __str__(self) -> str:
        return f"“{self.found}”: write “{self.instead}”"


def wording_faults(text: str) -> Iterator[WordingFault]:
    """Everything in a text that the house writes otherwise, each kind in the order of the text."""
    for match in _TWICE.finditer(text):
        yield WordingFault(match.start(), match[0], f"{match[1] or match[2]} ๆ")
    for match in _REPEAT.finditer(text):
        if match["before"] or match["after"]:
            yield WordingFault(match.start(), match[0], f"{match['before']} ๆ {match['after']}".strip())
    for pattern, spelling in _SPELLED:
        for match in pattern.finditer(text):
            yield WordingFault(match.start(), match[0], spelling)
