"""Pages of the national report: queries and bytes at any size, groups, the provinces behind a figure, files."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Province
from accounts.models.places import Region
from accounts.roles import Role
from nation.facts.types import FactBlock, Population
from nation.figures.actions import count_year
from nation.national.charts import BAR_WIDTH, WIDTH, BlockChart, block_chart
from nation.national.presentation import before_label
from reports import tasks
from reports.models import Job, JobState, ReportKind
from tests.flow import Flow
from tests.nation.made_up_report import large_report, made_up_report
from tests.people import People

MOST_QUERIES, MOST_BYTES = 10, 150_000


def address(flow: Flow, rest: str = "") -> str:
    return f"/nation/{flow.round.year}/report/{rest}"


def make_provinces(number: int) -> list[str]:
    """So many more provinces; their codes."""
    made = [Province(code=f"TH-{n:02}", name_th=f"จังหวัด {n:02}", region=Region.NORTH) for n in range(1, number + 1)]
    for one in made:
        one.save()
    return [one.code for one in made]


@pytest.mark.parametrize("number", [1, 3, 76])
def test_queries_and_bytes_do_not_grow(
    flow: Flow, central: Client, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    codes = make_provinces(number)
    report = large_report(codes)
    monkeypatch.setattr("nation.national.queries.read_national", lambda _population, **_more: report)
    central.get(address(flow))  # what is kept per process
    for rest in ("", "G/", "1/", "4/?part=1", "question.P1.1.0/a/"):
        with CaptureQueriesContext(connection) as queries:
            response = central.get(address(flow, rest))
        assert response.status_code == 200
        assert len(queries) <= MOST_QUERIES, rest
        assert len(response.content) <= MOST_BYTES, rest


def test_a_long_section_is_on_as_many_pages_as_it_needs(
    flow: Flow, central: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block of a section on one of its pages, in order, each page within its bytes."""
    report = large_report(make_provinces(76))
    monkeypatch.setattr("nation.national.queries.read_national", lambda _population, **_more: report)
    found: list[str] = []
    for part in range(1, 100):
        response = central.get(address(flow, f"1/?part={part}"))
        if response.status_code == 404:
            break
        assert len(response.content) <= MOST_BYTES
        found += re.findall(r'id="b-([^"]+)"', response.content.decode())
    assert part > 3
    assert found == [block.key for block in report.blocks if block.section == "1"]


def test_the_form_chooses_whose_answers_are_counted(flow: Flow, told: list[Population], central: Client) -> None:
    region = flow.province.region
    html = central.get(address(flow, f"?of=region:{region}&states=submitted&before=alone")).content.decode()
    assert told[-1] == Population(flow.round.year, "region", region, submitted=True)
    assert f'<option value="region:{region}" selected>' in html
    assert "ปีก่อน</th>" not in html
    assert f"report/1/?of=region:{region}&amp;states=submitted&amp;before=alone" in html
    assert "ปีก่อน</th>" in central.get(address(flow)).content.decode()
    for wrong in ("?of=region:moon", "?of=moon:north", "?of=region:", "?part=2", "?part=x"):
        assert central.get(address(flow, wrong)).status_code == 404, wrong


def test_a_year_without_rounds_and_an_unknown_section_are_not_there(
    flow: Flow, told: list[Population], central: Client
) -> None:
    assert central.get("/nation/2500/report/").status_code == 404
    assert central.get(address(flow, "9/")).status_code == 404


def test_every_chart_has_a_name_and_a_table(flow: Flow, told: list[Population], central: Client) -> None:
    html = central.get(address(flow, "1/")).content.decode()
    charts = re.findall(r'<figure class="chart.*?</figure>', html, re.DOTALL)
    assert len(charts) == len([one for one in made_up_report().blocks if one.section == "1" and one.shape])
    for chart in charts:
        assert re.search(r'role="img".*<title>[^<]+</title>\s*<desc>[^<]+</desc>', chart, re.DOTALL)
    assert html.count("<table") == len(charts)
    assert html.count('<th scope="row">') == 11
    assert html.count("<th>") == 0
    assert 'style="' not in html.split("<main")[1]


