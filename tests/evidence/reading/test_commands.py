"""manage.py evidence text and suggest, as an operator calls them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from survey.instrument import actions as instruments
from survey.instrument.source import read_yaml
from tests.evidence.conftest import SOURCE, World
from tests.evidence.reading.documents import Made, documents, plan


@pytest.fixture(scope="module")
def made() -> Made:
    return next(documents([next(n for n in range(99) if plan(n).way == "plain" and plan(n).topic.kind == "order")]))


@pytest.fixture
def path(made: Made, tmp_path: Path) -> Path:
    file = tmp_path / "คำสั่ง.pdf"
    file.write_bytes(made.content)
    return file


def run(*words: Any) -> str:
    out = StringIO()
    call_command("evidence", *map(str, words), stdout=out)
    return out.getvalue()


def test_text_by_page(path: Path, made: Made) -> None:
    printed = run("text", path)
    assert f"pdf, {made.pages} pages" in printed
    assert f"-- page {made.page} (layer, quality 1.00)" in printed
    told = json.loads(run("text", path, "--format", "json"))
    assert [page["page"] for page in told["pages"]] == list(range(1, made.pages + 1))
    assert "".join(made.topic.core.split()) in "".join(told["pages"][made.page - 1]["text"].split())
    assert told["date"] == f"2024-{made.month:02d}-{made.day:02d}"
    assert told["date_from"] == {"page": made.pages, "reason": "signed"}


def test_suggestions_for_a_place(db: None, path: Path, made: Made) -> None:
    source = SOURCE.read_text(encoding="utf-8").replace("มีแผนหรือไม่", made.topic.option)
    instruments.load_instrument(data=read_yaml(source), publish=True)
    told = json.loads(run("suggest", path, "--item", "E1=done", "--format", "json"))
    assert told["option"].startswith(made.topic.option)  # the option itself only says yes
    pages = [each["page"] for each in told["suggestions"][:3]]
    assert made.page in pages
    best = told["suggestions"][pages.index(made.page)]
    assert best["reasons"]["th"]
    assert all(0 <= edge <= 1 for rectangle in best["rectangles"] for edge in rectangle)
    assert f"page {made.page}" in run("suggest", path, "--item", "E1=done")


def test_what_is_wrong_is_said_in_plain_words(world: World, path: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such item"):
        run("suggest", path, "--item", "E99")
    with pytest.raises(CommandError, match="no form of 2500"):
        run("suggest", path, "--item", "E1", "--year", "2500")
    with pytest.raises(CommandError):
        run("text", tmp_path / "absent.pdf")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(CommandError):
        run("text", broken)
