"""The page, the action and the command that fit a year's scheme to all provinces."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from accounts.roles import Capability, Role
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from scoring.engine import queries
from scoring.models import OfficialResult, SchemeVersion
from scoring.results.actions import scheme_versions as schemes
from scoring.scheme.load import parse_scheme
from scoring.scheme.queries import get_round_scheme
from survey.access import get_response
from survey.answering import actions as answers
from tests.factories import MembershipFactory, ProvinceFactory
from tests.trial import REAL, Trial, make_trial

SCORES = {"TH-43": "20", "TH-41": "20", "TH-39": "0"}


@pytest.fixture
def three(db: None) -> list[Trial]:
    """Three provinces with a result: two published their open data, one said nothing; a fourth has no answer."""
    trials = [make_trial(REAL, ProvinceFactory(code=code)) for code in SCORES]
    for trial in trials[:2]:
        value = {"P2.3.1.1": "done", "P2.3.1.1.1": "https://a.example.org"}
        more = {"by": trial.secretariat, "response": trial.response, "base_revision": 0}
        answers.save_answer(question=trial.question("P2.3.1.1"), value=value, **more)
    facts = {"year": 2568, "origin": "official", "source": "test"}
    for trial in trials:
        for code, score in {"2.3": SCORES[trial.province.code], "2.1": "40", "2.2": "60", "2.4": "80"}.items():
            OfficialResult.objects.create(province=trial.province, kind="sub_pillar", code=code, score=score, **facts)
    other = ProvinceFactory(code="TH-10")
    OfficialResult.objects.create(province=other, kind="total", code="total", score=50, **facts)
    return trials


@pytest.fixture
def admin(db: None) -> User:
    """Somebody of the centre."""
    return MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user


def score_now(trial: Trial) -> Decimal | None:
    """The score of 2.3 as anybody reads it now."""
    response = get_response(trial.secretariat, trial.response.pk, Capability.RESPONSE_READ)
    return {s.code: s.score for s in queries.get_score_sheet(response).sub_pillars}["2.3"]


def test_the_page_shows_and_makes_the_version(
    three: list[Trial], admin: User, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(admin)
    address = reverse("scoring:fit-year", args=[2568])
    assert address in client.get(reverse("scoring:schemes")).content.decode()
    client.get(address)
    with django_assert_max_num_queries(10):
        page = client.get(address).content.decode()
    assert "3 จังหวัด" in page
    assert "TH-10" in page, "a result without an answer is named"
    assert "จาก 100 เป็น 60 คะแนน" in page
    assert "*fitted_v4" in page
    assert len(page.encode()) < 150_000
    checksum = page.split('name="checksum" value="')[1].split('"')[0]
    client.post(address, {"checksum": "0" * 64})
    assert not SchemeVersion.objects.exists(), "only what was looked at is made"
    client.post(address, {"checksum": checksum})
    row = SchemeVersion.objects.get()
    assert (row.version, row.made_by, row.fitted_to, row.fitted_count, row.checksum) == (4, admin, None, 3, checksum)
    assert score_now(three[0]) == Decimal("33.33"), "it has no effect until it is chosen"
    listed = client.get(reverse("scoring:schemes")).content.decode()
    assert "จากผลปี 2568 ของ 3 จังหวัด" in listed or "ปรับจากผลปี 2568 ของ 3 จังหวัด" in listed
    assert "จาก 100 เป็น 60 คะแนน" in listed
    client.post(reverse("scoring:scheme-use", args=[row.pk]))
    assert [score_now(trial) for trial in three] == [20, 20, 0]
    assert verify_all(files=FileCheck.NONE).codes == []


def test_a_fitted_version_is_nobody_s_uploaded_scheme(three: list[Trial], settings) -> None:
    """Where a form has no file, the first uploaded scheme scores it; one that was fitted never does by itself."""
    before = get_round_scheme(three[0].round).checksum
    schemes.create_joint_version(by=None, year=2568)
    assert get_round_scheme(three[0].round).checksum == before
    assert SchemeVersion.objects.get().is_fitted
    event = AccountEvent.objects.get(verb="make_scheme_version")
    assert event.data["after"]["provinces"] == 3


def test_the_command_tells_writes_and_stores(three: list[Trial], tmp_path: Path) -> None:
    file, out = tmp_path / "new.yaml", StringIO()
    call_command("score", "fit", "--year", "2568", "--format", "json", "--out", str(file), stdout=out)
    told = json.loads(out.getvalue())
    assert told["provinces"] == ["TH-39", "TH-41", "TH-43"]
    assert told["skipped"] == ["TH-10"]
    moved = [(m["criterion"], m["what"], m["before"], m["after"]) for m in told["moves"]]
    assert moved == [("open-data-published", "points", "100.00", "60.00")]
    row = next(r for r in told["back_test"]["sub_pillars"] if r["code"] == "2.3")
    assert (row["provinces"], row["before"], row["after"]) == (3, "8.89", "0.00")
    assert told["back_test"]["folds"] == 3
    assert set(told["unfitted"]) == {"2.1", "2.2", "2.4"}, "nothing was counted there"
    scheme, faults = parse_scheme(file.read_text(encoding="utf-8"))
    assert scheme is not None, faults
    out = StringIO()
    call_command("score", "fit", "--year", "2568", "--store", "--folds", "1", stdout=out)
    assert "3 provinces; mean error before, after, of provinces left out (1):" in out.getvalue()
    assert SchemeVersion.objects.get().fitted_count == 3
    with pytest.raises(CommandError, match="no official result or no round of 2567"):
        call_command("score", "fit", "--year", "2567")


def test_without_a_result_the_page_says_so(client: Client, admin: User) -> None:
    client.force_login(admin)
    address = reverse("scoring:fit-year", args=[2568])
    assert "นำเข้าก่อน" in client.get(address).content.decode()
    assert client.post(address, {"checksum": "0" * 64}, follow=True).status_code == 200
    assert not SchemeVersion.objects.exists()
