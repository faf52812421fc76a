"""The engine on the real form of 2568: what level 5 means (domain facts §7), and what never counts."""

import json
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest

from scoring.engine.as_json import serialize_score_sheet
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_tables import score_table
from survey.instrument.path import resolve_path
from tests.scoring.worlds import criterion, full_answers, sheet_of, world

EXTERNALS = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52")}


def points(ident: str, values: dict, **more) -> Decimal:
    return criterion(sheet_of("real", values, **more), ident).points


def rows(table: str, column: str, keys: list[str], answer: str = "done") -> dict:
    return {f"{table}/{key}/{column}": answer for key in keys}


P12 = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "3.5"]


@pytest.mark.parametrize(
    ("ident", "below", "enough"),
    [
        (
            "issues-covered",
            {"P1.1": "done", "P1.1a2": list("123456")},
            {"P1.1": "done", "P1.1a2": list("1234567")},
        ),
        ("cyber-policy-items", rows("P1.2a", "state", P12[:9]), rows("P1.2a", "state", P12[:10])),
        ("internal-rule", {"P1.3": "doing"}, {"P1.3": "done", "P1.3.3": "x"}),
        (
            "data-plans",
            {"P1.4": "done", "P1.5": "done", "P1.6": "not_relevant", "P1.7": "done"},
            dict.fromkeys(("P1.4", "P1.5", "P1.6", "P1.7"), "done"),
        ),
        (
            "governance-items",
            {"P2.1.1": "doing", **rows("P2.1.2", "state", list("12345"), "yes")},
            {"P2.1.1": "done", **rows("P2.1.2", "state", list("12345"), "yes")},
        ),
        ("governance-monitoring", {"P2.1.3.1": "done"}, {"P2.1.3.1": "done", "P2.1.3.2": "done"}),
        (
            "governed-data-used",
            {"P2.1.4": "done", "P2.1.4.areas": ["b"], "P2.1.4b": ["r1"]},
            {"P2.1.4": "done", "P2.1.4.areas": ["b"], "P2.1.4b": ["r1"], "P2.1.4b#r1/P2.1.4b.name": "x"},
        ),
        (
            "skills-taught",
            rows("P3.1", "taught", list("123456"), "yes"),
            rows("P3.1", "taught", list("1234567"), "yes"),
        ),
        (
            "skills-measured",
            rows("P3.1", "measured", list("123456"), "yes"),
            rows("P3.1", "measured", list("1234567"), "yes"),
        ),
        (
            "vulnerable-kinds",
            {"P4.4": "yes", "P4.4.2": ["1", "2", "3"]},
            {"P4.4": "yes", "P4.4.2": ["1", "2", "3", "7"], "P4.4.3": "x"},
        ),
        ("paperless-policy", {"P4.3": "yes", "P4.3.ways": ["notice"]}, {"P4.3": "yes", "P4.3.ways": ["policy"]}),
        (
            "e-information",
            {"P4.6/P4.6.1/state": "yes", "P4.6/P4.6.1/channels": ["website", "email", "line"]},
            {"P4.6/P4.6.1/state": "yes", "P4.6/P4.6.1/channels": ["website", "email", "line", "social"]},
        ),
        (
            "back-office-systems",
            rows("P5.1", "state", [str(n) for n in range(1, 13)], "yes"),
            rows("P5.1", "state", [*map(str, range(1, 13)), "16"], "yes"),
        ),
        (
            "better-results",
            {"P5.2": "yes", "P5.2.1": "yes", "P5.2.1.1": ["paper", "time", "cost"]},
            {"P5.2": "yes", "P5.2.1": "yes", "P5.2.1.1": ["paper", "time", "cost", "output"]},
        ),
        (
            "platforms",
            {"P5.3": ["1", "2", "3"], "P5.3.name1": "a", "P5.3.name2": "b"},
            {"P5.3": ["1", "2", "3"], "P5.3.name1": "a", "P5.3.name2": "b", "P5.3.name3": "c"},
        ),
        (
            "work-anywhere",
            {"P5.3.1": "yes", "P5.3.1.2": ["equipment", "remote_access", "other"]},
            {"P5.3.1": "yes", "P5.3.1.2": ["equipment", "remote_access", "check_in_out"]},
        ),
        (
            "infrastructure",
            {"P6.1.A": "A.2", "P6.1.A.2.1": ["A.2.1.1", "A.2.1.2"], "P6.1.B": "B.2", "P6.1.B.2.1": ["B.2.1.1"]},
            {
                "P6.1.A": "A.2",
                "P6.1.A.2.1": ["A.2.1.1"],
                "P6.1.B": "B.2",
                "P6.1.B.2.1": ["B.2.1.1"],
                "P6.1.C": "C.2",
                "P6.1.C.2.1": ["C.2.1.2"],
                "P6.1.C.2.1.2.1": "x",
            },
        ),
        (
            "frameworks",
            {"P6.2.1": "yes", "P6.2.1.2": ["a"], "P6.2.1.2a": ["1", "2", "3"]},
            {"P6.2.1": "yes", "P6.2.1.2": ["a", "b"], "P6.2.1.2a": ["1"], "P6.2.1.2b": ["2"]},
        ),
        ("cyber-items", rows("P6.2.2", "state", list("123")), rows("P6.2.2", "state", list("1345"))),
    ],
)
def test_level_5_and_just_below(ident: str, below: dict, enough: dict) -> None:
    assert points(ident, below) < 100
    assert points(ident, enough) == 100
    assert points(ident, enough, marked=frozenset()) < 100 or ident in NO_EVIDENCE_ASKED
    assert criterion(sheet_of("real", enough), ident).origin == "official"


