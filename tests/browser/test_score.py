"""Score, comparing, fitting, importing in a real browser: desk and phone, axe clean; DGREADY_SHOTS keeps pictures."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from scoring.results.actions import official as results
from scoring.results.actions import scheme_versions as schemes
from scoring.results.actions.official import COLUMNS
from scoring.scheme import queries as versions
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.instrument.schema import AnswerValue
from survey.models import Response
from tests.browser.arriving import arriving
from tests.browser.looking import DESKTOP, PHONE, assert_accessible
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory
from tests.scoring.published import load_published_results, published
from tests.scoring.worlds import full_answers
from tests.trial import REAL, Trial, make_trial

Open = Callable[..., Page]
OFFICIAL = {"1.1": "55", "1.3": "30", "2.3": "20", "3.1": "70", "5.2": "33.33", "6.2": "90"}


@pytest.fixture
def year(transactional_db: None) -> Trial:
    """The real year, partly answered, with three agencies' own answers, everything published and this year's result."""
    province = ProvinceFactory(code="TH-43", region="northeast")
    load_published_results()
    trial = make_trial(REAL, province)
    fill(trial, trial.response, 1)
    for step, name in enumerate(("สำนักงานสถิติจังหวัด", "สำนักงานสาธารณสุขจังหวัด", "สำนักงานจังหวัด"), 2):
        agency = AgencyFactory(province=province, name_th=name)
        fill(trial, ensure_response(by=None, round_=trial.round, agency=agency), step)
    client = Client()  # templates are compiled before a browser waits for them
    client.force_login(trial.secretariat)
    client.get(f"/r/{trial.response.pk}/score/")
    lines = [f"2568,TH-43,sub_pillar,{code},{score},,,official,test" for code, score in OFFICIAL.items()]
    results.import_official_results(table=published("\n".join([",".join(COLUMNS), *lines])), name="2568.csv")
    return trial


def fill(trial: Trial, response: Response, step: int) -> None:
    """Every `step`th question answered as well as it can be."""
    values = full_answers("real")
    values = {**values, "P1.3": "doing"}  # needs no evidence
    for question in trial.compiled.questions[::step]:
        own = {i.id for i in question.card()}
        mine: dict[str, AnswerValue] = {a: v for a, v in values.items() if own & set(re.split(r"[#/]", a))}
        row = trial.question(question.id)
        answers.save_answer(by=trial.secretariat, response=response, question=row, value=mine, base_revision=0)


@pytest.fixture
def centre(year: Trial) -> User:
    """Somebody of the centre, with a fitted version of the scheme there."""
    user = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    schemes.create_scheme_version(by=user, response=year.response)
    return user


def look(page: Page, path: str, name: str) -> None:
    page.goto(path)
    expect(page.locator("h1")).to_be_visible()
    assert_accessible(page, name)


def test_the_secretariats_pages(open_page: Open, year: Trial) -> None:
    page = open_page(year.secretariat)
    base = f"/r/{year.response.pk}/"
    look(page, base + "score/", "score")
    for code in ("1.1", "1.2", "2.1"):
        pillar = page.locator("details.pillar", has=page.locator(f"[id='why-{code}']"))
        if pillar.get_attribute("open") is None:
            pillar.locator("> summary").click()
        page.locator(f"[id='why-{code}']").click()
        expect(page.locator(f"details.sub-pillar-why > summary[id='why-{code}']")).to_be_focused()
    assert page.url.endswith("/score/"), "loaded in place"
    for summary in page.locator("li.criterion details > summary").all()[:4]:
        if summary.is_visible():
            summary.click()
    assert_accessible(page, "score-open")
    look(page, base + "score/why/2.1/", "score-why")
    look(page, base + "years/", "years")
    page.locator("#national ~ details > summary").first.click()
    assert_accessible(page, "years-open")
    look(page, base + "score/externals/", "externals")
    look(page, "/results/import/", "import")


def test_the_centres_pages(open_page: Open, year: Trial, centre: User, tmp_path: Path) -> None:
    page = open_page(centre)
    look(page, f"/r/{year.response.pk}/fit/", "fit")
    look(page, "/schemes/", "schemes")
    page.get_by_role("button", name="ใช้กับรอบที่ยังแก้ไขได้").click()
    expect(page.get_by_role("status").or_(page.locator(".alert")).first).to_be_visible()
    year.round.refresh_from_db()
    assert versions.get_round_scheme(year.round).scheme.version == 4
    faulty = tmp_path / "x.csv"
    faulty.write_text(",".join(COLUMNS) + "\n2568,TH-43,pillar,9,101,,,guess,\n", encoding="utf-8")
    page.goto("/results/import/")
    page.locator("input[type=file]").set_input_files(faulty)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    expect(page.get_by_role("alert")).to_contain_text("แถว 2 คอลัมน์ code")
    assert_accessible(page, "import-faults")


def test_a_criterion_leads_to_its_answer(open_page: Open, year: Trial) -> None:
    """From the tree on the page to the place on the form."""
    page = open_page(year.secretariat)
    page.goto(f"/r/{year.response.pk}/score/#s-1.3")
    one = page.locator("#s-1\\.3")
    one.get_by_role("link", name="เหตุผลและสิ่งที่ยังขาด").click()
    one.locator("li.criterion details summary").first.click()
    with arriving(page):
        one.locator("ul.leaves a").first.click()
    assert "/fill/" in page.url
    assert page.url.rpartition("#")[2]


def test_the_tree_without_scripts(open_page: Open, year: Trial) -> None:
    """Where nothing loads in place, the link leads to the tree's own page and back."""
    page = open_page(year.secretariat)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/r/{year.response.pk}/score/")
    page.locator('.pillar-table a[href="#p-1"]').click()  # the pillar's name in the table unfolds it
    page.locator("[id='why-1.3']").click()
    page.wait_for_url("**/score/why/1.3/")
    expect(page.locator("li.criterion").first).to_be_visible()
    page.get_by_role("link", name="กลับไปหน้าคะแนน").click()
    page.wait_for_url("**/score/#s-1.3")


