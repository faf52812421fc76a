"""Faults of scheme files are all found at once, each with its line."""

import re
from collections.abc import Callable

import pytest

from scoring.scheme.check import check_scheme, check_weights
from scoring.scheme.load import parse_scheme
from tests.scoring.worlds import FILES, text, world

OF_40 = "weight: {value: 40, from: official}"
T8_ALONE = '- {options: T8, only: "yes"}'
T7_AND_T8 = '- {options: T7, only: "yes"}\n            ' + T8_ALONE
AS_CHOICE = 'choice: T7, points: {"no": [0, assumed], "yes": [9, assumed]}, name'
SCHEMES = ["fixtures/schemes/dg-province-2566.yaml", "fixtures/schemes/dg-province-2567.yaml"]
SCHEMES += [scheme for _, scheme in FILES.values()]


def broken(old: str, new: str, name: str = "trial") -> str:
    """The made-up (or real) scheme with one thing changed."""
    source = text(FILES[name][1])
    assert source.count(old) >= 1, old
    return source.replace(old, new, 1)


def said(source: str) -> list[str]:
    """All faults of a scheme, also against its instrument, as they are printed."""
    scheme, faults = parse_scheme(source)
    if scheme is not None:
        faults = check_scheme(scheme, world("trial")[0])
    return [str(f) for f in faults]


@pytest.mark.parametrize("path", SCHEMES)
def test_own_schemes_have_no_faults(path: str) -> None:
    scheme, faults = parse_scheme(text(path))
    assert faults == []
    assert check_weights(scheme) == []


@pytest.mark.parametrize("name", FILES)
def test_own_schemes_fit_their_instruments(name: str) -> None:
    instrument, scheme = world(name)
    assert check_scheme(scheme, instrument) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("choice: T1\n", "choice: T99\n", "unknown field 'T99'"),
        ("choice: T1\n", "choice: T2\n", "'T2' is not a single choice"),
        ("doing: [30, assumed]", "going: [30, assumed]", "'T1' has no option 'going'"),
        ("doing: [30, assumed], ", "", "no points for option 'doing'"),
        ("doing: [30, assumed]", "doing: [130, assumed]", "points are between 0 and 100, found 130"),
        ("doing: [30, assumed]", "doing: [30, guessed]", "`from` is one of"),
        ("doing: [30, assumed]", "doing: 30", "points are [points, origin]"),
        ("{options: T2, except: never}", "{options: T2, except: nothing}", "no option 'nothing' in T2"),
        ("{options: T2, except: never}", "{options: T2, besides: never}", "'options' does not know 'besides'"),
        ("{options: T2, except: never}", "{picks: T2}", "a measure is one of"),
        ("{options: T2, except: never}", "{options: T3}", "'T3' has no options to count"),
        ("{options: T2, except: never}", "{options: [T2, T2]}", "names something twice"),
        ("[1, 50, assumed], [3, 100, official]", "[3, 50, assumed], [1, 100, official]", "the steps must rise"),
        ("[1, 50, assumed], [3, 100, official]", "[1, 50, assumed], [3, 20, official]", "must not fall"),
        ("[1, 50, assumed], [3, 100, official]", "[1, 50, assumed], [4, 100, official]", "at most 3 can be counted"),
        ("[1, 50, assumed], [3, 100, official]", "[1, 50, assumed], [2.5, 100, official]", "a count is never 2.5"),
        ("count: {number: T3}", "count: {number: T2}", "unknown number 'T2'"),
        ("{number: T3}", "{number: T6.seats}", "'T6.seats' is inside a repeat"),
        ("rows: T4, column: state", "rows: T5, column: state", "unknown table 'T5'"),
        ("rows: T4, column: state", "rows: T4, column: shape", "'T4' has no column 'shape'"),
        ('in: ["yes"], name', 'in: ["maybe"], name', "column 'state' has no option 'maybe'"),
        ('in: ["yes"], name', 'in: ["yes"], only: ["boat"], name', "'T4' has no row 'boat'"),
        ("T4/van/use]", "T4/boat/use]", "unknown field 'T4/boat/use'"),
        ("{answered: T5.1.1}", "{answered: T6}", "'T6' is a repeat, not a field"),
        ("{repeat: T6, having", "{repeat: T1, having", "unknown repeat 'T1'"),
        ("having: {answered: T6.came}", "having: {answered: T6.name}", "'T6.name' is not an item of 'T6.rounds'"),
        ("part: T8.1, whole", "part: T8, whole", "unknown number 'T8'"),
        ("{part: T8.1, whole: T8.1.of}", "[T8.1, T8.1.of]", "`ratio` is {part: item, whole: item}"),
        (OF_40, "weight: {value: 41, from: official}", "its sub-pillars weigh 61, the pillar 60"),
        ("{weight: 60, from: official}", "{weight: 70, from: official}", "the weights add up to 110, not 100"),
        (OF_40, "weight: {value: -4, from: official}", "must not be negative"),
        (OF_40, "weight: {value: x, from: official}", "not a number: 'x'"),
        ("        share: {value: 3, from: assumed}\n", "", "`weighted` needs a `share` for each"),
        ("combine: {rule: weighted,", "combine: {rule: mean,", "`share` goes with combine: weighted"),
        ("combine: {rule: min, from: assumed}", "combine: {rule: median, from: assumed}", "`combine` is {rule:"),
        ('"1.2.1":', '"1.2.9":', "is not a part of 1.2 in the instrument"),
        ('"2.2":\n', '"2.3":\n', "sub-pillar 2.2: is in the instrument and missing here"),
        ("external: true, name", AS_CHOICE, "the instrument says its score comes from outside"),
        ("{id: central-test, external: true", "{id: repair, external: true", "criterion is given twice"),
        ("{id: central-test, external: true", "{id: x, colour: red, external: true", "unknown key 'colour'"),
        ("level: 2, below: 50", "level: 2, below: 20", "the edges of the bands must rise"),
        ("level: 2, below: 50", "level: 5, below: 50", "bands go from level 1 upwards"),
        ("level: 2, below: 50", "level: 2, below: 50, to: 50", "`below` (edge left out) or `to`"),
        ("rounding: nearest", "rounding: up", "`rounding` is one of"),
        ("  official: made up for tests\n", "", "a figure that is official needs a `source`"),
        (T7_AND_T8, T8_ALONE, "T7: is a scored question that no criterion uses"),
        ("instrument: dg-trial\n", "instrument: dg-other\n", "is for dg-other 2570, not for dg-trial 2570"),
        ("{answered: T4.kiosk.year,", "{answered: T5.2,", "'T5.2' is not scored in the instrument"),
    ],
)  # fmt: skip
def test_each_fault_is_told(old: str, new: str, fault: str) -> None:
    found = said(broken(old, new))
    assert any(fault in line for line in found), found


