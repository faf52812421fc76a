"""The made-up year: every operator and rule of the language gives what it says, with no change of code."""

from decimal import Decimal

import pytest

from tests.scoring.worlds import criterion, full_answers, sheet_of

NONE = frozenset()


def value(ident: str, values: dict, **more) -> object:
    return criterion(sheet_of("trial", values, **more), ident).value


def points(ident: str, values: dict, **more) -> Decimal:
    return criterion(sheet_of("trial", values, **more), ident).points


def test_choice_with_file_or_url() -> None:
    assert points("plan", {"T1": "doing"}) == 30
    assert points("plan", {"T1": "done"}, marked=NONE) == 0
    assert points("plan", {"T1": "done", "T1.3": "https://a.example.org"}, marked=NONE) == 100


def test_skipped_questions_count_nothing() -> None:
    values = {"T1": "none", "T2": ["evening", "weekend"], "T3": "20"}
    assert value("hours", values) == 0
    assert value("longest", values) is None
    assert {x.state for x in criterion(sheet_of("trial", values), "hours").missing} == {"off"}


def test_number_with_steps_between_whole_numbers() -> None:
    base = {"T1": "doing", "T2": ["evening", "weekend"]}
    assert points("longest", base | {"T3": "12.5"}) == 100
    assert points("longest", base | {"T3": "12.4"}) == 60
    assert points("longest", base | {"T3": "12.5"}, marked=NONE) == 0, "the field asks for evidence"


def test_table_cells_count_options_answers_and_rows() -> None:
    values = {
        "T4/kiosk/state": "yes",
        "T4/kiosk/use": ["pay", "ask", "other"],
        "T4.kiosk.year": "2027-01",
        "T4/van/state": "no",
        "T4/van/use": ["pay"],
    }
    assert value("equipment", values) == 4, "one row, two proven uses, the month; the van's use is off the path"
    assert value("equipment", values, marked=frozenset({"T4/kiosk/use=pay"})) == 3
    parts = criterion(sheet_of("trial", values), "equipment").trace.parts
    assert [(p.name.en, p.value) for p in parts] == [("Present", 1), ("Proven uses", 2), ("Month the kiosk started", 1)]


def test_all_needs_every_part() -> None:
    assert points("repair-page", {"T5.1": "used"}) == 0
    assert points("repair-page", {"T5.1": "used", "T5.1.1": "https://a.example.org"}) == 100
    assert points("repair-page", {"T5.1": "trial", "T5.1.1": "https://a.example.org"}) == 0


def test_any_needs_one_part() -> None:
    assert points("connected", {"T8": "yes"}) == 100
    assert points("connected", {"T8": "yes"}, marked=NONE) == 0
    assert points("connected", {"T8": "no"}) == 0


def course(row: str, form: str = "room", rounds: int = 0) -> dict:
    base = f"T6#{row}"
    values: dict = {f"{base}/T6.name": "x", f"{base}/T6.form": form}
    if form == "online":
        values[f"{base}/T6.link"] = "https://www.example.org/"
    if rounds:
        values[f"{base}/T6.rounds"] = [f"r{n}" for n in range(rounds)]
        for n in range(rounds):
            values |= {f"{base}/T6.rounds#r{n}/T6.seats": "9", f"{base}/T6.rounds#r{n}/T6.came": "8"}
    return values


def test_repeats_having_nested_repeats() -> None:
    values = {"T6": ["r1", "r2", "r3"], **course("r1", rounds=2), **course("r2"), **course("r3", "online", 1)}
    assert value("courses", values) == 3, "two courses with rounds, one of them online"
    assert value("courses", values, marked=frozenset({"T6#r1"})) == 1
    without_link = {k: v for k, v in values.items() if not k.endswith("T6.link")}
    assert value("courses", without_link) == 2, "a course that lacks what its form asks for"
    half = values | {"T6#r1/T6.rounds#r1/T6.came": []}
    assert value("courses", {k: v for k, v in half.items() if v}) == 3, "one complete round is enough"


def test_ratio() -> None:
    base = {"T8": "yes", "T8.1.of": "5"}
    assert points("satisfaction", base | {"T8.1": "4"}) == 100
    assert points("satisfaction", base | {"T8.1": "3.99"}) == 50
    assert value("satisfaction", {"T8": "yes", "T8.1": "4"}) is None


def test_rules_weighted_min_and_max() -> None:
    sheet = sheet_of("trial", {"T1": "doing", "T2": ["evening", "weekend", "other"]})
    subs = {s.code: s for s in sheet.sub_pillars}
    assert subs["1.1"].score == Decimal("38.00"), "(3 × 30 + 100 + 0) / 5"
    values = {"T5.1": "used", "T4/kiosk/state": "yes", "T4/kiosk/use": ["pay"]}
    subs = {s.code: s for s in sheet_of("trial", values).sub_pillars}
    assert [p.score for p in subs["1.2"].parts] == [40, 90]
    assert subs["1.2"].score == 40


def test_own_bands_and_rounding() -> None:
    sheet = sheet_of("trial", full_answers("trial"), externals={"2.2": Decimal("49.99")})
    assert [p.number for p in sheet.pillars] == ["1", "2"]
    second = sheet.pillars[1]
    assert [s.level for s in second.sub_pillars] == [4, 2]
    assert (second.index, second.level) == (3, 3)
    sheet = sheet_of("trial", full_answers("trial"), externals={"2.2": Decimal(50)})
    assert (sheet.pillars[1].index, sheet.pillars[1].level) == (Decimal("3.5"), 4), "halves go up"


@pytest.mark.parametrize("ident", ["plan", "equipment", "courses", "satisfaction", "central-test"])
def test_every_criterion_has_a_reason_in_both_languages(ident: str) -> None:
    found = criterion(sheet_of("trial", full_answers("trial")), ident)
    assert found.reason.th
    assert found.reason.en
    assert found.reason.en != found.reason.th
