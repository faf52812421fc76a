"""The score page, its panel, and entering outside scores."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from dgready.typed.dates import format_typed_date
from scoring.engine import charts, queries
from scoring.engine.levels import round_score
from scoring.engine.sheet import ScoreSheet
from scoring.models import ExternalScore
from scoring.planning.queries import read_outlook
from survey.answering import actions as answers
from survey.models import Response
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory
from tests.scoring.published import load_published_results
from tests.scoring.worlds import full_answers
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def secretary(client: Client, trial: Trial) -> Client:
    client.force_login(trial.secretariat)
    return client


@pytest.fixture
def nong_khai(db: None) -> Trial:
    """The real year of the sample province with the published results."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    return make_trial(REAL, province)


def url(trial: Trial, name: str = "score") -> str:
    return reverse(f"scoring:{name}", args=[trial.response.pk])


def page(client: Client, address: str, **more) -> str:
    response = client.get(address, **more)
    assert response.status_code == 200
    return response.content.decode()


def trees(client: Client, trial: Trial, **more) -> list[str]:
    """The page of reasons of each sub-pillar."""
    codes = [s.code for p in queries.get_score_sheet(trial.response).pillars for s in p.sub_pillars]
    return [page(client, reverse("scoring:why", args=[trial.response.pk, code]), **more) for code in codes]


def fill(trial: Trial) -> ScoreSheet:
    """Every question answered."""
    values = full_answers("real")
    cards = {q.id: {i.id for i in q.card()} for q in trial.compiled.questions}
    for item_id, ids in cards.items():
        mine = {a: v for a, v in values.items() if ids & set(re.split(r"[#/]", a))}
        answers.save_answer(
            by=trial.secretariat,
            response=trial.response,
            question=trial.question(item_id),
            value=mine,
            base_revision=0,
        )
    return queries.get_score_sheet(trial.response)


# -- the page -------------------------------------------------------------------------------------


def test_the_page_says_plainly_what_is_estimated(secretary: Client, trial: Trial) -> None:
    html = page(secretary, url(trial))
    assert "คะแนนนี้เป็นประมาณการ" in html
    assert "2.2 ผลทดสอบกลาง" in html, "what is not known yet"
    assert url(trial, "externals") in html
    assert all("made up for tests" in tree for tree in trees(secretary, trial)), "the source of every figure"


def test_reasons_link_to_the_place_on_the_form(secretary: Client, trial: Trial) -> None:
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question("T1"),
        value={"T1": "done"},
        base_revision=0,
    )
    html = "".join(trees(secretary, trial))
    place = reverse("survey:fill", args=[trial.response.pk, "1.1"])
    assert f'href="{place}#e:T1=done"' in html
    assert "ตอบ “มีแผนแล้ว” แต่ยังไม่มีหลักฐานที่ทำเครื่องหมาย" in html
    assert f'href="{place}#q:T2"' in html


def test_the_page_in_english(secretary: Client, trial: Trial) -> None:
    html = page(secretary, url(trial), headers={"accept-language": "en"})
    assert "Service Points" in html
    assert "Not answered yet." in "".join(trees(secretary, trial, headers={"accept-language": "en"}))


def test_compared_with_published_results(client: Client, nong_khai: Trial) -> None:
    client.force_login(nong_khai.secretariat)
    html = page(client, url(nong_khai))
    for heading in ("จังหวัดนี้ 2567", "เฉลี่ย 2567", "อันดับ 1 2567", "จังหวัดนี้ 2566"):
        assert f">{heading}</th>" in html
    for figure in ("91.79", "55.86", "95.38", "43.57", "70.93", "39.78"):
        assert figure in html
    assert "อันดับ 7" in html
    assert "ตัวชี้วัดระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด ปีงบประมาณ พ.ศ. 2568" in html
    assert "60.93" in html


def test_charts_have_a_data_table_and_no_style(client: Client, nong_khai: Trial) -> None:
    client.force_login(nong_khai.secretariat)
    html = page(client, url(nong_khai))
    assert html.count('class="chart-data ') == 2, "beside bars and radar; the chart of the total says its numbers"
    assert html.count("<figure") == html.count('role="img"') == 3
    assert "style=" not in html
    assert "var(--" not in html