SCREENS = {DESKTOP: (3 * 800, 800), PHONE: (4.5 * 844, 844)}


@pytest.mark.parametrize("locale", ["th-TH", "en-GB"])
def test_the_score_page_is_three_screens_before_folding(open_page: Open, year: Trial, locale: str) -> None:
    """The sentence stands on the first screen, what to do first follows; the rest is folded and says what it holds."""
    page = open_page(year.secretariat, width=DESKTOP, locale=locale)
    for width, (most, screen) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": screen})
        page.goto(f"/r/{year.response.pk}/score/")
        assert page.evaluate("document.documentElement.scrollHeight") <= most
        sentence = page.locator(".headline").bounding_box()
        assert sentence is not None
        assert sentence["y"] + sentence["height"] <= screen
        for summary in page.locator("main details.fold > summary").all():
            assert summary.locator(".fold-count").inner_text().strip(), "each fold says what is inside"
        assert_accessible(page)
    page.set_viewport_size({"width": 640, "height": 400})  # a desk at 200 %
    assert_accessible(page)


def test_the_folds_open_by_keyboard(open_page: Open, year: Trial) -> None:
    page = open_page(year.secretariat)
    page.goto(f"/r/{year.response.pk}/score/")
    fold = page.locator("details.fold", has=page.locator("#radar-title"))
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("แต่ละแกนคือตัวชี้วัดตามเลข")).to_be_visible()
    expect(fold.locator("table").last).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": PHONE, "height": 844})
    reach = "tables => tables.map((t) => t.scrollWidth - t.closest('.chart-data').clientWidth)"
    assert max(fold.locator("table").evaluate_all(reach)) <= 0, "no table of a chart is wider than its card"
