"""Wherever an estimate is shown its range stands beside it: pages, their parts, and what is printed."""

import io
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reports.content.queries import gather_report
from reports.documents.questionnaire import questionnaire_html
from reports.workbooks import dga
from scoring.engine import queries
from scoring.engine.levels import round_score
from scoring.kpi.queries import evaluate_kpi_range
from scoring.results.queries import list_results_before
from survey.answering import actions as answers
from tests.factories import ProvinceFactory
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None) -> Trial:
    """The real year with answers that count by assumed steps."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    trial = make_trial(REAL, province)
    for item_id, value in (("P1.3", "doing"), ("P2.2.1.1", "doing"), ("P4.3", "doing")):
        question, given = trial.question(item_id), {item_id: value}
        answers.save_answer(
            by=trial.secretariat, response=trial.response, question=question, value=given, base_revision=0
        )
    return trial


def ends(trial: Trial) -> tuple[str, str, str]:
    """Lowest, best and highest total, as shown."""
    total = queries.score_response(trial.response).ranges.total
    assert total.best is not None
    assert total.low < total.best < total.high
    return f"{round_score(total.low)}", f"{round_score(total.best)}", f"{round_score(total.high)}"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("name", ["scoring:score", "scoring:panel", "scoring:years", "survey:brief"])
def test_no_total_without_its_range(client: Client, real: Trial, name: str) -> None:
    client.force_login(real.secretariat)
    said = words(client.get(reverse(name, args=[real.response.pk])).content.decode())
    low, best, high = ends(real)
    assert best in said
    assert re.search(rf"{low} ?(–|ถึง) ?{high}", said)
    assert "ประมาณการ" in said


@pytest.mark.parametrize("name", ["scoring:score", "scoring:panel", "scoring:years", "survey:brief"])
def test_no_open_pillar_without_its_range(client: Client, real: Trial, name: str) -> None:
    client.force_login(real.secretariat)
    said = words(client.get(reverse(name, args=[real.response.pk])).content.decode())
    spans = [s for s in queries.score_response(real.response).ranges.pillars.values() if s.is_open]
    assert len(spans) >= 3
    for span in spans:
        assert f"{round_score(span.low)}–{round_score(span.high)}" in said


def test_the_kpi_has_its_range(client: Client, real: Trial) -> None:
    client.force_login(real.secretariat)
    found = evaluate_kpi_range(
        real.province, queries.score_response(real.response), list_results_before(real.province, 2568)
    )
    assert found is not None
    part, low, high, targets = found.rows()[1]
    assert low.current is not None
    assert part.current is not None
    assert high.current is not None
    assert low.current < part.current < high.current
    assert [t.target.needed for t in targets] == [Decimal("60.93"), Decimal("70.93"), Decimal("75.93")]
    assert not any(t.certain for t in targets)


def test_printed_totals_have_their_range(real: Trial) -> None:
    low, best, high = ends(real)
    report = gather_report(real.response, "th")
    said = words(questionnaire_html(report))
    assert best in said
    assert f"{low} – {high}" in said
    assert "6.67–20.00" in said, "of a sub-pillar"


def test_the_workbook_for_dga_has_them_too(real: Trial, tmp_path) -> None:
    low, best, high = ends(real)
    file = tmp_path / "x.xlsx"
    dga.write_dga_workbook(gather_report(real.response, "th"), file)
    book = load_workbook(io.BytesIO(file.read_bytes()))
    rows = list(book["คะแนน"].iter_rows(values_only=True))
    at = {name: rows[0].index(name) for name in ("คะแนน", "ต่ำสุด", "สูงสุด")}
    assert [f"{round_score(Decimal(str(rows[1][at[n]])))}" for n in ("ต่ำสุด", "คะแนน", "สูงสุด")] == [low, best, high]
