"""manage.py evidence binder|bundle|index: files, and faults in plain words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.evidence.conftest import World, pdf


@pytest.fixture
def proven(world: World) -> World:
    world.answer({"E1": "done"})
    world.mark(world.attach("E1=done", pdf("plan")))
    world.attach("E1=done", pdf("own"), response=world.contribution, name="ของหน่วยงาน.pdf")
    return world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where files are written, apart from the stores."""
    made = tmp_path / "out"
    made.mkdir()
    return made


def call(world: World, verb: str, out: Path, *more: str) -> None:
    """The command on the province's year."""
    given = ["--province", world.province.code, "--year", str(world.response.round.year), "--out", str(out), *more]
    call_command("evidence", verb, *given)


def names(path: Path) -> list[str]:
    """The documents of an index."""
    return [row["name"] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def test_each_verb_writes_its_forms(proven: World, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb, name in (("bundle", "a.zip"), ("index", "a.xlsx"), ("index", "a.csv"), ("index", "a.json")):
        call(proven, verb, folder / name)
        assert (folder / name).stat().st_size
        assert "1 documents" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "a.json", "a.xlsx", "a.zip"]
    call(proven, "binder", folder / "a.pdf", "--pillar", "1", "--language", "en")
    assert (folder / "a.pdf").read_bytes().startswith(b"%PDF")


def test_an_agency_has_its_own_evidence_and_a_part_only_its_own(proven: World, folder: Path) -> None:
    out = folder / "a.json"
    proven.contribution.answers.create(
        question=proven.question("E1"), value={"E1": "done"}, saved_by=proven.secretary, saved_at="2026-01-01T00:00Z"
    )
    call(proven, "index", out, "--agency", proven.agency.code.lower())
    assert names(out) == ["ของหน่วยงาน.pdf"]
    call(proven, "index", out, "--question", "E1")
    assert names(out) == ["แผน.pdf"]
    call(proven, "index", out, "--question", "E2")
    assert names(out) == []


@pytest.mark.parametrize(
    ("verb", "name", "more", "said"),
    [
        ("binder", "a.zip", (), "the name must end in .pdf"),
        ("index", "none/a.json", (), "is not a folder"),
        ("index", "a.json", ("--agency", "NONE"), "agency NONE contributes nothing"),
        ("index", "a.json", ("--pillar", "99"), "The form has no such part: 99"),
        ("index", "a.json", ("--question", "Z9"), "The form has no such part: Z9"),
        ("index", "a.json", ("--year", "2401"), "has no round of the year 2401"),
        ("bundle", "a.zip", ("--pillar", "1", "--question", "E1"), "not allowed with"),
    ],
)
def test_a_fault_is_told_in_plain_words_and_leaves_no_file(
    proven: World, folder: Path, verb: str, name: str, more: tuple[str, ...], said: str
) -> None:
    with pytest.raises((CommandError, SystemExit)) as raised:
        call(proven, verb, folder / name, *more)
    assert said in str(raised.value) or isinstance(raised.value, SystemExit)
    assert list(folder.iterdir()) == []