def test_stacked_bars_and_rings_are_as_long_as_their_shares(flow: Flow) -> None:
    def chart(key: str) -> tuple[FactBlock, BlockChart]:
        block = made_up_report([f"TH-{number:02}" for number in range(20)]).block(key)
        drawn = block_chart(block, "th", compare=True, before=before_label()) if block else None
        assert block is not None
        assert drawn is not None
        return block, drawn

    block, drawn = chart("levels.total")
    widths = [float(piece.width) for piece in drawn.bars[0].pieces]
    assert widths == pytest.approx([float(row.percent) * WIDTH / 100 for row in block.rows if row.percent], abs=0.06)
    assert [piece.fill for piece in drawn.bars[0].pieces] == [f"level-{row.key}" for row in block.rows if row.percent]
    assert len(drawn.bars) == 2, "the year before below"
    block, drawn = chart("question.P1.1")
    assert [float(bar.width) for bar in drawn.bars] == pytest.approx(
        [float(row.percent) * BAR_WIDTH / 100 for row in block.rows], abs=0.06
    )
    assert drawn.bars[0].mark == f"{BAR_WIDTH * 0.4:.1f}"
    _block, ring = chart("question.G1")
    assert len(ring.ring) == len(ring.keys) == 2


def test_the_provinces_behind_a_figure_are_in_bands_by_name(
    flow: Flow, told: list[Population], central: Client
) -> None:
    count_year(flow.round.year)
    response = central.get(address(flow, "question.P1.1/a/"))
    html = response.content.decode()
    assert f'href="/r/{flow.response.pk}/answers/"' in html
    assert "ไม่ใช่อันดับ" in html
    assert central.get(address(flow, "levels.pillars/1/1:1/")).status_code == 200
    assert central.get(address(flow, "table.P2.1/P2.1~a/done/")).status_code == 200
    for wrong in ("question.P1.2/few/", "question.P1.1/zz/", "zz/a/", "levels.pillars/1/1/", "examples.P2.3/x1/"):
        assert central.get(address(flow, wrong)).status_code == 404, wrong


def test_only_the_centre_sees_what_is_counted_now(
    flow: Flow, told: list[Population], client: Client, people: People
) -> None:
    places = ("", "1/", "data.csv", "data.json", "question.P1.1/a/", "levels.pillars/1/1:1/")
    for _name, user in people.everyone():
        if user == people.who(Role.CENTRAL_ADMIN):
            continue
        client.force_login(user)
        assert {client.get(address(flow, place)).status_code for place in places} <= {403, 404}
        assert client.post(address(flow, "make/"), {"kind": "national"}).status_code in (403, 404)
    assert Job.objects.count() == 0


@pytest.mark.parametrize("kind", [ReportKind.NATIONAL, ReportKind.NATIONAL_SHEET])
def test_a_file_is_made_in_the_background_for_the_centre_alone(
    flow: Flow, told: list[Population], central: Client, client: Client, people: People, kind: ReportKind
) -> None:
    chosen = {"kind": kind.value, "of": f"region:{flow.province.region}"}
    page = central.post(address(flow, "make/"), chosen)["Location"]
    job = Job.objects.get()
    assert job.response is None
    assert page == f"/jobs/{job.public_id}/"
    assert job.params == {"year": flow.round.year, "group": "region", "member": flow.province.region}
    tasks.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message, job.of_draft) == (JobState.DONE, "", True)
    assert told[-1] == Population(flow.round.year, "region", flow.province.region)
    with default_storage.open(job.stored) as file:
        assert file.read(4) == (b"%PDF" if kind is ReportKind.NATIONAL else b"PK\x03\x04")
    assert address(flow) in central.get(page).content.decode()
    assert "ทุกจังหวัด" in central.get("/jobs/").content.decode()
    assert central.get(f"{page}file/").getvalue()[:2] in (b"%P", b"PK")
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    for rest in ("", "file/"):
        assert client.get(f"{page}{rest}").status_code == 404
    assert client.post(f"{page}again/").status_code == 404
    assert str(job.public_id) not in client.get("/jobs/").content.decode()


def test_another_kind_of_file_is_not_made_here(flow: Flow, told: list[Population], central: Client) -> None:
    assert central.post(address(flow, "make/"), {"kind": "dga"}).status_code == 404
    assert central.post(address(flow, "make/"), {"kind": "national", "of": "kpi:99"}).status_code == 404
    response = central.post(f"/r/{flow.response.pk}/reports/make/", {"kind": "national"})
    assert response.status_code == 404, "no file about all provinces among those of one"
    assert "national" not in re.findall(
        r'name="kind"\s+value="(\w+)"', central.get(f"/r/{flow.response.pk}/reports/").content.decode()
    )
