"""The KPI sheet for OPDC: targets, steps and points to the letter, an estimate marked as one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models.places import AgencyKind
from reports.content.imprint import Imprint, PaperState
from reports.content.kpi_sheet import KpiSheet, gather_kpi_sheet
from reports.documents.kpi_sheet import kpi_sheet_html
from reports.errors import ReportError
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.texts import describe_conditions
from scoring.kpi.types import CONDITION_KINDS, TargetCondition
from scoring.models import OfficialResult
from survey.models import Response
from tests.factories import AgencyFactory, ProvinceFactory
from tests.flow import Flow
from tests.reports.conftest import fresh, read_back, squeezed
from tests.reports.documents.page_look import orphans, underfull
from tests.reports.documents.ua_rules import faults
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None) -> Trial:
    """The real year of the sample province; the years before are published."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    AgencyFactory(province=province, name_th="สำนักงานจังหวัดหนองคาย", kind=AgencyKind.PROVINCIAL_OFFICE)
    return make_trial(REAL, province)


def said(sheet: KpiSheet, imprint: Imprint) -> str:
    """What the sheet says."""
    return squeezed(re.sub(r"<[^>]+>", " ", kpi_sheet_html(sheet, imprint)))


def publish_like_last_year(response: Response) -> None:
    """The year's result is published: the figures of the year before, under the codes that this year has."""
    year, province = response.round.year, response.round.province
    codes = {"2.3": ("2.3", "2.4")}  # last year's sub-pillar → this year's
    for row in OfficialResult.objects.filter(year=year - 1, province=province):
        named = codes.get(row.code, (row.code,)) if row.kind == OfficialResult.Kind.SUB_PILLAR else (row.code,)
        for code in named:
            row.pk, row.year, row.code = None, year, code
            row.save()


def test_an_estimate_says_so_and_shows_the_targets_of_the_province(real: Trial) -> None:
    sheet, imprint = gather_kpi_sheet(fresh(real.response))
    assert imprint.state is PaperState.DRAFT
    assert (sheet.is_official, sheet.weight, sheet.agency) == (False, Decimal(10), "สำนักงานจังหวัดหนองคาย")
    pillars, total = sheet.parts
    # Domain facts, section 6.
    assert [target.needed for target in pillars.targets] == ["5", "6", "7"]
    assert [target.needed for target in total.targets] == ["60.93", "70.93", "75.93"]
    assert pillars.past == ((2566, "1"), (2567, "6"))
    assert (pillars.best, total.best) == (Decimal(6), Decimal("70.93"))
    assert (sheet.points, sheet.sum, pillars.sum) == (Decimal(0), "0 + 0", "5 × 0 ÷ 100")
    kinds = {one.figure: one.kind for one in sheet.basis}
    assert next(kind for figure, kind in kinds.items() if figure.startswith("3.3 ")) == "ประมาณการ"
    assert kinds["ต่ำกว่าเป้าหมายขั้นต้น = 0"] == "ข้อสมมติ"
    words = said(sheet, imprint)
    for text in ("ตัวเลขประมาณการ", "กลุ่มที่ 2", "ผลที่ดีที่สุด − 1", "ผลที่ดีที่สุด + 5", "ต่ำกว่าเป้าหมายขั้นต้น", "ลงชื่อ"):
        assert squeezed(text) in words, text


def test_a_published_result_gives_the_official_points(real: Trial) -> None:
    publish_like_last_year(real.response)
    sheet, imprint = gather_kpi_sheet(fresh(real.response))
    assert (sheet.is_official, imprint.state) == (True, PaperState.RECORD)
    pillars, total = sheet.parts
    assert (pillars.current, total.current) == (Decimal(6), Decimal("70.93"))
    assert [part.step for part in sheet.parts] == ["เป้าหมายมาตรฐาน"] * 2
    assert (pillars.sum, sheet.sum, sheet.points) == ("5 × 75 ÷ 100", "3.75 + 3.75", Decimal("7.5"))
    assert [sum(bool(one) for one in counted) for _row, counted in sheet.pillars].count(1) == 6
    assert "ตัวเลขประมาณการ" not in said(sheet, imprint)


def test_what_cannot_be_told_is_not_made_up(real: Trial) -> None:
    OfficialResult.objects.all().delete()
    other = ProvinceFactory(code="TH-31")  # in group 3, with no baselines in the KPI's file
    sheet, imprint = gather_kpi_sheet(fresh(make_trial(REAL, other).response))
    assert (sheet.points, sheet.sum) == (None, "")
    assert squeezed(sheet.unknown) in said(sheet, imprint)
    assert all(value == "ยังไม่ได้กรอก" for _year, value in sheet.parts[1].past)


def test_every_condition_has_words() -> None:
    for kind in CONDITION_KINDS:
        assert describe_conditions((TargetCondition(kind, Decimal(3)),)).th
    one = TargetCondition("best_plus", Decimal(0)), TargetCondition("none_below", Decimal(3))
    assert describe_conditions(one).th == "ผลที่ดีที่สุด และไม่มีตัวชี้วัดหลักใดต่ำกว่าระดับ 3"


def test_a_year_without_a_kpi_is_refused(flow: Flow, tmp_path: Path) -> None:
    assert get_kpi_scheme(flow.round.year) is None
    with pytest.raises(ReportError) as caught:
        gather_kpi_sheet(fresh(flow.response))
    assert caught.value.reason == "no_kpi"
    with pytest.raises(CommandError, match="no KPI of OPDC"):
        call_command("report", "kpi", "--province", "TH-91", "--year", "2570", "--out", str(tmp_path / "a.pdf"))


@pytest.mark.slow
@pytest.mark.once
def test_it_is_printed(real: Trial, tmp_path: Path) -> None:
    sheet, imprint = gather_kpi_sheet(fresh(real.response))
    path = tmp_path / "a.pdf"
    call_command("report", "kpi", "--province", "TH-43", "--year", "2568", "--out", str(path))
    assert faults(path) == []
    assert underfull(path) == []
    assert orphans(path, kpi_sheet_html(sheet, replace(imprint))) == []
    told = squeezed(read_back(path, "-raw"))
    for part in sheet.parts:
        for target in part.targets:
            assert squeezed(f"{target.name}{target.reading}{target.asks}{target.needed}") in told, target