def test_faults_carry_their_line_and_come_all_at_once() -> None:
    source = broken("[3, 100, official]]", "[3, 100, printed]]").replace("choice: T5.1", "choices: T5.1")
    _, faults = parse_scheme(source)
    assert len(faults) >= 2
    assert [f.line for f in faults] == sorted(f.line for f in faults)
    line = next(n for n, s in enumerate(source.splitlines(), 1) if "id: hours" in s)
    assert any(f.line == line and "hours" in f.where for f in faults)


def test_a_question_may_be_left_out_with_a_reason() -> None:
    entry = "not_counted:\n  - {question: T7, why: {th: ไม่นับ, en: Left out}, from: assumed}\n"
    assert said(broken(T7_AND_T8, T8_ALONE) + entry) == []
    assert any("is used by a criterion" in line for line in said(text(FILES["trial"][1]) + entry))


@pytest.mark.parametrize(
    "source", ["", "- a", "a: b: c", "scheme: x\nscheme: y", "scheme: [", "pillars: 3", "levels: x"]
)
def test_what_is_no_scheme_is_refused(source: str) -> None:
    scheme, faults = parse_scheme(source)
    assert scheme is None
    assert faults


@pytest.mark.slow
def test_random_damage_never_crashes_the_loader() -> None:
    """Every line of the made-up scheme removed or emptied in turn."""
    lines = text(FILES["trial"][1]).splitlines()
    instrument = world("trial")[0]
    cuts: list[Callable[[str], list[str]]] = [
        lambda s: [],
        lambda s: [re.sub(r":.*", ":", s)],
        lambda s: [s.replace("{", "[")],
    ]
    for number, line in enumerate(lines):
        for cut in cuts:
            scheme, faults = parse_scheme("\n".join([*lines[:number], *cut(line), *lines[number + 1 :]]))
            if scheme is not None:
                check_scheme(scheme, instrument)
            else:
                assert faults
