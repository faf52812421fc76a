"""Text from where glyphs stand, and repairs with their map back."""

from __future__ import annotations

import pytest

from dgready.glyph_layout import Glyph, lay_out
from dgready.thai_repair import (
    repair_text,
)

MARKS = "ัิีึืฺุู็่้๊๋์ํ"
WIDTH, HEIGHT = 6.0, 12.0


def drawn(text: str, top: float = 100.0, left: float = 50.0) -> list[Glyph]:
    """The glyphs of a line as a face draws them: marks above their letter, without room of their own."""
    glyphs, x = [], left
    for character in text:
        if character in MARKS:
            box = (x - 4.5, top, x, top + HEIGHT)
            ink = (x - 4.5, top - 2, x - 0.5, top + 1)
        else:
            box = (x, top, x + WIDTH, top + HEIGHT)
            ink = (x + 0.3, top + 3, x + WIDTH - 0.3, top + HEIGHT - 2)
            x += WIDTH
        glyphs.append(Glyph(character, box, ink))
    return glyphs


def text_of(glyphs: list[Glyph]) -> str:
    return repair_text(lay_out(glyphs)[0]).strip()


LINES = ("รวมทั้งสิ้น", "แผนงานพื้นฐานด้านการสร้างความสามารถ", "ตัวชี้วัด หน่วยนับ", "คู่มือปฏิบัติ ที่ 12")


@pytest.mark.parametrize("line", LINES)
def test_marks_go_where_they_are_drawn(line: str) -> None:
    """Whenever they come: all at the end, as some programs write them."""
    glyphs = drawn(line)
    late = [g for g in glyphs if g.character not in MARKS] + [g for g in glyphs if g.character in MARKS]
    assert text_of(late) == line


@pytest.mark.parametrize("line", LINES)
def test_marks_that_are_drawn_twice_stand_once(line: str) -> None:
    twice = [g for glyph in drawn(line) for g in ([glyph, glyph] if glyph.character in MARKS else [glyph])]
    assert text_of(twice) == line


def test_a_row_that_is_drawn_piece_by_piece_is_one_line() -> None:
    """As tables are: the second column first."""
    row = [*drawn("กรมป่าไม้"), *drawn("200.6", left=300), *drawn("รวม", left=200)]
    assert text_of([*row, *drawn("ถัดไป", top=120)]) == "กรมป่าไม้ รวม 200.6\nถัดไป"


def test_what_lies_over_other_letters_is_a_line_of_its_own() -> None:
    assert text_of([*drawn("ตัวอย่าง"), *drawn("ร่าง", top=103, left=60)]).count("\n") == 1


def test_each_character_knows_its_glyph() -> None:
    glyphs = drawn("ทั้งสิ้น")
    text, origins = lay_out(glyphs)
    assert [glyphs[i].character for i in origins if i >= 0] == list(text.strip())


def test_raised_tones_of_old_faces_are_read_where_the_file_is_unsure() -> None:
    glyphs = [Glyph("Ê", g.box, g.ink, unsure=True) if g.character == "้" else g for g in drawn("ทั้งสิ้น")]
    assert text_of(glyphs) == "ทั้งสิ้น"
