"""Where in a workbook a table begins."""

from hypothesis import given
from hypothesis import strategies as st

from dgready.typed.result import Refusal, Understood
from dgready.typed.tables import find_in_sheets, find_table

HEADS = {"code": ("รหัส", "code"), "score": ("คะแนน", "score"), "note": ("หมายเหตุ", "note")}


def test_a_table_below_its_title() -> None:
    rows = [("บัญชีคะแนน ปี 2569",), (), ("ลำดับ", "รหัส *", "คะแนน:", ""), ("1", "1.1", "50")]
    result = find_table(rows, HEADS, ("code", "score"))
    assert isinstance(result, Understood)
    assert (result.value.heading_row, result.value.columns) == (2, {"code": 1, "score": 2})
    assert result.value.others == {0: "ลำดับ"}
    assert result.differs
    assert "แถว 3" in result.words.th


def test_a_table_behind_a_cover_sheet() -> None:
    sheets = [("ปก", [("บัญชี",), ("รหัส",)]), ("ข้อมูล", [("ＣＯＤＥ", "Score")])]
    result = find_in_sheets(sheets, HEADS, ("code", "score"))
    assert isinstance(result, Understood)
    assert (result.value.sheet, result.value.heading_row) == (1, 0)
    assert "“ข้อมูล”" in result.words.th


def test_what_the_best_row_lacks_is_named() -> None:
    near = find_table([("x",), ("code", "note")], HEADS, ("code", "score", "note"))
    nothing = find_table([("x",)], HEADS, ("code", "score"))
    twice = find_table([("code", "score", "รหัส")], HEADS, ("code", "score"))
    assert isinstance(near, Refusal)
    assert near.reason.th == "แถว 2 ไม่มีหัวคอลัมน์ “คะแนน”"
    assert isinstance(nothing, Refusal)
    assert "“รหัส”, “คะแนน”" in nothing.reason.th
    assert isinstance(twice, Refusal)
    assert twice.code == "twice"


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=8))
def test_no_rows_crash(rows: list[list[str]]) -> None:
    assert isinstance(find_table(rows, HEADS, ("code",)), Understood | Refusal)
