"""The result report in DGA's manner: a published year to the letter, the running year as an estimate."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reports.content.imprint import PaperState
from reports.content.result_report import ResultRow, YearResult
from reports.content.results import gather_result_paper
from reports.documents.charts import printed_bars, printed_radar, wrap_words
from reports.documents.result import result_html
from reports.errors import ReportError
from survey.answering import actions as answers
from tests.factories import ProvinceFactory
from tests.reports.conftest import read_back, squeezed
from tests.reports.documents.ua_rules import faults
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial

OWN = {"1": "91.79", "2": "48.33", "3": "64.18", "4": "72.89", "5": "88.00", "6": "56.00", "7": "81.88"}


@pytest.fixture
def real(db: None) -> Trial:
    """The real year of the sample province with one answer; the years before are published."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    trial = make_trial(REAL, province)
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question("P1.3"),
        value={"P1.3": "doing"},
        base_revision=0,
    )
    return trial


def shown(result: YearResult, imprint: object) -> str:
    """The words of the report."""
    return squeezed(re.sub(r"<[^>]+>", "", result_html(result, imprint)))  # type: ignore[arg-type]


def test_a_published_year_is_told_as_it_was_announced(real: Trial) -> None:
    result, imprint = gather_result_paper(real.province, 2567, "th")
    assert imprint.state is PaperState.RECORD
    totals = result.totals
    assert (totals.own, totals.level, totals.rank) == (Decimal("70.93"), 3, 7)
    assert (totals.best, totals.average, totals.last) == (Decimal("78.91"), Decimal("53.81"), Decimal("39.78"))
    assert {p.code: f"{p.own}" for p in result.pillars} == OWN
    assert [p.level for p in result.pillars] == [4, 2, 3, 3, 4, 3, 5]  # domain facts, section 5
    sub = next(row for row in result.rows if row.code == "6.2")
    assert (sub.own, sub.best, sub.average, sub.level) == (Decimal(20), Decimal("52.50"), Decimal("24.86"), 2)
    assert [p.code for p in result.by_score][:2] == ["1", "5"]
    assert result.by_score[-1].code == "2"
    assert (result.by_level[0].code, result.by_level[-1].code) == ("7", "2")
    words = shown(result, imprint)
    for said in ("คะแนนรวม 70.93", "สูงกว่าคะแนนเฉลี่ยจังหวัด (53.81)", "(91.79)", "ต่ำสุดคือ ตัวชี้วัดที่ 2"):
        assert squeezed(said) in words, said
    assert result.kpi is not None
    assert [part.current for part in result.kpi.parts] == [Decimal(6), Decimal("70.93")]


def test_what_is_lost_adds_up(real: Trial) -> None:
    result, _imprint = gather_result_paper(real.province, 2567, "th")
    lost = [row.lost for row in result.most_lost]
    assert lost == sorted(lost, reverse=True)  # type: ignore[type-var]
    assert abs(sum(x for x in lost if x is not None) - (100 - Decimal("70.93"))) < Decimal("0.02")


def test_a_year_with_only_totals_of_pillars(real: Trial) -> None:
    result, imprint = gather_result_paper(real.province, 2566, "th")
    assert (result.totals.own, result.totals.rank, result.totals.level) == (Decimal("39.78"), 50, 2)
    assert all(row.is_pillar for row in result.rows)
    assert squeezed("43.57") in shown(result, imprint)


def test_the_running_year_is_an_estimate_beside_the_published_averages(real: Trial) -> None:
    result, imprint = gather_result_paper(real.province, 2568, "th")
    assert imprint.state is PaperState.DRAFT
    assert not result.published
    assert (result.compared_year, result.last_year) == (2567, 2567)
    first = next(row for row in result.rows if row.code == "1.1")
    assert (first.best, first.average, first.last) == (Decimal(100), Decimal("56.54"), Decimal("96.67"))
    split = next(row for row in result.rows if row.code == "2.3")  # measured together with another in 2567
    assert split.last is None
    assert sum((one.points for one in result.reasons), result.totals.own or Decimal(0)).quantize(Decimal("0.01")) == 100
    assert result.criteria
    assert result.advice
    words = shown(result, imprint)
    assert squeezed("ยังไม่ใช่ผลที่ สพร. ประกาศ") in words
    assert squeezed("เป็นของปี 2567 เพราะปีนี้ยังไม่ประกาศ") in words


def test_no_year_is_made_up(real: Trial) -> None:
    with pytest.raises(ReportError) as caught:
        gather_result_paper(real.province, 2559, "th")
    assert caught.value.reason == "no_result"


@pytest.mark.slow
@pytest.mark.once
def test_the_command_prints_a_year_without_a_round(real: Trial, tmp_path: Path) -> None:
    where = ["--province", "TH-43", "--out", str(tmp_path / "a.pdf")]
    call_command("report", "result", "--year", "2567", "--language", "en", *where)
    text = squeezed(read_back(tmp_path / "a.pdf"))
    for said in ("70.93", "DataGovernance", "95.38", "7Digital", "Optimizing"):
        assert squeezed(said) in text, said
    assert faults(tmp_path / "a.pdf") == []
    with pytest.raises(CommandError, match="neither a published result"):
        call_command("report", "result", "--year", "2444", *where)
    with pytest.raises(CommandError, match="no province TH-99"):
        call_command("report", "result", "--year", "2567", *where[:1], "TH-99", *where[2:])


def test_bars_and_radar_stand_where_the_numbers_are() -> None:
    def row(code: str, own: str | None) -> ResultRow:
        return ResultRow(code, "ชื่อ", 0, Decimal(10), Decimal(own) if own else None, 3, best=Decimal(100))

    bars = printed_bars([row("1", "50"), row("2", None)])
    assert (bars.bars[0].width, bars.bars[0].best, bars.bars[0].average) == ("210.0", "426.0", "")
    assert bars.bars[1].width == "0.0"
    radar = printed_radar([row("1", "100"), row("2", "50"), row("3", "0")])
    assert radar is not None
    assert radar.own.split()[0] == radar.best.split()[0] == radar.spokes[0][0] + "," + radar.spokes[0][1]
    assert radar.own.split()[2] == "300.0,190.0"
    assert radar.average == ""
    assert printed_radar([row("1", "1")]) is None
    missing = printed_radar([row("1", None), row("2", "1"), row("3", "1")])
    assert missing is not None
    assert missing.own == ""


def test_names_are_cut_between_words() -> None:
    name = "6 โครงสร้างพื้นฐานความมั่นคงปลอดภัยและมีประสิทธิภาพ"
    lines = wrap_words(name, 24, 3)
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert len(lines) > 1
    assert wrap_words(name, 10, 2)[-1].endswith("…")
