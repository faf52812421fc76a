"""On which page of a scan a question stands."""

from __future__ import annotations

from survey.entry.paper_pages import PrintedQuestion, pages_of_questions

ASKED = [
    PrintedQuestion("a", "1.1", "มีนโยบายหรือไม่"),
    PrintedQuestion("b", "1.1.1", "นโยบายเผยแพร่ที่ใด"),
    PrintedQuestion("c", "1.2", "มีงบประมาณหรือไม่"),
    PrintedQuestion("d", "", "ชื่อผู้กรอก"),
]


def test_code_and_wording_are_found_whatever_the_blanks_and_digits() -> None:
    pages = ["ปก ตัวชี้วัดที่ 1", "๑.๑ มีนโยบาย หรือไม่\nมี\nไม่มี", "1.1.1  นโยบายเผยแพร่ ที่ใด", "1.2 มีงบประมาณหรือไม่ ชื่อ ผู้กรอก"]
    assert pages_of_questions(pages, ASKED) == {"a": 2, "b": 3, "c": 4, "d": 4}


def test_the_code_alone_counts_at_the_beginning_of_a_line_and_as_a_whole() -> None:
    pages = ["ข้อ 1.2 ดูหน้าถัดไป\n1.1.1 xx\n1.15 yy", "1.1 มืนโยยาย", "  (1.2) มึงบ"]
    assert pages_of_questions(pages, ASKED) == {"a": 2, "c": 3}


def test_no_question_is_looked_for_before_the_one_ahead_of_it() -> None:
    pages = ["1.2 มีงบประมาณหรือไม่", "1.1 มีนโยบายหรือไม่", "1.2 มีงบประมาณหรือไม่"]
    assert pages_of_questions(pages, ASKED)["c"] == 3
    assert pages_of_questions([], ASKED) == {}
