"""The words of the interface: one word for one thing, none that only engineers use, the reader spoken to as ท่าน."""

from __future__ import annotations

import re

import pytest

# What is not said, and what is said for it.
INSTEAD = {
    r"คุณ(?![คสภวลา])": "ท่าน",
    "หน้าหลัก": "หน้าแรก",
    "ฉาก": "ชุดคำตอบทดลอง",
    "แรงที่ใช้|ใช้แรง": "เวลาทำงาน",
    "ช่องที่เปิดอยู่": "ช่องที่ต้องตอบ",
    "ส่วนต้องทำ": "ส่วนที่ต้องตอบ",
    "^รู้แล้ว": "คิดจากตัวชี้วัดที่รู้คะแนนแล้ว",
    r"\bR A S C I\b|\bRASCI\b": "บทบาท",
    "คลิก": "กด",
    "อัปโหลด|อัพโหลด": "แนบไฟล์, ส่งไฟล์",
    "เวอร์ชัน|เวอร์ชั่น": "ฉบับ",
    "เมล์": "อีเมล",
}


@pytest.mark.parametrize("word", INSTEAD)
def test_the_words_of_officials_are_used(texts: set[str], word: str) -> None:
    assert sorted(t for t in texts if re.search(word, t)) == [], f"say {INSTEAD[word]}"
