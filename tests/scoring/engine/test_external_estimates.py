"""An outside score that nobody entered is estimated from what is published, marked, and never 0 or left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from scoring.engine import queries
from scoring.engine.external_estimates import PublishedFigure, estimate_external
from scoring.externals import actions as externals
from scoring.headline.queries import read_headline, read_year_results
from scoring.models import OfficialResult
from scoring.scheme.marked import origin_of
from tests.factories import ProvinceFactory
from tests.trial import REAL, Trial, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def real() -> Trial:
    """The sample province with an empty round of 2568."""
    return make_trial(REAL, ProvinceFactory(code="TH-43"))


def publish(score: str, *, year: int = 2567, code: str = "3.3", **subject: Any) -> None:
    """Publishes a figure of a sub-pillar."""
    OfficialResult.objects.create(
        **subject, year=year, kind="sub_pillar", code=code, score=Decimal(score), origin="official", source="a letter"
    )


def sheet_of(trial: Trial) -> Any:
    """The sheet as a new request reads it."""
    return queries.get_score_sheet(type(trial.response).objects.get(pk=trial.response.pk))


def test_the_provinces_own_figure_comes_first_then_the_newest_average_then_the_middle() -> None:
    own = PublishedFigure("3.3", 2566, False, Decimal("40"))
    newer = PublishedFigure("3.3", 2567, False, Decimal("95"))
    average = PublishedFigure("3.3", 2567, True, Decimal("49.83"))
    other = PublishedFigure("4.2", 2567, False, Decimal("1"))
    one = estimate_external("3.3", [own, average, newer, other])
    assert (one.score, one.low, one.high, one.basis, one.year) == (95, 80, 100, "province", 2567)
    one = estimate_external("3.3", [average, other])
    assert (one.score, one.low, one.high, one.basis) == (
        Decimal("49.83"),
        Decimal("29.83"),
        Decimal("69.83"),
        "national",
    )
    one = estimate_external("3.3", [other])
    assert (one.score, one.low, one.high, one.basis, one.year) == (50, 0, 100, "none", None)


def test_estimates_count_in_the_total_and_say_so(real: Trial) -> None:
    publish("60", province=real.province)
    publish("77.34", code="4.2", label="average")
    sheet = sheet_of(real)
    assert sheet.unknown == ("3.3", "4.2", "4.3")
    assert [(e.code, e.basis) for e in sheet.estimated_outside] == [
        ("3.3", "province"),
        ("4.2", "national"),
        ("4.3", "none"),
    ]
    scores = {s.code: s for s in sheet.sub_pillars}
    assert scores["3.3"].score == 60
    assert origin_of(scores["3.3"].score) == "estimated"
    assert "ผลปี 2567 ของจังหวัด" in scores["3.3"].criteria[0].reason.th
    weighted = sum(scores[code].score * scores[code].weight.value for code in sheet.unknown) / 100
    assert sheet.known_weight == 100
    assert sheet.total == weighted, "nothing else is answered, and nothing is left out of the total"


def test_a_result_entered_or_imported_later_takes_its_place_at_once(real: Trial) -> None:
    assert {s.code: s.score for s in sheet_of(real).sub_pillars}["3.3"] == 50
    publish("30", province=real.province)
    assert {s.code: s.score for s in sheet_of(real).sub_pillars}["3.3"] == 30, (
        "what was kept must not outlive an import"
    )
    entered = {"score": Decimal("71.5"), "source": "a letter", "dated": timezone.localdate()}
    externals.save_external_score(by=real.secretariat, response=real.response, sub_pillar="3.3", **entered)
    sheet = sheet_of(real)
    assert "3.3" not in sheet.unknown
    score = next(s.score for s in sheet.sub_pillars if s.code == "3.3")
    assert (score, origin_of(score)) == (Decimal("71.5"), "official")


def test_what_is_kept_beside_the_score_follows_an_import_too(real: Trial) -> None:
    def totals() -> tuple[Decimal | None, str]:
        response = type(real.response).objects.get(pk=real.response.pk)
        headline = read_headline(response, read_year_results(response))
        return headline.outlook.now.total, f"{headline.uncertainty.total.median:f}"

    before = totals()
    publish("0", province=real.province)
    publish("0", code="4.2", province=real.province)
    after = totals()
    assert (before[0] or 0) > (after[0] or 0)
    assert Decimal(before[1]) > Decimal(after[1])


def test_equal_numbers_of_other_origin_keep_their_own_sentence(real: Trial) -> None:
    """The sentences are kept by number; an expected score must not borrow that of a result, nor the other way round."""
    for origin, words in (("official", "ยังไม่ใช่ผลจริง"), ("assumed", "ที่ผู้มีสิทธิบันทึกไว้")):
        entered = {"score": Decimal("71.5"), "source": "a letter", "dated": timezone.localdate(), "origin": origin}
        externals.save_external_score(by=real.secretariat, response=real.response, sub_pillar="3.3", **entered)
        reason = next(c.reason.th for s in sheet_of(real).sub_pillars if s.code == "3.3" for c in s.criteria)
        assert ("ยังไม่ใช่ผลจริง" in reason) == (origin == "assumed"), (words, reason)


def test_the_range_goes_as_far_as_the_estimate_may(real: Trial) -> None:
    publish("60", province=real.province)
    response = type(real.response).objects.get(pk=real.response.pk)
    span = queries.score_response(response).ranges.sub_pillars["3.3"]
    assert (span.low, span.best, span.high) == (45, 60, 75)


def test_the_score_page_reads_what_is_published_once(
    real: Trial, client: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(real.secretariat)
    page = reverse("scoring:score", args=[real.response.pk])
    client.get(page)  # the process keeps the compiled form from now on
    entered = {"score": Decimal("71.5"), "source": "a letter", "dated": timezone.localdate()}
    externals.save_external_score(by=real.secretariat, response=real.response, sub_pillar="3.3", **entered)
    with django_assert_max_num_queries(10):
        assert client.get(page).status_code == 200


def test_the_page_of_outside_scores_says_what_stands_for_one(real: Trial, client: Any) -> None:
    publish("49.83", province=real.province)
    client.force_login(real.secretariat)
    page = client.get(reverse("scoring:externals", args=[real.response.pk])).content.decode()
    assert "จึงประมาณไว้ 49.83 (อาจเป็น 34.83–64.83) จากผลปี 2567 ของจังหวัด" in page