def test_a_full_form_with_all_outside_scores(client: Client, nong_khai: Trial) -> None:
    sheet = fill(nong_khai)
    assert sheet.total is not None
    client.force_login(nong_khai.secretariat)
    html = "".join(trees(client, nong_khai))
    assert html.count('class="criterion"') == len(sheet.criteria)


def test_no_page_of_a_full_form_is_large(client: Client, nong_khai: Trial, django_assert_max_num_queries) -> None:
    """The law: at most 150 kB before compression, and ten queries; measured on the real form, all answered."""
    sheet = fill(nong_khai)
    centre = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    client.force_login(nong_khai.secretariat)
    names = ("score", "whatif", "plan", "years", "compare", "externals", "efforts", "panel")
    addresses = [url(nong_khai, name) for name in names]
    for pillar in sheet.pillars:
        addresses += [reverse("scoring:why", args=[nong_khai.response.pk, s.code]) for s in pillar.sub_pillars]
    page(client, addresses[0])
    sizes = {}
    for address in addresses:
        with django_assert_max_num_queries(10):
            sizes[address] = len(page(client, address).encode())
    client.force_login(centre)
    sizes["fit"] = len(page(client, url(nong_khai, "fit")).encode())
    assert {name: size for name, size in sizes.items() if size > 150_000} == {}


@pytest.mark.parametrize("name", ["score", "panel"])
def test_pages_take_few_queries_whatever_the_answers(
    client: Client, nong_khai: Trial, name: str, django_assert_max_num_queries
) -> None:
    client.force_login(nong_khai.secretariat)
    page(client, url(nong_khai, name))
    with django_assert_max_num_queries(10) as empty:
        page(client, url(nong_khai, name))
    fill(nong_khai)
    with django_assert_max_num_queries(10) as full:
        page(client, url(nong_khai, name))
    assert len(full) <= len(empty), "nobody is asked about a full form"


def test_a_year_without_a_scheme(secretary: Client, trial: Trial, settings) -> None:
    settings.SCHEME_DIRS = []
    assert "ยังไม่มีเกณฑ์คะแนน" in page(secretary, url(trial))
    assert "ยังไม่มีเกณฑ์คะแนน" in page(secretary, url(trial, "externals"))
    assert secretary.get(url(trial, "panel")).status_code == 204


# -- the panel ------------------------------------------------------------------------------------


def test_the_panel(secretary: Client, trial: Trial) -> None:
    html = page(secretary, url(trial, "panel"), headers={"hx-request": "true"})
    assert "<html" not in html
    assert "ประมาณการ" in html
    assert html.count("<svg") == 2, "one bar per pillar"
    assert url(trial) in html


def test_a_coordinator_sees_the_panel_of_the_own_contribution(client: Client, trial: Trial) -> None:
    agency = AgencyFactory(province=trial.province)
    own = Response.objects.create(round=trial.round, agency=agency)
    client.force_login(MembershipFactory(role=Role.COORDINATOR, agency=agency).user)
    html = page(client, reverse("scoring:panel", args=[own.pk]))
    assert "คะแนนเฉพาะคำตอบชุดนี้" in html
    assert client.get(url(trial, "panel")).status_code == 404
    assert "เฉลี่ย" not in page(client, reverse("scoring:score", args=[own.pk])).split("<main")[1][:2000]


# -- outside scores -------------------------------------------------------------------------------


def post(client: Client, trial: Trial, **data):
    today = format_typed_date(timezone.localdate())
    values = {"sub_pillar": "2.2", "score": "49.83", "source": "หนังสือแจ้งผล", "dated": today, **data}
    return client.post(url(trial, "externals"), values)


