"""OPDC's KPI: groups, targets and readings (domain facts §6)."""

from decimal import Decimal

import pytest

from scoring.kpi.as_json import serialize_kpi
from scoring.kpi.load import parse_kpi
from scoring.kpi.rules import evaluate_kpi
from scoring.kpi.types import KpiScheme, ProvinceResult
from survey.instrument.schema import LocalizedText
from tests.scoring.worlds import text

NONG_KHAI = "TH-43"


def kpi(year: int) -> KpiScheme:
    found, faults = parse_kpi(text(f"fixtures/kpi/fiscal-{year}.yaml"))
    assert found is not None, faults
    return found


def result(total: str, levels: str) -> ProvinceResult:
    return ProvinceResult(Decimal(total), tuple(map(int, levels)))


@pytest.mark.parametrize(
    ("year", "pillars", "totals"),
    [(2567, [1, 2, 3], ["29.78", "39.78", "44.78"]), (2568, [5, 6, 7], ["60.93", "70.93", "75.93"])],
)
def test_targets_of_the_sample_province(year: int, pillars: list, totals: list) -> None:
    found = evaluate_kpi(kpi(year), NONG_KHAI, result("0", "1111111"), {})
    assert [t.needed for t in found.parts[0].targets] == pillars
    assert [t.needed for t in found.parts[1].targets] == [Decimal(t) for t in totals]


@pytest.mark.parametrize("year", [2567, 2568])
def test_targets_are_those_that_were_printed(year: int) -> None:
    scheme = kpi(year)
    for province, parts in scheme.published.items():
        found = evaluate_kpi(scheme, province, result("0", "1111111"), {})
        for part in found.parts:
            assert {t.key: t.needed for t in part.targets} == parts[part.key]


@pytest.mark.parametrize(
    ("total", "levels", "points"),
    [
        ("60.92", "3333111", "0"),
        ("60.93", "3333311", "5"),
        ("70.93", "3333331", "7.5"),
        ("75.93", "3333333", "10"),
        ("75.92", "3333333", "8.75"),
    ],
)
def test_group_2_reads_50_75_100(total: str, levels: str, points: str) -> None:
    found = evaluate_kpi(kpi(2568), NONG_KHAI, result(total, levels), {})
    assert found.group.key == "2"
    assert found.points == Decimal(points)


@pytest.mark.parametrize(
    ("levels", "reading"), [("3333331", 50), ("3333333", 75), ("4443333", 100), ("4444441", 50), ("4433333", 75)]
)
def test_group_3_needs_three_at_4_and_none_below_3(levels: str, reading: int) -> None:
    past = {2567: result("80", "3333333")}
    found = evaluate_kpi(kpi(2568), "TH-16", result("80", levels), past)
    assert found.group.key == "3"
    assert found.parts[0].reading == reading


def test_group_3_total_must_be_above_the_best() -> None:
    past = {2567: result("80", "3333333"), 2566: result("70", "3331111")}
    equal = evaluate_kpi(kpi(2568), "TH-16", result("80", "3333333"), past).parts[1]
    above = evaluate_kpi(kpi(2568), "TH-16", result("80.01", "3333333"), past).parts[1]
    assert (equal.best, equal.reading, above.reading) == (80, 75, 100)
    assert above.targets[2].above


@pytest.mark.parametrize(
    ("old", "new", "group"),
    [
        ("3311111", "1111111", "1"),
        ("3331111", "1111111", "2"),
        ("1111111", "3333333", "3"),
        ("3333333", "1111111", "3"),
    ],
)
def test_a_province_not_listed_keeps_its_better_group(old: str, new: str, group: str) -> None:
    past = {2566: result("50", old), 2567: result("50", new)}
    assert evaluate_kpi(kpi(2568), "TH-00", result("50", "1111111"), past).group.key == group


def test_without_results_there_is_no_group_and_no_target() -> None:
    found = evaluate_kpi(kpi(2568), "TH-00", result("50", "3333333"), {})
    assert found.group is None
    assert [p.targets for p in found.parts] == [(), ()]
    assert found.points is None
    assert found.unknown == LocalizedText(
        "ยังบอกไม่ได้: ยังไม่ได้กรอกผลของปี 2566–2567", "cannot be told: no result of 2566–2567 entered"
    )


def test_a_part_that_rests_on_no_earlier_result_is_told_alone() -> None:
    """TH-12 is listed in group 1, whose pillar targets are plain numbers; the total rests on years nobody entered."""
    pillars, total = evaluate_kpi(kpi(2568), "TH-12", result("50", "3311111"), {}).parts
    assert (pillars.reading, pillars.points) == (Decimal(75), Decimal("3.75"))
    assert (total.reading, total.points) == (None, None)
    assert [t.reached for t in total.targets] == [None, None, None]


def test_one_earlier_result_is_enough_and_the_other_is_named() -> None:
    found = evaluate_kpi(kpi(2568), "TH-12", result("50", "3311111"), {2567: result("45", "3111111")})
    assert found.points == Decimal("8.75")
    assert found.unknown is None
    assert found.missing == (2566,)


def test_without_a_score_nothing_is_told() -> None:
    past = {2566: result("50", "1111111"), 2567: result("50", "1111111")}
    found = evaluate_kpi(kpi(2568), "TH-12", ProvinceResult(None), past)
    assert found.points is None
    assert found.unknown.en == "cannot be told: there is no score of this year yet"


def test_what_is_already_reached_at_the_top_is_told_whatever_is_missing() -> None:
    scheme = kpi(2568)
    found = evaluate_kpi(scheme, "TH-12", result("50", "3331111"), {})
    assert found.parts[0].reading == Decimal(100)
    assert serialize_kpi(found)["points"] is None
    assert serialize_kpi(found)["missing_years"] == [2566, 2567]


def test_every_province_is_in_one_group() -> None:
    members = [m for g in kpi(2568).groups for m in g.members]
    assert len(members) == len(set(members)) == 76


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("best_plus: -10", "best_times: 2", "unknown condition 'best_times'"),
        ("weight: 5\n", "weight: 6\n", "the parts weigh 11, the whole 10"),
        ("measure: {score: total}", "measure: {score: rank}", "`measure` is"),
        ("keep: better", "keep: worse", "`keep` is better"),
        ("advanced: {fixed: 3}}", "best: {fixed: 3}}", "targets are base, standard and advanced"),
        ('- key: "1"', '- key: "9"', "targets and groups do not fit together"),
        ("weight_from: official\n", "weight_from: hearsay\n", "`from` is one of"),
    ],
)
def test_faults_of_a_kpi_file(old: str, new: str, fault: str) -> None:
    source = text("fixtures/kpi/fiscal-2568.yaml")
    assert old in source
    found, faults = parse_kpi(source.replace(old, new, 1))
    assert found is None
    assert any(fault in str(f) for f in faults), faults
