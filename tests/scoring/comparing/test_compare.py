"""Comparing: years, region and group, national figures, agencies against each other."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from scoring.comparing import queries as comparing
from scoring.comparing.contributions import score_contributions
from scoring.engine import queries
from scoring.national.queries import get_national_figures
from scoring.results.actions import official as results
from scoring.results.actions.official import COLUMNS
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.models import Response
from tests.factories import AgencyFactory, ProvinceFactory
from tests.scoring.published import load_published_results, published
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None) -> Trial:
    """The real year of the sample province with everything published."""
    province = ProvinceFactory(code="TH-43", region="northeast")
    load_published_results()
    return make_trial(REAL, province)


@pytest.fixture
def shown(client: Client, real: Trial):
    """The page of comparing, read when called."""
    client.force_login(real.secretariat)
    return lambda: client.get(reverse("scoring:years", args=[real.response.pk])).content.decode()


def text(html: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def answer(trial: Trial, response: Response, item_id: str, value: str) -> None:
    given = {item_id: value}
    question = trial.question(item_id)
    answers.save_answer(by=trial.secretariat, response=response, question=question, value=given, base_revision=0)


def test_another_framework_shows_only_its_total(shown) -> None:
    said = text(shown())
    assert "ปี 2559 ใช้แบบสำรวจคนละกรอบ" in said
    assert "แต่ละหน่วยงานตอบเอง" in said
    assert "53.30" in said
    assert "48.40" not in said, "its dimensions are not these pillars"
    assert "91.79" in said


def test_region_and_group_are_means_of_known_provinces(real: Trial, shown) -> None:
    others = [ProvinceFactory(code="TH-38", region="northeast"), ProvinceFactory(code="TH-10", region="central")]
    lines = [f"2567,{p.code},{kind},60,,,official,t" for p in others for kind in ("total,total", "pillar,1")]
    results.import_official_results(table=published("\n".join([",".join(COLUMNS), *lines])))
    year, region, group = comparing.compute_region_and_group_means(
        real.response, comparing.list_results_before_response(real.response)
    )
    assert year == 2567
    assert region is not None
    assert (region.count, region.total) == (2, (Decimal("70.93") + 60) / 2)
    assert region.pillar("1") == (Decimal("91.79") + 60) / 2
    assert group is not None
    assert group.count >= 1
    said = text(shown())
    assert "ภาคเดียวกัน 2567" in said
    assert "65.47" in said or "65.46" in said


def test_national_figures_stand_beside_our_answers(real: Trial, shown) -> None:
    answer(real, real.response, "P1.3", "doing")
    found = get_national_figures(queries.score_response(real.response))
    assert found is not None
    assert found.year == 2567
    assert list(found.groups) == ["1", "2", "3", "4", "5", "6", "7"]
    assert "P4.6" in {t.code for t in found.groups["4"]}
    topics = {t.code: t for t in found.groups["1"]}
    figures = {f.row.option: f for f in topics["P1.3"].figures}
    assert (figures["doing"].ours, figures["done"].ours) == (True, False)
    assert figures["reason-blank"].ours is None
    joint = next(t for t in found.groups["2"] if t.code == "2.2, 2.3")
    assert joint.figures[0].row.percent == Decimal("94.73")
    said = text(shown())
    assert "ทุกจังหวัดตอบอย่างไร ปี 2567" in said
    assert "25.00 % จังหวัดนี้ตอบอย่างนี้" in said


def test_every_national_figure_is_about_something_that_is_asked(real: Trial) -> None:
    found = get_national_figures(queries.score_response(real.response))
    assert found is not None
    names = [t.name.th for topics in found.groups.values() for t in topics]
    assert all(names)
    assert sum(len(t.figures) for topics in found.groups.values() for t in topics) == 197 - 12, "dropped ones are not"


def test_agencies_stand_against_each_other_with_their_range(real: Trial, shown) -> None:
    agency = AgencyFactory(province=real.province, name_th="สำนักงานสถิติจังหวัด")
    own = ensure_response(by=None, round_=real.round, agency=agency)
    answer(real, own, "P2.2.1.1", "doing")
    (one,) = score_contributions(real.response)
    assert one.sub_pillars["2.2"] == Decimal("13.33")
    span = one.ranges.sub_pillars["2.2"]
    assert (span.low, span.best, span.high) == (Decimal("6.67"), Decimal("13.33"), 20)
    said = text(shown())
    assert "สำนักงานสถิติจังหวัด" in said
    assert "13.33 6.67–20.00" in said


def test_the_page_costs_few_queries(real: Trial, shown, django_assert_max_num_queries) -> None:
    for _n in range(3):
        agency = AgencyFactory(province=real.province)
        answer(real, ensure_response(by=None, round_=real.round, agency=agency), "P1.3", "doing")
    shown()
    with django_assert_max_num_queries(10):
        shown()