def test_entering_an_outside_score(secretary: Client, trial: Trial) -> None:
    assert post(secretary, trial, score="๔๙.๘๓").status_code == 302
    assert ExternalScore.objects.get().score == Decimal("49.83")
    html = page(secretary, url(trial, "externals"))
    assert "49.83" in html
    assert "หนังสือแจ้งผล" in html
    assert ExternalScore.objects.get().dated == timezone.localdate()
    assert f'value="{format_typed_date(timezone.localdate())}"' in html


@pytest.mark.parametrize(
    "data",
    [
        {"score": "101"},
        {"score": "x"},
        {"score": "1.234"},
        {"source": " "},
        {"sub_pillar": "1.1"},
        {"dated": "1/1/2799"},
        {"dated": "31/2/2568"},
        {"dated": "เมื่อวาน"},
        {"dated": ""},
    ],
)
def test_faulty_input_comes_back_with_422(secretary: Client, trial: Trial, data: dict) -> None:
    response = post(secretary, trial, **data)
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()
    assert not ExternalScore.objects.exists()


def test_taking_an_outside_score_out(secretary: Client, trial: Trial) -> None:
    post(secretary, trial)
    assert secretary.post(url(trial, "externals"), {"remove": "2.2"}).status_code == 302
    assert not ExternalScore.objects.exists()


def test_a_closed_response_shows_but_does_not_take_scores(secretary: Client, trial: Trial) -> None:
    post(secretary, trial)
    Response.objects.update(state=Response.State.APPROVED)
    html = page(secretary, url(trial, "externals"))
    assert "49.83" in html
    assert 'name="score"' not in html
    assert post(secretary, trial, score="50").status_code == 302
    assert ExternalScore.objects.get().score == Decimal("49.83")


def test_who_may_enter_scores(client: Client, trial: Trial) -> None:
    for role in (Role.GOVERNOR, Role.COMMITTEE, Role.PROVINCE_ADMIN):
        client.force_login(trial.user(role))
        assert client.get(url(trial, "externals")).status_code == 404
        assert client.get(url(trial)).status_code == 200
        assert url(trial, "externals") not in client.get(url(trial)).content.decode()


def test_contributions_have_no_outside_scores(secretary: Client, trial: Trial) -> None:
    own = Response.objects.create(round=trial.round, agency=AgencyFactory(province=trial.province))
    assert secretary.get(reverse("scoring:externals", args=[own.pk])).status_code == 404


# -- charts ---------------------------------------------------------------------------------------


def test_radar_geometry() -> None:
    scores = [Decimal(100), None, Decimal(0), Decimal(50)]
    found = charts.build_radar_chart("t", list("1234"), list("abcd"), [charts.ChartSeries("s", scores)])
    ends = [(p.x, p.y) for p in found.spokes]
    assert ends == [("160.0", "42.0"), ("278.0", "160.0"), ("160.0", "278.0"), ("42.0", "160.0")]
    drawn = [(p.x, p.y) for p in found.lines[0].points]
    assert drawn == [("160.0", "42.0"), ("160.0", "160.0"), ("101.0", "160.0")]
    assert found.lines[0].values == ("100.00", "–", "0.00", "50.00")


def test_bars_geometry() -> None:
    found = charts.build_bar_chart("t", [("1", "a", Decimal(50), 3, Decimal("25")), ("2", "b", None, None, None)], "m")
    assert [(b.width, b.fill, b.mark, b.value) for b in found.bars] == [
        ("210.0", charts.LEVEL_FILL[3], "149.0", "50.00"),
        ("0.0", charts.NO_LEVEL_FILL, "", "–"),
    ]


def test_what_is_unfinished_stands_apart_from_what_is_uncertain(client: Client, nong_khai: Trial) -> None:
    client.force_login(nong_khai.secretariat)
    said = " ".join(page(client, url(nong_khai)).split())
    lost = read_outlook(nong_khai.response).lost
    assert lost is not None
    assert "คะแนนที่ยังไม่ได้มาจากไหน" in said
    assert f'<dt>ยังไม่ได้ตอบ</dt> <dd class="num">{round_score(lost.not_answered)}</dd>' in said
    assert "ผู้ตรวจไม่รับหลักฐาน" not in said, "nothing is rejected"
