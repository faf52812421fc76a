"""manage.py score from the shell."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Province
from survey.models import Response
from tests.factories import AgencyFactory, ProvinceFactory
from tests.scoring.results.test_tables import SUBJECTS, rows
from tests.scoring.worlds import FILES, ROOT, text
from tests.trial import REAL, Trial, make_trial


def run(capsys, *args: object) -> str:
    call_command("score", *map(str, args))
    return capsys.readouterr().out


@pytest.mark.parametrize("subject", SUBJECTS)
def test_table(capsys, tmp_path: Path, subject: str) -> None:
    path = tmp_path / "table.csv"
    lines = [f"{code},{score}" for code, score in rows(2567, subject, "sub_pillar").items()]
    path.write_text("\n".join(["sub_pillar,score", *lines]), encoding="utf-8")
    found = json.loads(run(capsys, "table", path, "--framework", 2567))
    assert found["total"] == float(rows(2567, subject, "total")["total"])
    assert set(found["pillars"]["1"]) == {"score", "index", "level"}


def test_table_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sub_pillar,score\n1.1,50\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"no score for 1\.2"):
        call_command("score", "table", str(path), "--framework", "2567")
    with pytest.raises(CommandError, match="no scoring scheme for 2599"):
        call_command("score", "table", str(path), "--framework", "2599")
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("score", "table", str(tmp_path / "none.csv"), "--framework", "2567")


def test_response_of_the_made_up_year(capsys, trial: Trial) -> None:
    where = ("--province", trial.province.code, "--year", 2570)
    data = json.loads(run(capsys, "response", *where, "--format", "json"))
    assert data["scheme"] == "dg-trial-2570"
    assert data["unknown"] == ["2.2"]
    outlook = data["outlook"]
    assert outlook["now"] == outlook["finished_no"] == data["total"]
    lost = {reason: Decimal(points) for reason, points in outlook["lost"].items()}
    assert Decimal(outlook["finished_yes"]) == 100 - lost["answered_no"] - lost["external"]
    estimate = data["external_estimates"][0]
    assert (estimate["score"], estimate["low"], estimate["high"], estimate["basis"]) == ("50", "0", "100", "none")
    said = run(capsys, "response", *where)
    assert f'finished with "yes" {outlook["finished_yes"]}' in said
    assert "dg-trial 2570: 7.50 (estimated)" in said
    assert "estimated from outside: 2.2 50 (0 to 100), the middle, as there is no result of any year" in said
    assert "missing: T1=done" in said


@pytest.fixture
def nong_khai(db: None) -> Province:
    """The sample province with an empty round of 2568."""
    province = ProvinceFactory(code="TH-43")
    make_trial(REAL, province)
    return province


def test_response_of_the_real_year(capsys, nong_khai: Province) -> None:
    data = json.loads(run(capsys, "response", "--province", "TH-43", "--year", 2568, "--format", "json"))
    assert [p["number"] for p in data["pillars"]] == list("1234567")
    reason = data["pillars"][0]["sub_pillars"][0]["criteria"][0]["reason"]
    assert reason["th"].startswith("นับได้ 0 ประเด็น")
    sure = data["uncertainty"]
    low, median, high = (Decimal(sure["total"][key]) for key in ("low", "median", "high"))
    assert low <= median <= high < 20, "an empty form has its outside scores only"
    assert set(sure["pillars"]) == set("1234567")
    assert sum(map(Decimal, sure["level_chances"].values())) == pytest.approx(1, abs=Decimal("0.001"))
    assert set(sure["kpi"]["parts"]) == {"pillars", "total"}


def test_kpi(capsys, nong_khai: Province) -> None:
    data = json.loads(run(capsys, "kpi", "--province", "TH-43", "--year", 2568, "--format", "json"))
    assert data["group"]["key"] == "2"
    assert [t["needed"] for t in data["parts"][0]["targets"].values()] == [5, 6, 7]
    assert [t["needed"] for t in data["parts"][1]["targets"].values()] == ["60.93", "70.93", "75.93"]
    assert "(60.93 / 70.93 / 75.93)" in run(capsys, "kpi", "--province", "TH-43", "--year", 2568)


def test_no_such_round(db: None) -> None:
    for verb in ("response", "kpi"):
        with pytest.raises(CommandError, match="TH-43 has no round of 2568"):
            call_command("score", verb, "--province", "TH-43", "--year", "2568")


def test_no_kpi_for_the_made_up_year(trial: Trial) -> None:
    with pytest.raises(CommandError, match="no KPI scheme judges the result of 2570"):
        call_command("score", "kpi", "--province", trial.province.code, "--year", "2570")


@pytest.mark.parametrize("name", FILES)
def test_check(capsys, name: str) -> None:
    instrument, scheme = FILES[name]
    assert "no faults" in run(capsys, "check", ROOT / scheme, "--instrument", ROOT / instrument)
    assert "no faults" in run(capsys, "check", ROOT / scheme)


def test_check_lists_faults(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(text(FILES["trial"][1]).replace("choice: T1\n", "choice: T77\n", 1), encoding="utf-8")
    with pytest.raises(CommandError, match=r"scheme\.yaml: line \d+: .*unknown field 'T77'"):
        call_command("score", "check", str(path), "--instrument", str(ROOT / FILES["trial"][0]))


def test_only_the_provincial_answer_is_scored(trial: Trial) -> None:
    agency = AgencyFactory(province=trial.province)
    Response.objects.filter(pk=trial.response.pk).update(agency=agency)
    with pytest.raises(CommandError, match="has no round"):
        call_command("score", "response", "--province", trial.province.code, "--year", "2570")
