"""Sample evidence is real, readable, marked as a sample, and taken by our own checks."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.sample_documents import render_documents, sample_documents, write_documents
from demo.simulation.sample_files import sample_files
from dgready.thai import fold_text
from evidence.checking.rule import KnownText, Passage, check_passage
from evidence.files.sniff import sniff_content
from tests.evidence.checking.texts import read_content


def text_of(path: Path, page: int) -> str:
    command = ["pdftotext", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_quote_stands_on_its_page(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    wanted = sample_documents(2)
    for paper, path in zip(wanted, write_documents(tmp_path, wanted), strict=True):
        assert sniff_content(path).pages == paper.quote_page
        for page in range(1, paper.quote_page + 1):
            assert "ตัวอย่าง ไม่ใช่เอกสารจริง" in text_of(path, page)
        assert fold_text(paper.quote).replace(" ", "") in fold_text(text_of(path, paper.quote_page)).replace(" ", "")


def test_what_the_played_years_mark_is_found() -> None:
    for file in sample_files():
        kind = file.name.rpartition(".")[2]
        text = KnownText(kind, read_content(io.BytesIO(file.content), kind))
        state = check_passage(Passage(file.pages, file.quote), text).state
        assert state in ("exact", "normalised"), file.name


def test_the_same_paper_is_the_same_content() -> None:
    wanted = sample_documents(3)
    first, second = list(render_documents(wanted)), list(render_documents(wanted))
    assert first == second
    assert len(set(first)) == 3


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sample_evidence", out=tmp_path / "new", count=2)
    assert len(list((tmp_path / "new").glob("*.pdf"))) == 2
    assert len(capsys.readouterr().out.splitlines()) == 2
    with pytest.raises(CommandError):
        call_command("sample_evidence", out=tmp_path, count=0)
