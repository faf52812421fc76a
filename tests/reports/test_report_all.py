"""`report all`: every paper and workbook in one folder, with an index that holds."""

from __future__ import annotations

import errno
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from dgready.disk import file_sha256
from reports.errors import ReportError
from reports.jobs.makers import JOB_MAKERS
from reports.management import report_all
from reports.management.commands import report
from reports.models import Job, ReportKind
from survey.models import Response
from tests.factories import ProvinceFactory
from tests.flow import Flow

WHERE = ["--province", "TH-91", "--year", "2570"]


def write(folder: Path, *more: str) -> tuple[dict[str, Any], str]:
    """Runs the command; its index and what it said."""
    said = StringIO()
    call_command("report", "all", *WHERE, "--out", str(folder), *more, stdout=said)
    return json.loads((folder / "index.json").read_text()), said.getvalue()


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.once
def test_all_papers_of_a_province(filled: Flow, tmp_path: Path) -> None:
    index, said = write(tmp_path / "all")
    files = {one["kind"]: one for one in index["files"]}
    reasons = {one["kind"]: one["reason"] for one in index["missing"]}
    known = set(report.KINDS) | {"dga", "score-sheet", "plan-sheet", "index-sheet", "resolutions", "bulk"}
    assert set(files) | set(reasons) >= known
    assert {"questionnaire", "blank", "reasons", "evidence-index", "dga", "score-sheet", "bulk"} <= set(files)
    assert reasons["certificate"] == str(ReportError("unapproved"))
    assert reasons["plan"] == reasons["plan-sheet"] == str(ReportError("unplanned"))
    assert visible(tmp_path / "all") == {one["file"] for one in index["files"]} | {"index.json"}
    for one in index["files"]:
        path = tmp_path / "all" / one["file"]
        assert (one["sha256"], one["size"]) == (file_sha256(path), path.stat().st_size)
        if path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                assert one["pages"] == len(pdf.pages)
        else:
            assert one["pages"] is None
        assert one["sha256"] in said
    assert "certificate: not made: " in said
    assert {key: index[key] for key in ("province", "year", "language")} == {
        "province": "TH-91",
        "year": 2570,
        "language": "th",
    }


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> dict[ReportKind, Exception]:
    """Papers are made at once, all under one name; those of a kind that is given fail."""
    failing: dict[ReportKind, Exception] = {}

    def make(self: object, options: dict[str, Any], kind: ReportKind, path: Path) -> str:
        if kind in failing:
            raise failing[kind]
        path.write_bytes(kind.value.encode())
        return "../paper.xlsx"

    monkeypatch.setattr(report.Command, "_make", make)
    return failing


def test_names_are_told_apart_and_stay_in_the_folder(flow: Flow, quick: dict, tmp_path: Path) -> None:
    index, _said = write(tmp_path / "all")
    names = [one["file"] for one in index["files"]]
    assert len(set(names)) == len(names)
    assert visible(tmp_path) == {"all"}
    assert {name.count("/") for name in names} == {0}


def test_a_fault_stops_nothing_and_is_told(flow: Flow, quick: dict, tmp_path: Path) -> None:
    quick[ReportKind.BLANK] = KeyError("inside")
    quick[ReportKind.PLAN] = ReportError("unplanned")
    with pytest.raises(CommandError, match="fault of the program"):
        write(tmp_path / "all")
    index = json.loads((tmp_path / "all" / "index.json").read_text())
    assert {one["kind"] for one in index["missing"]} >= {"blank", "plan"}
    assert "certificate" in {one["kind"] for one in index["files"]}


def test_a_full_disk_stops_all_and_leaves_no_half(flow: Flow, quick: dict, tmp_path: Path) -> None:
    quick[ReportKind.BLANK] = OSError(errno.ENOSPC, "no space left")
    with pytest.raises(CommandError, match="no space left"):
        write(tmp_path / "all")
    assert [name for name in visible(tmp_path / "all") if "part" in name or name == "index.json"] == []


def test_copies_of_the_evidence_are_asked_for(flow: Flow, quick: dict, tmp_path: Path) -> None:
    def kinds(*more: str) -> set[str]:
        return {one["kind"] for one in write(tmp_path / "all", *more)[0]["files"]}

    assert kinds("--evidence") - kinds() == {"binder", "bundle"}


def test_a_new_kind_is_among_them(flow: Flow, quick: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its maker alone, or by its verb with all it lets choose."""
    monkeypatch.setitem(JOB_MAKERS, ReportKind.KPI, lambda *given: "kpi.pdf")
    assert "kpi" in {one["kind"] for one in write(tmp_path / "all")[0]["files"]}
    parser = report_all.ArgumentParser()
    parser.add_argument("--letter", choices=["invite", "remind"], default="invite")
    options = {"province": "TH-91", "year": 2570, "language": "en", "evidence": False}
    wanted = [one for one in report_all.wanted_files({"x": (ReportKind.LETTERS, parser)}, options) if one.verb == "x"]
    assert [(one.options["letter"], one.options["language"]) for one in wanted] == [("invite", "en"), ("remind", "en")]


def test_a_year_without_a_round(flow: Flow, tmp_path: Path) -> None:
    ProvinceFactory(code="TH-10")
    said = StringIO()
    call_command("report", "all", "--province", "TH-10", "--year", "2444", "--out", str(tmp_path / "a"), stdout=said)
    index = json.loads((tmp_path / "a" / "index.json").read_text())
    assert index["files"] == []
    assert "province TH-10 has no round of the year 2444" in said.getvalue()


@pytest.mark.parametrize(
    ("changed", "words"), [({0: "TH-99"}, "no province"), ({1: "/nowhere/at/all"}, "not a folder")]
)
def test_what_cannot_be_begun(flow: Flow, tmp_path: Path, changed: dict[int, str], words: str) -> None:
    province, out = (changed.get(n, usual) for n, usual in enumerate(["TH-91", str(tmp_path / "a")]))
    with pytest.raises(CommandError, match=words):
        call_command("report", "all", "--province", province, "--year", "2570", "--out", out)


def test_no_job_is_kept(flow: Flow, quick: dict, tmp_path: Path) -> None:
    write(tmp_path / "all")
    assert not Job.objects.exists()
    assert Response.objects.count() == 1
