"""Text and rectangles of a document, each found from the other."""

from __future__ import annotations

import pytest

from evidence.attaching.areas import Area
from evidence.reading.pages import DocumentText, PageText
from evidence.viewing.finding import find_in_document
from evidence.viewing.page_texts import LONGEST_SHOWN, shown_page
from evidence.viewing.passages import (
    areas_of,
    passage_between,
    passage_in_areas,
    passage_of_quote,
    runs_of,
    spans_of_mark,
)
from tests.evidence.viewing.conftest import grid_page

ONE = grid_page(1, "แผนของจังหวัด ปี 2567", "ผู้ว่าลงนามแล้ว")
TWO = grid_page(2, "หน้าสอง แผนของอำเภอ", "จบ")
DOCUMENT = DocumentText((ONE, TWO))


def test_words_lie_where_they_stand() -> None:
    runs = list(runs_of(ONE))
    assert [run.text for run in runs] == ["แผนของจังหวัด", "ปี", "2567", "ผู้ว่าลงนามแล้ว"]
    assert [ONE.text[run.start : run.start + len(run.text)] for run in runs] == [run.text for run in runs]
    assert runs[1][2:] == (1400, 0, 1600, 200)
    assert list(runs_of(ONE.__class__(3, "ไม่มีที่"))) == []


def test_what_is_selected_comes_with_its_rectangles() -> None:
    found = passage_between(DOCUMENT, (1, 14), (1, 25))
    assert found == ("1", "ปี 2567 ผู้", (Area(1, 1400, 0, 2100, 200), Area(1, 0, 200, 300, 400)))
    cut = passage_between(DOCUMENT, (1, 23), (1, 26))
    assert cut is not None
    assert cut.quote == "ผู้ว่"  # no letter loses its vowel or tone
    over = passage_between(DOCUMENT, (1, 22), (2, 7))
    assert over is not None
    assert (over.pages, over.quote) == ("1-2", "ผู้ว่าลงนามแล้ว หน้าสอง")
    assert [area.page for area in over.areas] == [1, 2]


@pytest.mark.parametrize(
    ("first", "last"), [((1, 5), (1, 5)), ((9, 0), (9, 5)), ((2, 3), (1, 3)), ((1, 900), (1, 990))]
)
def test_nothing_selected_is_no_passage(first: tuple[int, int], last: tuple[int, int]) -> None:
    assert passage_between(DOCUMENT, first, last) is None


def test_a_frame_takes_the_words_inside() -> None:
    frame = Area(1, 1350, 0, 2150, 190)
    assert passage_in_areas(DOCUMENT, [frame]) == ("1", "ปี 2567", (frame,))
    empty = Area(2, 5000, 5000, 9000, 9000)
    assert passage_in_areas(DOCUMENT, [empty]) == ("2", "", (empty,))
    assert passage_in_areas(DocumentText(()), [empty]).areas == (empty,)


def test_words_of_another_copy_become_ours() -> None:
    found = passage_of_quote(DOCUMENT, "แผน ของ อําเภอ", 1)
    assert found is not None
    assert (found.pages, found.quote) == ("2", "แผนของอำเภอ")
    assert passage_of_quote(DOCUMENT, "งบประมาณของตำบลอื่นทั้งหมด", 1) is None


def test_marks_are_found_in_the_text() -> None:
    assert spans_of_mark(DOCUMENT, ONE, "ลงนามแล้ว", []) == [(28, 37)]
    area = areas_of(ONE, 14, 21)
    assert spans_of_mark(DOCUMENT, ONE, "", area) == [(14, 21)]
    assert spans_of_mark(DOCUMENT, TWO, "", area) == []


def test_a_page_is_shown_with_its_marks() -> None:
    page = shown_page(DOCUMENT, 1, [("จังหวัด", []), ("", areas_of(ONE, 14, 21))])
    assert page.pieces[1:4] == (("จังหวัด", True), (" ", False), ("ปี 2567", True))
    assert "".join(piece for piece, _marked in page.pieces) == ONE.text
    assert (page.previous, page.following, page.last, page.cut) == (None, 2, 2, False)
    assert shown_page(DOCUMENT, 99, []).number == 2
    assert shown_page(DOCUMENT, 0, []).number == 1
    long = shown_page(DocumentText((PageText(1, "ก" * 60 + "ข" * LONGEST_SHOWN),)), 1, [("ก" * 60, [])])
    assert long.cut
    assert sum(len(piece) for piece, _marked in long.pieces) == LONGEST_SHOWN


def test_words_are_found_in_their_order() -> None:
    found = find_in_document(DOCUMENT, "แผน ของ")
    assert [(place.page, place.words) for place in found] == [(1, "แผนของ"), (2, "แผนของ")]
    assert found[0].areas == (Area(1, 0, 0, 600, 200),)
    assert found[1].before.endswith("หน้าสอง ")
    assert "จังหวัด" in found[0].passage.quote
    assert find_in_document(DOCUMENT, "ปี ๒๕๖๗")[0].words == "ปี 2567"
    assert find_in_document(DOCUMENT, "  ") == []
    assert len(find_in_document(DocumentText((grid_page(1, "ก" * 50),)), "ก", most=7)) == 7


def test_words_that_never_stand_together_are_found_apart() -> None:
    found = find_in_document(DOCUMENT, "ลงนาม จังหวัด")
    assert found
    assert {place.words for place in found} <= {"ลงนาม", "จังหวัด"}
