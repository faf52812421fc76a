"""`manage.py instrument official-text`: dry run, report, refusal, and what stands after each."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dgready.thai_words import thai_dictionary
from survey.instrument.queries import compiled_instrument
from survey.management.commands import instrument as command
from survey.models import Instrument, OfficialText, OfficialTextKind
from tests.survey.instrument.official.printed import printed_form
from tests.survey.instrument.official.test_matching import TRIAL, WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> Instrument:
    """The made-up form, loaded; a small dictionary instead of the package's."""
    monkeypatch.setattr(command, "thai_dictionary", lambda: WORDS)
    call_command("instrument", "load", str(TRIAL), "--publish")
    return Instrument.objects.get(year=2570)


@pytest.fixture
def paper(row: Instrument, tmp_path: Path) -> Path:
    """The paper of the made-up form."""
    path = tmp_path / "paper.txt"
    path.write_text(printed_form(compiled_instrument(row)), encoding="utf8")
    return path


def attach(paper: Path, *words: str) -> None:
    call_command("instrument", "official-text", "2570", str(paper), *words)


def test_every_kind_is_attached_and_the_row_says_so(row: Instrument, paper: Path) -> None:
    attach(paper)
    kinds = set(OfficialText.objects.filter(instrument=row).values_list("kind", flat=True))
    assert kinds == set(OfficialTextKind.values)
    row.refresh_from_db()
    first = row.official_checksum
    assert first
    attach(paper)
    row.refresh_from_db()
    assert row.official_checksum == first
    assert OfficialText.objects.filter(kind="option", item_id="T1", part="done").count() == 1


def test_a_dry_run_says_how_sure_and_changes_nothing(
    row: Instrument, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attach(paper, "--dry-run")
    text = capsys.readouterr().out
    assert "options and rows:" in text
    assert "nothing was changed" in text
    assert not OfficialText.objects.exists()
    row.refresh_from_db()
    assert not row.official_checksum


def test_the_report_as_json(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    attach(paper, "--dry-run", "--format", "json")
    report = json.loads(capsys.readouterr().out)
    assert report["enough"] is True
    assert report["items"][0] == report["items"][1]
    assert {"matched", "doubtful", "missing", "foreign", "words", "questions"} <= report.keys()
    assert {"kind", "item", "part", "state", "alike", "text", "doubtful_words"} == report["questions"]["T1"][0].keys()


@pytest.mark.parametrize("words", [[], ["--dry-run"], ["--format", "json"]])
def test_another_form_changes_nothing_and_exits_with_1(row: Instrument, paper: Path, words: list[str]) -> None:
    attach(paper)
    before = list(OfficialText.objects.order_by("pk").values_list("pk", "text"))
    wrong = paper.with_name("wrong.txt")
    wrong.write_text("T1 คำถามของแบบอื่น\n\nT2 อีกข้อหนึ่ง\n", encoding="utf8")
    with pytest.raises(CommandError, match="less than 90 %") as refused:
        attach(wrong, *words)
    assert refused.value.returncode == 1
    assert list(OfficialText.objects.order_by("pk").values_list("pk", "text")) == before
    with pytest.raises(CommandError):
        attach(paper.with_name("absent.txt"))
    assert OfficialText.objects.count() == len(before)


def test_the_dictionary_comes_with_its_package() -> None:
    words = thai_dictionary()
    assert len(words) > 50_000
    assert {"จังหวัด", "หลักฐาน"} <= set(words)
