"""How Thai is written in forms, recommendations, texts of the interface and documents: one word has one spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from dgready.wording import SPELLINGS, wording_faults
from tests.trial import ROOT

PUBLISHED = {"dg-province-2568.yaml"}  # version 1 stays as it was published
FILES = [
    path
    for folder, pattern in (("fixtures", "*.yaml"), ("docs", "*.md"), ("demo", "*.py"), ("tests/instruments", "*.yaml"))
    for path in sorted((ROOT / folder).rglob(pattern))
    if path.name not in PUBLISHED or path.parent.name != "instruments"
]


def found(text: str) -> list[str]:
    """What is written otherwise than the house writes it."""
    return [fault.found for fault in wording_faults(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_written_as_the_house_writes(path: Path) -> None:
    assert found(path.read_text(encoding="utf8")) == []


def test_the_interface_is_written_as_the_house_writes(texts: set[str]) -> None:
    assert len(texts) > 1000
    assert [(text, faults) for text in texts if (faults := found(text))] == []


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("ทำมากมาก", "มาก ๆ"),
        ("สำนักงานจังหวัดสำนักงานจังหวัด", "สำนักงานจังหวัด ๆ"),
        ("ส่วนงานต่างๆ ในองค์กร", "ส่วนงานต่าง ๆ"),
        ("อื่น ๆที่", "ๆ ท"),
        ("เว็บไซด์", "เว็บไซต์"),
        ("ดิจิตอล", "ดิจิทัล"),
        ("แพลทฟอร์ม", "แพลตฟอร์ม"),
        ("อีเมล์", "อีเมล"),
        ("อัพโหลด", "อัปโหลด"),
        ("แนวปฎิบัติ", "ปฏิ"),
        ("กฏหมาย", "กฎ"),
    ],
)
def test_what_is_written_otherwise_is_found(text: str, instead: str) -> None:
    assert instead in [fault.instead for fault in wording_faults(text)]


@pytest.mark.parametrize(
    "text", ["ต่าง ๆ นานา", "“อื่น ๆ”", "(ๆ)", "ที่ปรากฏ", "ยังไม่ไม่", "กรรมการการเลือกตั้ง", "วันที่ที่ระบุ", "มาตรฐานนั้น"]
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_right_spelling_is_not_taken_for_a_wrong_one() -> None:
    assert [s for s in SPELLINGS.values() if found(s)] == []