# The form asks no evidence there.
NO_EVIDENCE_ASKED = {"e-information", "back-office-systems"}


def evident(count: int) -> dict:
    """That many processes with results, three of them under a new technology in use."""
    values: dict = {"P7.1.13": ["r1"], "P7.1.13#r1/P7.1.13.name": "x", "P7.1.13#r1/P7.1.13.state": "in_use"}
    nested = "P7.1.13#r1/P7.1.13.results"
    values[nested] = [f"r{n}" for n in range(min(count, 3))]
    for row in values[nested]:
        values |= {f"{nested}#{row}/P7.1.13.process": "x", f"{nested}#{row}/P7.1.13.result": "y"}
    for number in range(count - 3):
        repeat = f"P7.1.{1 + number // 3}.1"
        values[f"P7.1.{1 + number // 3}"] = "yes"
        values[repeat] = [*values.get(repeat, []), f"r{number}"]
        values |= {f"{repeat}#r{number}/{repeat}.{name}": "x" for name in ("process", "result")}
    return values


def test_7_1_counts_all_repeats_nested_ones_too() -> None:
    assert criterion(sheet_of("real", evident(9)), "evident-results").value == 9
    assert points("evident-results", evident(9)) == 100
    assert points("evident-results", evident(8)) < 100
    studying = evident(9) | {"P7.1.13#r1/P7.1.13.state": "studying"}
    assert criterion(sheet_of("real", studying), "evident-results").value == 6, "only what is in use"


def test_4_1_1_needs_all_own_services_digital() -> None:
    count = {"P4.2": "count", "P4.2.1": "count", "P4.2.count": "8", "P4.2.1.count": "8"}
    assert points("digital-share", count) == 100
    assert points("digital-share", count | {"P4.2.1.count": "7"}) == 80
    assert points("digital-share", count | {"P4.2.1.count": "9"}) == 0, "more than the whole contradicts itself"
    zero = count | {"P4.2.count": "0", "P4.2.1.count": "0"}
    unknown = {"P4.2": "unknown", "P4.2.1": "unknown"}
    for values in (zero, unknown):
        found = criterion(sheet_of("real", values), "digital-share")
        assert (found.points, found.value) == (0, None)


def test_4_1_1_satisfaction_measured_and_used() -> None:
    values = {"P4.2.2": "yes", "P4.2.2.score": "percent", "P4.2.2.2": "80", "P4.2.3": "yes"}
    assert points("satisfaction", values) == 100
    assert points("satisfaction", values | {"P4.2.2.score": "unknown"}) < 100
    assert points("satisfaction", values | {"P4.2.2": "none"}) == 0, "the skip hides both"


def test_5_1_other_systems_do_not_stand_in_for_basic_ones() -> None:
    values = rows("P5.1", "state", ["1", "7", "13", "14", "15", "16"], "yes")
    assert criterion(sheet_of("real", values), "back-office-systems").value == 3


