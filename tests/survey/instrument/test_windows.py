"""Evidence windows: which the form of 2568 prints, what inherits them, what is wrong with them, and what they mean."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from survey.answering.checker import AttachedFile, OpenPoint, find_open_points
from survey.instrument.addresses import item_id_of
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.place_windows import PrintedWindow, printed_windows, window_at, window_of
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.windows import NO_WINDOW, PERIOD_WINDOW, EvidenceWindow, whole_years
from tests.trial import REAL, ROOT, TRIAL

FIRST_VERSION = ROOT / "fixtures/instruments/dg-province-2568.yaml"
YEAR = (date(2024, 6, 12), date(2025, 5, 30))
TWO_YEARS = (date(2023, 5, 31), date(2025, 5, 30))

# The evidence places of the paper by question: how many, and the days printed for them.
PLACES_OF_2568: dict[str, tuple[int, tuple[date, date] | None]] = {
    "G1": (1, None),
    "G2": (1, YEAR),
    "G3": (5, TWO_YEARS),
    "P1.1": (12, None),
    "P1.2a": (22, None),
    "P1.3": (1, None),
    "P1.4": (1, None),
    "P1.5": (2, None),
    "P1.6": (2, None),
    "P1.7": (1, None),
    "P2.1.1": (1, None),
    "P2.1.2": (5, None),
    "P2.1.3.1": (1, None),
    "P2.1.3.2": (1, None),
    "P2.1.4": (9, None),
    "P2.2.1.1": (1, None),
    "P2.2.1a": (1, None),
    "P2.2.1.2": (1, None),
    "P2.3.1.3": (15, None),
    "P2.4": (18, None),
    "P3.1": (14, YEAR),
    "P4.2.2": (2, None),
    "P4.2.3": (1, None),
    "P4.3": (5, None),
    "P4.4": (7, None),
    "P5.2": (1, None),
    "P5.2.1": (6, None),
    "P5.3": (6, None),
    "P5.3.1": (3, None),
    "P6.1.A": (3, None),
    "P6.1.B": (3, None),
    "P6.1.C": (2, None),
    "P6.2.1": (12, None),
    "P6.2.2": (10, None),
    **{f"P7.1.{n}": (3, None) for n in range(1, 13)},
    "P7.1.13": (9, None),
}


@cache
def compiled(path: Path) -> CompiledInstrument:
    instrument, faults = check_instrument(path.read_text(encoding="utf8"))
    assert instrument is not None, faults
    return instrument


def every_place(items: Iterable[Item], prefixes: tuple[str, ...] = ("",)) -> Iterator[str]:
    """The address of every evidence place at the most rows of each repeat."""
    for item in items:
        inner = prefixes
        if item.kind == "repeat":
            rows = [f"{p}{item.id}#r{n}" for p in prefixes for n in range(item.max_rows or 1)]
            inner = tuple(f"{row}/" for row in rows)
            yield from rows if item.evidence == "required" else ()
        elif item.evidence == "required":
            yield from (p + item.id for p in prefixes)
        for option in item.options:
            if option.evidence != "none":
                yield from (f"{p}{item.id}={option.key}" for p in prefixes)
            yield from every_place(option.then, prefixes)
        for key, row in item.answer_rows:
            for column in item.columns:
                cell = f"{item.id}/{key}/{column.key}"
                yield from (p + cell for p in prefixes if column.evidence == "required")
                picked = [o.key for o in column.options if o.evidence != "none"]
                yield from (f"{p}{cell}={option_key}" for p in prefixes for option_key in picked)
            for opened in row.then.values():
                yield from every_place(opened, prefixes)
        yield from every_place(item.items, inner)


def item_of(instrument: CompiledInstrument, address: str) -> Item:
    """The item that an address belongs to."""
    return instrument.items[item_id_of(address)]


def test_each_of_the_221_places_has_the_window_that_the_paper_prints() -> None:
    instrument = compiled(REAL)
    places = [
        (a, item_of(instrument, a).question or "") for a in every_place(i for s in instrument.sections for i in s.items)
    ]
    assert len(places) == 221
    assert Counter(question for _, question in places) == {q: n for q, (n, _) in PLACES_OF_2568.items()}
    found = {a: window_at(instrument, a).span(YEAR) for a, _ in places}
    assert found == {a: PLACES_OF_2568[q][1] for a, q in places}


def test_the_published_first_version_asks_everything_of_its_period() -> None:
    instrument = compiled(FIRST_VERSION)
    windows = {window_at(instrument, a) for a in every_place(i for s in instrument.sections for i in s.items)}
    assert windows == {PERIOD_WINDOW}
    assert {item.window for item in instrument.items.values()} == {PERIOD_WINDOW}
    assert printed_windows(instrument, YEAR) == [PrintedWindow(*YEAR)]


def test_what_papers_print_names_the_questions() -> None:
    assert printed_windows(compiled(REAL), YEAR) == [
        PrintedWindow(*YEAR, ("G2", "P3.1")),
        PrintedWindow(*TWO_YEARS, ("G3",)),
    ]


def test_the_dates_of_a_round_move_what_is_printed_relative_to_it() -> None:
    moved = (date(2025, 1, 1), date(2025, 12, 31))
    assert [(w.first, w.last) for w in printed_windows(compiled(REAL), moved)] == [
        moved,
        (date(2024, 1, 1), date(2025, 12, 31)),
    ]
    fixed = (date(2027, 1, 1), date(2027, 3, 31))
    assert window_at(compiled(TRIAL), "T4/van/use=pay").span(moved) == fixed


def test_years_before_a_leap_day_begin_on_the_first_of_march() -> None:
    assert EvidenceWindow("years", 1).span((date(2023, 3, 1), date(2024, 2, 29))) == (
        date(2023, 3, 1),
        date(2024, 2, 29),
    )


def test_whole_years_count_birthdays() -> None:
    assert whole_years(date(2020, 5, 2), date(2025, 5, 1)) == 4
    assert whole_years(date(2020, 5, 1), date(2025, 5, 1)) == 5
    assert whole_years(date(2026, 1, 1), date(2025, 5, 1)) == 0


@pytest.mark.parametrize(
    ("address", "window"),
    [
        ("T2=evening", NO_WINDOW),  # nothing is said: none
        ("T1=done", EvidenceWindow("years", 3)),  # the option's own
        ("T4/kiosk/use=pay", PERIOD_WINDOW),  # of the section
        ("T4/van/use=pay", EvidenceWindow("dates", days=(date(2027, 1, 1), date(2027, 3, 31)))),  # of the row
        ("T4/van/amount", NO_WINDOW),  # the column says none, and comes before the row
        ("T6#r1", PERIOD_WINDOW),  # the item's own
        ("T6#r1/T6.form=online", PERIOD_WINDOW),  # inherited from the repeat
        ("T8=yes", NO_WINDOW),
    ],
)
def test_a_window_is_inherited_until_another_is_given(address: str, window: EvidenceWindow) -> None:
    assert window_at(compiled(TRIAL), address) == window


def test_opened_items_take_the_window_of_what_opens_them() -> None:
    items = compiled(TRIAL).items
    assert (items["T1.1"].window, items["T1.2"].window) == (NO_WINDOW, PERIOD_WINDOW)
    assert items["T4.van.use"].window.days == (date(2027, 1, 1), date(2027, 3, 31))
    assert items["T4.kiosk.use"].window == PERIOD_WINDOW
    assert window_of(items["T1"]) == NO_WINDOW


FAULTS = {
    "windows: per_item": ("windows: everywhere", "`windows` is per_item, or left out"),
    "window: {years: 3}": ("window: {years: 0}", "`window` is none, period, {years: N}"),
    "window: {from: 2027-01-01, to: 2027-03-31}": ("window: {from: 2027-04-01, to: 2027-03-31}", "ends before"),
    "evidence: required, window: none}": ("evidence: required, window: always}", "`window` is none, period"),
    "        window: period\n        rows": (
        "        window: {from: soon, to: 2027-03-31}\n        rows",
        "`from` is a date",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "message"), [(k, *v) for k, v in FAULTS.items()])
def test_a_wrong_window_is_a_fault_with_its_line(right: str, wrong: str, message: str) -> None:
    text = TRIAL.read_text(encoding="utf8")
    assert text.count(right) == 1
    instrument, faults = check_instrument(text.replace(right, wrong))
    assert instrument is None
    named = [fault for fault in faults if message in fault.message]
    assert named, faults
    assert all(fault.line for fault in named)


def test_a_window_in_a_file_that_gives_none_per_item_is_a_fault() -> None:
    _, faults = check_instrument(TRIAL.read_text(encoding="utf8").replace("windows: per_item\n", ""))
    assert {f.message for f in faults} == {"`window` needs `windows: per_item` in the head of the file"}
    assert len(faults) == TRIAL.read_text(encoding="utf8").count("window: ")


def date_points(path: Path, values: dict[str, AnswerValue], files: list[AttachedFile]) -> list[OpenPoint]:
    by_place = {file.address: [file] for file in files}
    found = find_open_points(resolve_path(compiled(path), values), by_place, period=YEAR, unsure={}, comments={})
    return [point for point in found if point.kind == "date"]


OLD = [date(year - 543, 3, 15) for year in range(2560, 2567)]


@pytest.mark.parametrize("day", OLD)
def test_old_documents_are_no_open_points_where_the_paper_prints_no_window(day: date) -> None:
    """Judged by: documents of 2560–2566 at G1, P1.1 and P5.1; and what the paper does ask to be of the year."""
    values: dict[str, AnswerValue] = {
        "G1": "yes",
        "G2": "yes",
        "P1.1": "done",
        "P1.3": "doing",
        "P1.3.2": f"{day:%Y-%m}",
        "P5.1/1/state": "yes",
    }
    where = ["G1=yes", "G2=yes", "P5.1/1/state", "P5.1/1/state=yes"]
    places = [a for a in every_place(i for s in compiled(REAL).sections for i in s.items) if a.startswith("P1.1")]
    field = places[0].partition("=")[0]
    values[field] = [a.partition("=")[2] for a in places]
    files = [AttachedFile(address, "คำสั่ง.pdf", True, day) for address in (*where, *places)]
    assert {p.address for p in date_points(REAL, values, files)} == {"G2=yes"}
    first = {p.address for p in date_points(FIRST_VERSION, values, files)}
    assert {"G1=yes", "G2=yes", "P1.3.2", *places} == first
