"""Editions of a published result: 1.1 stands beside 1.0, everything reads the newest, nothing is written over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.log import RefusedError
from accounts.models import AccountEvent, Province
from reports.content.results import gather_result_paper
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from scoring.models import OfficialResult
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.correcting import correct_sub_pillar
from scoring.results.actions.undoing import undo_import
from scoring.results.corrected import correct_result, rank_totals
from scoring.results.queries import read_results, read_year_totals
from scoring.scheme.queries import get_scheme_of_year
from tests.factories import ProvinceFactory, UserFactory
from tests.scoring.comparing.test_own_result import words
from tests.scoring.published import published
from tests.trial import REAL, make_trial

pytestmark = pytest.mark.django_db
YEAR = 2568


def table_of(province: str, scores: dict[str, str], total: str, rank: str = "", year: int = YEAR) -> str:
    head = ",".join(["ปี", "จังหวัด", *scores, "คะแนนรวม", "อันดับ", "ที่มา"])
    return f"{head}\n{','.join([str(year), province, *scores.values(), total, rank, 'ประกาศ'])}"


def put(province: str, scores: dict[str, str], total: str, rank: str = "", **more: object):
    return results.import_official_results(table=published(table_of(province, scores, total, rank)), **more)


@pytest.fixture
def province() -> Province:
    province = ProvinceFactory(code="TH-43")
    put("TH-43", {"1.1": "50", "1.2": "40", "ตัวชี้วัด 1": "45"}, "60", "2")
    return province


def stored(province: Province) -> dict[tuple[str, int], Decimal]:
    return {(row.code, row.edition): row.score for row in OfficialResult.objects.filter(province=province)}


def test_a_correction_before_anybody_may_contest_is_written_where_it_stands(province: Province) -> None:
    put("TH-43", {"1.1": "55", "1.2": "40"}, "60", "2")
    assert stored(province) == {("1.1", 0): 55, ("1.2", 0): 40, ("1", 0): 45, ("total", 0): 60}


def test_an_import_of_a_contested_year_adds_an_edition_only_where_figures_changed(province: Province) -> None:
    outcome = put("TH-43", {"1.1": "55", "1.2": "40"}, "61", "2", kept_years={YEAR})
    assert (outcome.added, outcome.changed, outcome.same) == (2, 0, 1)
    assert [(one.before, one.after) for one in outcome.changes] == [
        ("50.00", "55.00"),
        ("60.00 · อันดับ 2", "61.00 · อันดับ 2"),
    ]
    assert stored(province) == {
        ("1.1", 0): 50, ("1.2", 0): 40, ("1", 0): 45, ("total", 0): 60, ("1.1", 1): 55, ("total", 1): 61,
    }  # fmt: skip
    assert put("TH-43", {"1.1": "55", "1.2": "40"}, "61", "2", kept_years={YEAR}).changes == ()
    put("TH-43", {"1.1": "56"}, "61", "2")
    assert stored(province)["1.1", 2] == 56, "once there is a later edition the year is kept without being told"


def test_every_read_takes_the_newest_and_shows_the_older_beside(province: Province) -> None:
    put("TH-43", {"1.1": "55"}, "61", "1", kept_years={YEAR})
    own = read_results(province, YEAR)[0]
    assert own is not None
    assert (own.edition_name, own.score("province", "total", "total")) == ("1.1", 61)
    assert own.score("province", "sub_pillar", "1.2") == 40, "what an edition does not change is that of the one before"
    assert [(one.edition_name, one.total("province").score) for one in own.earlier] == [("1.0", 60)]
    assert read_year_totals(YEAR)[province.pk].score == 61
    assert {(row.code, row.edition) for row in OfficialResult.objects.newest().filter(province=province)} == {
        ("1.1", 1), ("1.2", 0), ("1", 0), ("total", 1),
    }  # fmt: skip


def test_the_average_has_editions_of_its_own(province: Province) -> None:
    put("average", {"1.1": "33"}, "44")
    put("average", {"1.1": "34"}, "44", kept_years={YEAR})
    newest = OfficialResult.objects.newest().filter(label="average", code="1.1").get()
    assert (newest.score, newest.edition) == (34, 1)


def test_a_province_may_not_write_its_own_result_once_it_may_be_contested(province: Province) -> None:
    with pytest.raises(TableRejected):
        put("TH-43", {"1.1": "99"}, "99", may_write=lambda key: key == province.pk, kept_years={YEAR})
    assert stored(province)["1.1", 0] == 50


def test_undoing_takes_an_edition_away_but_nothing_that_is_contested(province: Province) -> None:
    first = AccountEvent.objects.filter(verb="import_results").latest("pk")
    put("TH-43", {"1.1": "55"}, "61", kept_years={YEAR})
    second = AccountEvent.objects.filter(verb="import_results").latest("pk")
    with pytest.raises(RefusedError):
        undo_import(by=None, event=first)
    put("TH-43", {"1.1": "56"}, "61", kept_years={YEAR})
    with pytest.raises(RefusedError):
        undo_import(by=None, event=second)
    undo_import(by=None, event=AccountEvent.objects.filter(verb="import_results").latest("pk"), kept_years={YEAR})
    undo_import(by=None, event=second, kept_years={YEAR})
    assert max(edition for _code, edition in stored(province)) == 0
    with pytest.raises(RefusedError):
        undo_import(by=None, event=first, kept_years={YEAR})
    undo_import(by=None, event=first)
    assert not stored(province)


def test_a_decision_moves_pillar_total_and_ranks_and_is_proved(province: Province) -> None:
    other = ProvinceFactory(code="TH-41")
    put("TH-41", {"1.1": "50"}, "60.5", "1")
    by = UserFactory()
    made = correct_sub_pillar(by=by, province=province, year=YEAR, code="1.1", score=Decimal(90), source="คำวินิจฉัย")
    assert made is not None
    # weights of 2568: 1.1 has 4 of pillar 1's 12
    weights = {
        s.code: s.weight.value for p in get_scheme_of_year(YEAR).scheme.pillars for s in p.sub_pillars if s.weight
    }
    pillar = next(p for p in get_scheme_of_year(YEAR).scheme.pillars if p.number == "1").weight.value
    step = Decimal(40) * weights["1.1"]
    own = read_results(province, YEAR)[0]
    assert own.score("province", "pillar", "1") == (45 + step / pillar).quantize(Decimal("0.01"))
    assert own.score("province", "total", "total") == (60 + step / 100).quantize(Decimal("0.01"))
    assert own.total("province").rank == 1
    assert own.earlier[0].total("province").rank == 2
    moved = read_results(other, YEAR)[0]
    assert (moved.total("province").rank, moved.total("province").score) == (2, Decimal("60.5"))
    assert moved.edition_name == "1.1"
    assert not [fault for fault in verify_all(files=FileCheck.NONE).faults if fault.code.startswith("result")]
    OfficialResult.objects.filter(province=province, code="1.1", edition=1).update(edition=3)
    assert "result.changed" in {fault.code for fault in verify_all(files=FileCheck.NONE).faults}


def test_without_every_total_the_new_one_has_no_rank(province: Province) -> None:
    ProvinceFactory(code="TH-41")
    correct_sub_pillar(by=UserFactory(), province=province, year=YEAR, code="1.1", score=Decimal(90), source="x")
    own = read_results(province, YEAR)[0]
    assert own is not None
    assert own.total("province").rank is None


def test_what_is_not_published_is_not_corrected(province: Province) -> None:
    with pytest.raises(RefusedError):
        correct_sub_pillar(by=UserFactory(), province=province, year=YEAR, code="2.1", score=Decimal(9), source="x")


def test_figures_that_follow_from_their_parts_are_computed_anew() -> None:
    scheme = get_scheme_of_year(2567).scheme
    scores = {("sub_pillar", code): Decimal(value) for code, value in {"2.1": 40, "2.2": "73.33", "2.3": 40}.items()}
    scores |= {("pillar", "2"): Decimal("48.33"), ("total", "total"): Decimal("70.93")}
    corrected = correct_result(scheme, scores, "2.3", Decimal(100))
    assert corrected is not None
    assert corrected.pillar_score == Decimal("68.33")  # (40·5 + 73.33·3 + 100·4) / 12
    assert corrected.total == Decimal("73.33")  # 60 points of 4 % more
    assert corrected.is_exact, "the weights of 2567 are recovered"


def test_equal_totals_share_a_rank() -> None:
    assert rank_totals({1: Decimal(5), 2: Decimal(7), 3: Decimal(7), 4: Decimal(1)}) == {1: 3, 2: 1, 3: 1, 4: 4}


def test_pages_and_papers_name_the_edition_and_show_the_estimate(client: Client, django_assert_max_num_queries) -> None:
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    put("TH-43", {"1.1": "33.33", "1.2": "20", "ตัวชี้วัด 1": "30"}, "44.44", "9")
    put("TH-43", {"1.1": "35"}, "45", "8", kept_years={YEAR})
    client.force_login(trial.secretariat)
    for address in (
        reverse("scoring:score", args=[trial.response.pk]),
        reverse("scoring:years", args=[trial.response.pk]),
        reverse("survey:brief", args=[trial.response.pk]),
    ):
        said = words(client, address)
        assert "ผลที่ประกาศปี 2568 45.00" in said
        assert "ผลฉบับ 1.1" in said
        assert "ผลฉบับ 1.0 44.44" in said
        with django_assert_max_num_queries(10):
            client.get(address)
    result, _imprint = gather_result_paper(trial.province, YEAR, "th")
    assert (result.edition_name, result.earlier) == ("1.1", (("1.0", Decimal("44.44")),))
    assert result.has_estimate
    assert next(row for row in result.rows if row.code == "1.1").estimate is not None