def test_exempt_and_not_relevant_do_not_count() -> None:
    assert points("cyber-policy-items", rows("P1.2a", "state", P12, "exempt")) == 0
    assert points("privacy-items", rows("P2.4", "state", list("123456789"), "exempt")) == 0
    assert points("data-plans", {"P1.5": "not_relevant", "P1.6": "not_relevant"}) == 0


def test_a_url_may_stand_for_the_file_where_the_form_says_so() -> None:
    values = {"P2.2.1.1": "done"}
    assert points("shareable-sets", values, marked=frozenset()) == 0
    with_url = values | {"P2.2.1.1.url": "https://data.example.org"}
    assert points("shareable-sets", with_url, marked=frozenset()) == 100
    assert points("shareable-sets", values, marked=frozenset({"P2.2.1.1=done"})) == 100
    elsewhere = {"P1.3": "done", "P1.3.3": "x"}
    assert points("internal-rule", elsewhere, marked=frozenset({"P1.3"})) == 0


def test_open_data_rows_need_a_proven_use() -> None:
    base = "P2.3.1.3.list#r1/P2.3.1.3.list"
    values = {
        "P2.3.1.1": "done",
        "P2.3.1.3": "yes",
        "P2.3.1.3.list": ["r1"],
        f"{base}.name": "ข้อมูลตัวอย่าง",
        f"{base}.use": ["analysis", "policy"],
        f"{base}.analysis": "x",
        f"{base}.policy": "x",
        f"{base}.user": "x",
    }
    assert criterion(sheet_of("real", values), "open-data-used").value == 1
    bare = criterion(sheet_of("real", values, marked=frozenset()), "open-data-used")
    assert (bare.value, bare.unproven[0].address) == (0, "P2.3.1.3.list#r1")
    assert bare.unproven[0].label.th == "ข้อมูลตัวอย่าง"
    one = frozenset({f"{base}.use=policy"})
    assert criterion(sheet_of("real", values, marked=one), "open-data-used").value == 1
    for part in (".user", ".analysis"):
        lacking = {address: value for address, value in values.items() if address != base + part}
        assert criterion(sheet_of("real", lacking), "open-data-used").value == 0, "a required part is empty"


def test_everything_answered_and_proven_is_full_marks() -> None:
    externals = dict.fromkeys(EXTERNALS, Decimal(100))
    sheet = sheet_of("real", full_answers("real"), externals=externals)
    assert (sheet.total, sheet.level) == (100, 5)
    assert {s.score for s in sheet.sub_pillars} == {100}
    assert sheet.is_complete
    assert sheet.low == sheet.high == 100


def test_nothing_answered() -> None:
    sheet = sheet_of("real", {})
    assert (sheet.total, sheet.level, sheet.low) == (0, 1, 0)
    assert sheet.unknown == ("3.3", "4.2", "4.3")
    assert sheet.high == 15, "the weight of what is not known yet"
    assert sheet.known_weight == 85


def test_missing_outside_scores_are_said_and_bounded() -> None:
    known = sheet_of("real", full_answers("real"), externals=EXTERNALS)
    partly = sheet_of("real", full_answers("real"), externals={"4.2": EXTERNALS["4.2"]})
    assert partly.unknown == ("3.3", "4.3")
    assert partly.known_weight == 89
    assert partly.low <= known.total <= partly.high
    pillar = partly.pillars[2]
    assert pillar.score == 100
    assert (pillar.low, pillar.high) == (60, 100)
    assert not pillar.is_complete
    low = sheet_of("real", full_answers("real"), externals={**EXTERNALS, "3.3": Decimal(0), "4.3": Decimal(0)})
    assert partly.low == low.total


def test_the_sheet_agrees_with_a_table_of_its_own_sub_pillars() -> None:
    sheet = sheet_of("real", evident(5) | {"P1.3": "doing", "G1": "yes"}, externals=EXTERNALS)
    found = score_table(world("real")[1], {s.code: s.score for s in sheet.sub_pillars})
    assert (found.total, found.level) == (sheet.total, sheet.level)
    assert [p.index for p in found.pillars] == [p.index for p in sheet.pillars]


def test_points_lost_account_for_the_whole_difference() -> None:
    sheet = sheet_of("real", evident(5) | {"P1.3": "doing"}, externals=EXTERNALS)
    additive = [c for c in sheet.criteria if c.lost is not None]
    # In 4.1.2 only the best criterion counts, so its three are not additive; the part as a whole is.
    part = next(p for s in sheet.sub_pillars for p in s.parts if p.code == "4.1.2")
    lost = sum(c.lost for c in additive) + Decimal(14) * 2 / 7 * (100 - part.score) / 100
    assert abs(100 - sheet.total - lost) < Decimal("0.01")


