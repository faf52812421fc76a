"""Rows, options and fields of one card merged on three sides."""

from survey.answering.three_way import UNSURE, merge, with_unsure
from survey.instrument.schema import AnswerValue


def test_two_fields_of_one_card() -> None:
    base = {"mail": "old@example.org"}
    merged = merge(base, {"mail": "new@example.org"}, {**base, "mobile": "081"})
    assert merged.values == {"mail": "new@example.org", "mobile": "081"}
    assert (merged.conflicts, merged.taken_over) == ([], ["mail"])


def test_rows_of_both_sides_stay_in_order() -> None:
    base: dict[str, AnswerValue] = {"R": ["r1"], "R#r1/A": "x"}
    theirs: dict[str, AnswerValue] = {**base, "R": ["r1", "r2"], "R#r2/A": "y"}
    mine: dict[str, AnswerValue] = {**base, "R": ["r1", "r3"], "R#r3/A": "z"}
    merged = merge(base, theirs, mine)
    assert merged.values == {"R": ["r1", "r2", "r3"], "R#r1/A": "x", "R#r2/A": "y", "R#r3/A": "z"}
    assert not merged.conflicts


def test_a_removed_row_goes_unless_the_other_changed_it() -> None:
    base: dict[str, AnswerValue] = {"R": ["r1", "r2"], "R#r1/A": "x", "R#r2/A": "y", "R#r2/B": "z"}
    removed: dict[str, AnswerValue] = {"R": ["r1"], "R#r1/A": "x"}
    assert merge(base, removed, {**base, "R#r1/A": "n"}).values == {"R": ["r1"], "R#r1/A": "n"}
    changed = {**base, "R#r2/A": "n"}
    for merged, remover in ((merge(base, removed, changed), "theirs"), (merge(base, changed, removed), "mine")):
        assert merged.conflicts == ["R#r2"]
        assert merged.removed_rows == {"R#r2": remover}
        assert merged.values == changed


def test_options_merge_one_by_one_unless_they_exclude_each_other() -> None:
    def no_nine_with_others(address: str, merged: list[str]) -> list[str] | None:
        return None if "9" in merged and len(merged) > 1 else sorted(merged)

    merged = merge({"M": ["1"]}, {"M": ["1", "3"]}, {"M": ["2"]}, no_nine_with_others)
    assert (merged.values, merged.conflicts) == ({"M": ["2", "3"]}, [])
    assert merge({"M": ["1"]}, {"M": ["9"]}, {"M": ["1", "2"]}, no_nine_with_others).conflicts == ["M"]
    assert merge({"M": ["1", "2"]}, {"M": ["1"]}, {"M": ["2"]}).values == {}


def test_the_unsure_mark_merges_as_one_field() -> None:
    base = with_unsure({"A": "x"}, False, "")
    asked = with_unsure({"A": "x"}, True, "ถามก่อน")
    assert merge(base, asked, {"A": "y"}).values == {"A": "y", UNSURE: "ถามก่อน"}
    assert merge(base, asked, with_unsure({"A": "x"}, True, "อีกแบบ")).conflicts == [UNSURE]
