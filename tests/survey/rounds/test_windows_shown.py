"""Where pages and papers speak of an evidence window: at the questions for which the paper prints one, nowhere else."""

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence.attaching import actions as evidence
from evidence.models import Attachment
from reports.content.queries import gather_report
from reports.workbooks.info_sheet import _info_rows
from survey.answering import actions as answers
from survey.approval.review import current_open_points
from survey.models import Response
from tests.evidence.conftest import pdf, upload
from tests.trial import REAL, ROOT, Trial, make_trial

FIRST_VERSION = ROOT / "fixtures/instruments/dg-province-2568.yaml"
YEAR, TWO_YEARS = "12 มิถุนายน 2567 – 30 พฤษภาคม 2568", "31 พฤษภาคม 2566 – 30 พฤษภาคม 2568"
HINT = "หลักฐานต้องอยู่ในช่วง"
OLD = date(2022, 3, 15)


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


def reader(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def prove(world: Trial, question: str, answer: str, day: date) -> None:
    """An answer with a marked document of that day."""
    row = world.question(question)
    answers.save_answer(
        by=world.secretariat, response=world.response, question=row, value={question: answer}, base_revision=0
    )
    attachment: Attachment = evidence.attach_evidence(
        by=world.secretariat,
        response=world.response,
        question=row,
        address=f"{question}={answer}",
        upload=upload(pdf(question)),
        document_date=day,
    ).attachment
    evidence.save_mark(by=world.secretariat, attachment=attachment, pages="1", quote="ข้อความ")


def panel(world: Trial, client: Client, question: str, answer: str) -> str:
    path = reverse("evidence:slot", args=[world.response.pk, question])
    return client.get(f"{path}?{urlencode({'at': f'{question}={answer}'})}").content.decode()


def test_the_panel_speaks_of_days_only_where_some_are_printed(world: Trial, client: Client) -> None:
    for question in ("G1", "G2"):
        prove(world, question, "yes", OLD)
    reader(world, client)
    free, bound = panel(world, client, "G1", "yes"), panel(world, client, "G2", "yes")
    years = timezone.localdate().year - OLD.year
    for text in (free, bound):
        assert f"({years} ปีก่อน)" in text or f"({years - 1} ปีก่อน)" in text
    assert HINT not in free
    assert "นอกช่วงที่กำหนด" not in free
    assert f"{HINT} 12 มิ.ย. 67 – 30 พ.ค. 68" in " ".join(bound.split())
    assert "นอกช่วงที่กำหนด" in bound
    dates = [point.address for point in current_open_points(world.response) if point.kind == "date"]
    assert dates == ["G2=yes"]


def test_a_fresh_document_has_no_age(world: Trial, client: Client) -> None:
    prove(world, "G1", "yes", timezone.localdate() - timedelta(days=30))
    assert "ปีก่อน)" not in panel(world, reader(world, client), "G1", "yes")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (REAL, {"ช่วงเวลาของหลักฐาน ข้อ G2, P3.1": YEAR, "ช่วงเวลาของหลักฐาน ข้อ G3": TWO_YEARS}),
        (FIRST_VERSION, {"ช่วงเวลาของหลักฐาน": YEAR}),
    ],
)
def test_papers_and_the_round_name_the_questions(db: None, client: Client, path: Path, shown: dict[str, str]) -> None:
    world = make_trial(path)
    rows = dict(_info_rows(gather_report(Response.objects.get(pk=world.response.pk))))
    assert {label: text for label, text in rows.items() if label.startswith("ช่วงเวลาของหลักฐาน")} == shown
    reader(world, client)
    where = [world.province.code, world.round.year]
    overview = client.get(reverse("survey:round", args=where)).content.decode()
    printed = client.get(reverse("survey:assignment-print", args=where)).content.decode()
    for label, days in shown.items():
        codes = label.removeprefix("ช่วงเวลาของหลักฐาน").strip()
        assert days in overview
        assert f"{codes} หลักฐานต้องลงวันที่ระหว่าง {days}".strip() in " ".join(printed.split())
    assert overview.count("ช่วงเวลาของหลักฐาน") == printed.count("หลักฐานต้องลงวันที่ระหว่าง") == len(shown)
