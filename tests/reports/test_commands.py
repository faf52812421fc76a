"""The same papers from the shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.flow import Flow
from tests.reports.conftest import read_back, squeezed

WHERE = ["--province", "TH-91", "--year", "2570"]


def test_report_questionnaire(filled: Flow, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    call_command("report", "questionnaire", *WHERE, "--out", str(tmp_path / "a.pdf"))
    assert squeezed("แบบสำรวจพร้อมคำตอบ") in squeezed(read_back(tmp_path / "a.pdf"))
    assert "sha256" in capsys.readouterr().out
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("kind", "words"), [("plan", "no action plan"), ("certificate", "not approved"), ("minutes", "no longer there")]
)
def test_what_is_not_there_is_said(filled: Flow, tmp_path: Path, kind: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("report", kind, *WHERE, "--out", str(tmp_path / "a.pdf"))


def test_export_dga(filled: Flow, tmp_path: Path) -> None:
    call_command("export", "dga", *WHERE, "--out", str(tmp_path / "a.xlsx"))
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--province", "TH-99"], "province TH-99 has no round of the year 2570"),
        (["--year", "2444"], "province TH-91 has no round of the year 2444"),
        (["--out", "/nowhere/at/all/a.pdf"], "is not a folder"),
    ],
)
def test_plain_words(filled: Flow, tmp_path: Path, changed: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("report", "questionnaire", *WHERE, "--out", str(tmp_path / "a.pdf"), *changed)
    assert [p for p in tmp_path.iterdir() if p.is_file()] == []