def test_every_figure_says_where_it_comes_from() -> None:
    _, scheme = world("real")
    figures = [p.weight for p in scheme.pillars]
    figures += [s.weight for s in scheme.sub_pillars.values()]
    figures += [s.points for c in scheme.criteria for s in c.steps]
    figures += [f for c in scheme.criteria for f in c.points.values()]
    assert all(f.origin and f.source for f in figures)
    assert {p.weight.origin for p in scheme.pillars} == {"official"}
    assert sheet_of("real", {}).estimated


def test_reasons_are_built_from_the_data() -> None:
    sheet = sheet_of("real", {"P1.1": "done", "P1.1a2": list("12345")}, marked=frozenset({"P1.1a2=1", "P1.1a2=2"}))
    found = criterion(sheet, "issues-covered")
    assert found.reason.th.startswith("นับได้ 2 ประเด็น ได้ 20 คะแนน")
    assert "ถ้าถึง 3 ประเด็น ได้ 40 คะแนน (ข้อสมมติ)" in found.reason.th
    assert "ครบ 7 ประเด็น ได้เต็ม 100 คะแนน มี 3" in found.reason.th, "published, so without the mark"
    assert "มี 3 ข้อที่ตอบแล้วแต่ยังไม่มีหลักฐาน" in found.reason.th
    assert found.reason.en.startswith("2 issues counted: 20 points.")
    assert [x.address for x in found.unproven] == ["P1.1a2=3", "P1.1a2=4", "P1.1a2=5"]
    assert [x.address for x in found.counted] == ["P1.1a2=1", "P1.1a2=2"]
    assert len(found.missing) == 10
    closed = criterion(sheet_of("real", {"P1.1": "none"}), "issues-covered")
    assert {x.state for x in closed.missing} == {"off"}


def test_evidence_asked_at_a_follow_up_is_named_there() -> None:
    values = {"P5.3": ["1"], "P5.3.name1": "x"}
    found = criterion(sheet_of("real", values, marked=frozenset()), "platforms")
    assert [x.address for x in found.unproven] == ["P5.3.name1"]


def test_the_sheet_as_json() -> None:
    sheet = sheet_of("real", evident(4), externals={"3.3": Decimal("49.83")})
    data = serialize_score_sheet(sheet)
    assert json.loads(json.dumps(data)) == data, "only plain data"
    assert (data["total"], data["best"]) == (data["total"], data["total"])
    assert data["unknown"] == ["4.2", "4.3"]
    sub = data["pillars"][2]["sub_pillars"][2]
    assert (sub["code"], sub["score"], sub["external"]) == ("3.3", "49.83", True)
    found = data["pillars"][0]["sub_pillars"][0]["criteria"][0]
    assert found["next"] == {"at": 1, "points": "20.00"}
    assert found["missing"][0] == "P1.1a2=1"
    assert _floats(data) == []


def _floats(data: object) -> list:
    if isinstance(data, dict):
        return [x for v in data.values() for x in _floats(v)]
    if isinstance(data, list):
        return [x for v in data for x in _floats(v)]
    return [data] if isinstance(data, float) else []


def test_more_never_gives_less() -> None:
    taught = [points("skills-taught", rows("P3.1", "taught", list("1234567")[:n], "yes")) for n in range(8)]
    assert all(a <= b for a, b in pairwise(taught))
    assert (taught[0], taught[-1]) == (0, 100)


def test_scoring_the_whole_form_costs_little_more_than_walking_it() -> None:
    """As a ratio in one run: seconds say more about the machine than about the engine."""
    instrument, scheme = world("real")
    answers = full_answers("real")
    path = resolve_path(instrument, answers)
    facts = ResponseFacts(path, frozenset(path.places), EXTERNALS)

    def fastest(work: Callable[[], object]) -> float:
        def once() -> float:
            start = time.perf_counter()
            work()
            return time.perf_counter() - start

        return min(once() for _ in range(200))

    scoring = fastest(lambda: compute_score_sheet(instrument, scheme, facts))
    assert scoring < 4 * fastest(lambda: resolve_path(instrument, answers))
