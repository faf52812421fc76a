"""Putting the rows of contributions together: equal, alike, left out, too many (pure)."""

from __future__ import annotations

from survey.consolidating.compare import compare_contributions
from survey.consolidating.comparison import Contribution, FieldComparison, RepeatComparison
from survey.consolidating.merge import merge_contributions
from survey.consolidating.merge_choices import (
    MergeChoices,
    propose_choices,
    record_left_out_rows,
    take_contribution,
    unite_contributions,
)
from survey.consolidating.merge_options import merge_options
from survey.instrument.schema import AnswerValue, AnswerValues
from tests.survey.consolidating.forms import question

ROW = {"T6.name": "หลักสูตร ก", "T6.form": "room"}


def course(key: int, *rows: dict[str, str], rounds: dict[str, list[str]] | None = None) -> Contribution:
    """A contribution to the courses; `rounds`: row → seats of its inner rows."""
    values: dict[str, AnswerValue] = {"T6": [f"r{n}" for n in range(1, len(rows) + 1)]}
    for n, row in enumerate(rows, 1):
        values |= {f"T6#r{n}/{k}": v for k, v in row.items()}
    for row, seats in (rounds or {}).items():
        values[f"T6#{row}/T6.rounds"] = [f"r{n}" for n in range(1, len(seats) + 1)]
        values |= {f"T6#{row}/T6.rounds#r{n}/T6.seats": s for n, s in enumerate(seats, 1)}
    return Contribution(key, values)


def courses(*givens: Contribution, current: AnswerValues | None = None) -> RepeatComparison:
    comparison = compare_contributions(question("T6"), givens, current or {})
    return next(r for r in comparison.repeats if r.address == "T6")


def test_equal_rows_are_one_and_their_inner_rows_come_together() -> None:
    one = course(1, ROW, rounds={"r1": ["10"]})
    two = course(2, {"T6.name": "หลักสูตร  ก", "T6.form": "room"}, {"T6.name": "ข"}, rounds={"r1": ["10", "20"]})
    found = courses(one, two)
    assert [r.keys for r in found.rows] == [(1, 2), (2,)]
    inner = next(n for n in found.rows[0].nodes if isinstance(n, RepeatComparison))
    assert [r.keys for r in inner.rows] == [(1, 2), (2,)]
    comparison = compare_contributions(question("T6"), [one, two], {})
    merged = merge_contributions(comparison, unite_contributions(comparison))
    assert len(merged.values["T6"]) == 2
    row = merged.values["T6"][0]
    assert [merged.values[f"T6#{row}/T6.rounds#{r}/T6.seats"] for r in merged.values[f"T6#{row}/T6.rounds"]] == [
        "10",
        "20",
    ]


def test_rows_of_the_same_name_that_differ_stay_apart_and_know_of_each_other() -> None:
    found = courses(course(1, ROW), course(2, {**ROW, "T6.form": "online"}))
    assert [r.similar for r in found.rows] == [(found.rows[1].id,), (found.rows[0].id,)]


def test_a_row_twice_in_one_contribution_is_offered_twice_and_united_once() -> None:
    found = courses(course(1, ROW, ROW), course(2, ROW))
    assert [(r.keys, r.is_repeated) for r in found.rows] == [((1, 2), False), ((1,), True)]
    comparison = compare_contributions(question("T6"), [course(1, ROW, ROW), course(2, ROW)], {})
    assert len(merge_contributions(comparison, unite_contributions(comparison)).values["T6"]) == 1
    assert len(merge_contributions(comparison, take_contribution(comparison, 1)).values["T6"]) == 2


def test_more_rows_than_the_form_takes_are_not_chosen_by_the_program() -> None:
    givens = [course(n, {"T6.name": f"หลักสูตร {n}"}) for n in range(1, 6)]
    comparison = compare_contributions(question("T6"), givens, {})
    assert propose_choices(comparison).rows["T6"] == ()
    too_many = merge_contributions(comparison, unite_contributions(comparison))
    assert [(i.address, i.reason) for i in too_many.invalid] == [("T6", "rows")]


def test_a_row_that_changed_at_its_source_keeps_its_place_and_asks_which_words_to_use() -> None:
    first = compare_contributions(question("T6"), [course(1, ROW)], {})
    stands = merge_contributions(first, take_contribution(first, 1)).values
    changed = course(1, {**ROW, "T6.name": "หลักสูตร ก (ใหม่)"})
    again = compare_contributions(question("T6"), [changed], stands)
    (row,) = next(again.repeats).rows
    assert (row.id, row.is_current) == (stands["T6"][0], True)
    name = next(n for n in row.nodes if isinstance(n, FieldComparison) and n.item.id == "T6.name")
    assert {w.code for w in merge_options(name)} >= {"from:1", "keep"}
    # As it was taken from the agency before, its new words come along; typed over, the province's stay.
    pulled = merge_contributions(
        again, propose_choices(again, record_left_out_rows(first, take_contribution(first, 1)))
    )
    assert pulled.values[name.address] == "หลักสูตร ก (ใหม่)"
    assert merge_contributions(again, propose_choices(again)).values == stands


def test_a_row_that_stands_keeps_its_id_when_an_agency_gives_the_same() -> None:
    stands = {"T6": ["rown"], "T6#rown/T6.name": "หลักสูตร ก", "T6#rown/T6.form": "room"}
    found = courses(course(1, ROW), current=stands)
    assert [(r.id, r.keys) for r in found.rows] == [("rown", (1,))]


def test_rows_left_out_before_stay_out_and_new_ones_come_in() -> None:
    a, b, c = course(1, ROW), course(2, {"T6.name": "ข"}), course(3, {"T6.name": "ค"})
    first = compare_contributions(question("T6"), [a, b], {})
    rows = next(first.repeats).rows
    old = record_left_out_rows(first, MergeChoices({}, {}, {"T6": (rows[0].id,)}))
    stands = merge_contributions(first, old).values
    again = compare_contributions(question("T6"), [a, b, c], stands)
    chosen = propose_choices(again, old).rows["T6"]
    assert [r.keys for r in next(again.repeats).rows if r.id in chosen] == [(1,), (3,)]


def test_evidence_places_follow_their_rows() -> None:
    one, two = course(1, ROW), course(2, {"T6.name": "ข", "T6.form": "online"})
    comparison = compare_contributions(question("T6"), [one, two], {})
    rows = next(comparison.repeats).rows
    assert comparison.provincial_address(2, "T6#r1") == f"T6#{rows[1].id}"
    assert comparison.provincial_address(2, "T6#r1/T6.form=online") == f"T6#{rows[1].id}/T6.form=online"
    assert comparison.provincial_address(2, "T6#r9") is None
    assert comparison.provincial_address(1, "T2=evening") == "T2=evening"
