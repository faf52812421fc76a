"""A question in the year before: the line on its card, when merging and reading, and the page behind it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from scoring.models import Benchmark
from survey.approval.views.reading import reading_page
from tests.factories import ProvinceFactory
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None, client: Client) -> Trial:
    """The real year of the sample province with everything published, its secretariat signed in."""
    province = ProvinceFactory(code="TH-43", region="northeast")
    load_published_results()
    trial = make_trial(REAL, province)
    client.force_login(trial.secretariat)
    return trial


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html))


def test_the_form_says_what_a_question_was_without_a_query(
    real: Trial, client: Client, django_assert_num_queries: Any
) -> None:
    base = f"/r/{real.response.pk}/"
    page = client.get(f"{base}fill/1.3/").content.decode()
    assert f'<a href="{base}last-year/P1.3/" data-panel>ปี 2567: ข้อ 1.3 (ปรับถ้อยคำหรือตัวเลือก)</a>' in page
    unknown = client.get(f"{base}fill/1.2/").content.decode()
    assert "last-year/" not in unknown, "nothing is known of it"
    with django_assert_num_queries(len(_queries(client, f"{base}fill/1.2/"))):
        client.get(f"{base}fill/1.3/")


def _queries(client: Client, url: str) -> list[Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        client.get(url)
    return list(found)


def test_the_line_leads_on_where_answers_are_read_and_merged(real: Trial, client: Client) -> None:
    for page in (reading_page(real.response, "1.3"), f"/r/{real.response.pk}/consolidate/P1.3/"):
        html = client.get(page).content.decode()
        assert f'<a href="/r/{real.response.pk}/last-year/P1.3/">ปี 2567: ข้อ 1.3' in html, page


def test_the_page_tells_what_it_was_and_how_all_provinces_answered(
    real: Trial, client: Client, django_assert_max_num_queries: Any
) -> None:
    url = f"/r/{real.response.pk}/last-year/P5.2/"
    client.get(url)
    with django_assert_max_num_queries(10):
        said = words(client.get(url).content.decode())
    assert "ปี 2567 คือข้อ 5.2 · ข้อเดิม" in said
    assert "มี: 76.32 % (58/76) คำนวณย้อนจากผลที่ประกาศ" in said, "a figure that was not printed says so"
    assert "ขาดงบประมาณ: 55.55 %" in said
    assert "ผลที่ประกาศปี 2567 ตัวชี้วัดย่อย 5.2" in said
    assert "จังหวัด: 80.00" in said
    inner = client.get(url, headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<html" not in inner
    assert "ข้อ 5.2" in inner


def test_it_tells_of_changes_and_of_what_is_not_known(real: Trial, client: Client) -> None:
    base = f"/r/{real.response.pk}/last-year/"
    merged = words(client.get(f"{base}P2.1.4/").content.decode())
    assert "ปี 2567 คือข้อ 2.1.5.1, 2.1.5.2 · รวมจากหลายข้อ" in merged
    assert "ปี 2567 ถาม 2 ข้อ" in merged
    assert "ข้อ 2.1.5.2" in merged
    unknown = words(client.get(f"{base}P8.1/").content.decode())
    assert "ไม่มีข้อมูลว่าข้อนี้เป็นข้อใดในปี 2567" in unknown
    Benchmark.objects.all().delete()
    assert "ยังไม่มีตัวเลขของทุกจังหวัดปี 2567" in words(client.get(f"{base}P1.1/").content.decode())
