"""The one sentence about a score, in each of its cases, and what to do first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.comparing.like_with_like import compare_like
from scoring.engine.external_estimates import PublishedFigure, estimate_external
from scoring.engine.sheet import ScoreSheet
from scoring.headline.first_steps import MOST, MOST_OF_A_KIND, FirstStep, StepCase, list_first_steps
from scoring.headline.sentence import OfficialTotal, describe_level_chance, format_chance, write_score_sentence
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.plan_types import PlanningCase
from scoring.planning.outlook import Outlook, compute_outlook
from scoring.scheme.marked import mark_score
from scoring.uncertainty.summary import Interval, KpiChances, ScoreUncertainty
from tests.scoring.planning.test_plan import case
from tests.scoring.worlds import full_answers, sheet_of

NONE: frozenset[str] = frozenset()
KPI = KpiResult("s", 2568, case("real", {}).sheet.pillars[0].name, None, (), Decimal("2.5"), Decimal(10), False)
CHANCES = KpiChances(
    Interval(Decimal(0), Decimal("2.5"), Decimal("7.5")),
    {Decimal("2.50"): Decimal("0.70"), Decimal("5.00"): Decimal("0.18"), Decimal("7.50"): Decimal("0.12")},
    {},
)


def uncertainty(low: str = "45.20", high: str = "51.01", kpi: KpiChances | None = CHANCES) -> ScoreUncertainty:
    return ScoreUncertainty(
        Interval(Decimal(low), Decimal("48.00"), Decimal(high)), {}, {}, {2: Decimal(1)}, {}, kpi, 2568, 2000
    )


def bare() -> PlanningCase:
    """Everything answered, nothing proven, with all outside scores."""
    return case("real", full_answers("real"), NONE)


def outlook_of(one: PlanningCase) -> Outlook:
    return compute_outlook(one, NONE)


def test_now_with_proof_likely_and_the_chance() -> None:
    one = bare()
    outlook = outlook_of(one)
    said = write_score_sentence(one.sheet, outlook, uncertainty(), KPI).text
    assert f"ขณะนี้ได้ {one.sheet.total:.2f} จาก 100 คะแนน" in said.th
    assert f"ถ้าแนบหลักฐานครบทุกข้อที่ตอบไว้ จะได้ {outlook.proven.total:.2f}" in said.th
    assert "น่าจะอยู่ระหว่าง 45–52 (โอกาส 90 %)" in said.th, "whole points, rounded outwards"
    assert "มีโอกาส 30 % ที่จะได้ร้อยละ 50 ขึ้นไป (5 จาก 10 คะแนน)" in said.th, "the step above 2.5, or higher"
    assert said.en.startswith(f"{one.sheet.total:.2f} of 100 points now · ")
    assert "45–52 (90 % chance)" in said.en


@pytest.mark.parametrize(
    ("chance", "thai"),
    [("0", "ไม่ถึง 1 %"), ("0.0099", "ไม่ถึง 1 %"), ("0.116", "12 %"), ("0.991", "เกิน 99 %"), ("1", "เกิน 99 %")],
)
def test_no_chance_is_said_to_be_certain(chance: str, thai: str) -> None:
    assert format_chance(Decimal(chance)).th == thai


def test_a_likelier_level_is_named() -> None:
    chances = {1: Decimal("0.36"), 2: Decimal("0.64")}
    assert describe_level_chance(1, chances).th == "36 % (ระดับ 2 64 %)"
    assert describe_level_chance(2, chances).en == "64 %"
    assert not describe_level_chance(None, chances)


def test_where_nothing_is_answered_no_total_is_said() -> None:
    empty = case("real", {}, NONE)
    said = write_score_sentence(empty.sheet, outlook_of(empty), uncertainty(), KPI).text
    assert said.th == "ยังไม่มีคำตอบในข้อที่ให้คะแนน จึงยังประเมินคะแนนรวมไม่ได้"
    assert said.en == "No question that gives points is answered yet, so there is no total to speak of"


def test_where_everything_is_published_there_is_no_interval() -> None:
    one = bare()
    said = write_score_sentence(replace(one.sheet, estimated=False, unknown=()), None, uncertainty(), KPI).text
    assert "เกณฑ์ทุกข้อประกาศแล้ว คะแนนจึงไม่มีช่วง" in said.th
    assert "ระหว่าง" not in said.th


def test_a_kpi_that_cannot_be_told_says_why() -> None:
    part = replace(KPI, points=None)
    said = write_score_sentence(bare().sheet, None, uncertainty(kpi=KpiChances(None, {}, {})), part).text
    assert said.th.endswith("ตัวชี้วัด ก.พ.ร. ยังบอกไม่ได้: ยังไม่มีคะแนนของปีนี้")
    assert "cannot be told" in said.en
    assert "None" not in said.en


def test_the_published_result_of_the_year_comes_first() -> None:
    one = bare()
    assert one.sheet.total is not None
    official = OfficialTotal(2568, Decimal("45.10"), 12, replace(KPI, points=Decimal("7.5")))
    said = write_score_sentence(one.sheet, outlook_of(one), uncertainty(), KPI, official).text
    assert said.th.startswith("ผลที่ประกาศของปี 2568 คือ 45.10 คะแนน อันดับ 12 · ระบบคิดไว้")
    assert f"{abs(one.sheet.total - Decimal('45.10')):.2f} คะแนน" in said.th
    assert said.th.endswith("ตัวชี้วัด ก.พ.ร. ตามผลนี้ได้ 7.5 จาก 10 คะแนน")
    assert "น่าจะ" not in said.th, "what is published is not forecast"


def with_estimate(sheet: ScoreSheet) -> ScoreSheet:
    estimate = estimate_external("3.3", [PublishedFigure("3.3", 2567, False, Decimal(60))])
    return replace(sheet, unknown=("3.3",), estimated_outside=(estimate,))


def test_estimated_outside_scores_are_named() -> None:
    said = write_score_sentence(with_estimate(bare().sheet), None, uncertainty(), KPI).text
    assert "รวมค่าประมาณของ 3.3" in said.th
    assert "with estimates for 3.3" in said.en


# -- what to do first --------------------------------------------------------------------------------


def steps_of(one: PlanningCase, sheet: ScoreSheet | None = None) -> tuple[FirstStep, ...]:
    return list_first_steps(StepCase(one.scheme, one.facts, sheet or one.sheet, outlook_of(one)))


def test_a_full_form_without_proof_asks_for_proof() -> None:
    steps = steps_of(bare())
    assert 0 < len(steps) <= MOST
    assert {step.kind for step in steps} == {"evidence"}
    assert all(step.is_place and step.address and step.is_certain for step in steps)
    assert [step.worth for step in steps] == sorted((step.worth for step in steps), reverse=True)


def test_proof_of_a_sub_pillar_is_worth_what_the_total_rises_by() -> None:
    one = bare()
    step = steps_of(one)[0]
    places = frozenset(
        leaf.address
        for sub in one.sheet.sub_pillars
        if sub.code == step.sub_pillar
        for criterion in sub.walk()
        for leaf in criterion.missing
    )
    externals = {code: Decimal(100) for code in one.facts.externals} or dict(one.facts.externals)
    before, after = (
        sheet_of("real", full_answers("real"), marked, externals or one.facts.externals) for marked in (NONE, places)
    )
    assert before.total is not None
    assert after.total is not None
    assert abs((after.total - before.total) - step.points) < Decimal("0.01")


def test_an_empty_form_asks_questions_and_at_most_three_of_a_kind() -> None:
    steps = steps_of(case("real", {}, NONE))
    assert {step.kind for step in steps} == {"ask"}
    assert len(steps) == MOST_OF_A_KIND
    assert all("ไม่เกิน" in step.gain.th and step.questions for step in steps)


def test_numbers_that_contradict_each_other_are_to_be_mended() -> None:
    values = {**full_answers("real"), "P4.2.count": "94", "P4.2.1.count": "147"}
    one = case("real", values)
    kinds = {step.kind for step in steps_of(one)}
    contradicted = [c for c in one.sheet.criteria if "ขัดแย้งกัน" in c.reason.th]
    assert bool(contradicted) == ("mend" in kinds)
    mend = next(step for step in steps_of(one) if step.kind == "mend")
    assert mend.address == "P4.2.1.count"
    assert "147" in mend.text.th


def test_any_answer_that_another_contradicts_is_to_be_mended() -> None:
    one = case("real", {**full_answers("real"), "P3.1/3/taught": "no"})
    mend = next(step for step in steps_of(one) if step.kind == "mend")
    assert (mend.sub_pillar, mend.address) == ("3.2", "P3.1/3/measured=yes")
    assert "ขัดกับคำตอบอื่น" in mend.text.th
    assert mend.points > 0


def test_an_estimate_is_worth_its_spread() -> None:
    one = case("real", full_answers("real"))
    step = next(s for s in steps_of(one, with_estimate(one.sheet)) if s.kind == "external")
    assert step.points == 15 * Decimal(8) / one.sheet.known_weight
    assert "ผลปี 2567 ของจังหวัด" in step.text.th
    assert step.gain.th.startswith("คะแนนรวมอาจเปลี่ยนได้ถึง")


# -- like with like ----------------------------------------------------------------------------------


def test_only_what_was_measured_alike_is_compared() -> None:
    sheet = bare().sheet
    codes = [sub.code for sub in sheet.sub_pillars]
    before = {"1.1": Decimal(50), "1.2": mark_score(Decimal(70), "recovered")}
    found = compare_like(sheet, 2567, before)
    assert found is not None
    weights = {sub.code: sub.weight.value for sub in sheet.sub_pillars if sub.weight}
    expected = (50 * weights["1.1"] + 70 * weights["1.2"]) / (weights["1.1"] + weights["1.2"])
    assert abs(found.total.before - expected) < Decimal("0.01")
    assert found.left_out == tuple(code for code in codes if code not in before)
    assert set(found.pillars) == {"1"}
    assert found.json()["before_from"] == "recovered"


def test_an_estimated_score_is_compared_with_nothing() -> None:
    sheet = bare().sheet
    outside = next(sub for sub in sheet.sub_pillars if sub.external and sub.score is not None)
    estimated = replace(outside, score=mark_score(Decimal(60), "estimated"))
    pillars = tuple(
        replace(p, sub_pillars=tuple(estimated if s is outside else s for s in p.sub_pillars)) for p in sheet.pillars
    )
    assert compare_like(replace(sheet, pillars=pillars), 2567, {outside.code: Decimal(60)}) is None
    assert compare_like(sheet, 2567, {}) is None
