"""File names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.files.names import MAX_NAME_LENGTH, clean_file_name


@pytest.mark.parametrize(
    ("name", "kind", "cleaned"),
    [
        ("แผนดิจิทัล.pdf", "pdf", "แผนดิจิทัล.pdf"),
        ("แผน พ.ศ. 2568", "pdf", "แผน พ.ศ. 2568.pdf"),
        ("ฉบับที่ 1.2.pdf", "pdf", "ฉบับที่ 1.2.pdf"),
        ("ภาพ.JPG", "jpeg", "ภาพ.jpg"),
        ("ภาพ.jpeg", "jpeg", "ภาพ.jpg"),
        ("plan.docx", "pdf", "plan.pdf"),
        ("plan.docx.pdf", "pdf", "plan.docx.pdf"),
        ("plan.pdf.exe", "pdf", "plan.pdf"),
        ("C:\\Users\\me\\plan.pdf", "pdf", "plan.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("..", "pdf", "เอกสาร.pdf"),
        ("", "png", "เอกสาร.png"),
        (".htaccess", "pdf", "htaccess.pdf"),
        ("con.pdf", "pdf", "_con.pdf"),
        ("a\x00b\r\nc.pdf", "pdf", "ab c.pdf"),
        ("rcs\u202efdp.exe", "docx", "rcsfdp.docx"),
        ('a"b<c>.pdf', "pdf", "a_b_c_.pdf"),
        ("การสํารวจ.pdf", "pdf", "การสำรวจ.pdf"),
        ("cafe\u0301.pdf", "pdf", "caf\u00e9.pdf"),
    ],
)
def test_cleaned(name: str, kind: str, cleaned: str) -> None:
    assert clean_file_name(name, kind) == cleaned


def test_a_long_name_keeps_its_extension_and_whole_letters() -> None:
    name = clean_file_name("ก" * 145 + "ี่" * 30 + ".pdf", "pdf")
    assert len(name) <= MAX_NAME_LENGTH
    assert name.endswith(".pdf")
    assert clean_file_name("กี่" * 100, "pdf").removesuffix(".pdf").endswith("กี่")


@pytest.mark.slow
@given(st.text(max_size=400), st.sampled_from(["pdf", "jpeg", "xlsx"]))
def test_any_name_becomes_a_safe_one(name: str, kind: str) -> None:
    cleaned = clean_file_name(name, kind)
    assert 0 < len(cleaned) <= MAX_NAME_LENGTH
    assert cleaned.endswith((".pdf", ".jpg", ".xlsx"))
    assert not set(cleaned) & set('/\\<>:"|?*\x00\r\n')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn") for c in cleaned)
    assert not cleaned.startswith((".", " "))
