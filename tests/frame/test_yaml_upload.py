"""A YAML file from outside: what it may cost is limited before this process reads it."""

from __future__ import annotations

import dataclasses
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dgready import yaml_upload
from dgready.yaml_source import MAX_DEPTH, SourceError, SourceNode, read_yaml
from dgready.yaml_upload import prove_yaml_file, read_yaml_upload
from tests.trial import REAL

LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))


def test_the_real_form_is_read_as_ever() -> None:
    data = REAL.read_bytes()
    read = read_yaml_upload(data)
    assert read == read_yaml(data.decode())
    assert isinstance(next(v for v in read.values() if isinstance(v, dict)), SourceNode)


def test_a_mark_of_byte_order_and_lines_of_windows_are_no_fault() -> None:
    assert read_yaml_upload("\ufeffก: ข\r\nb: 1\r\n".encode()) == {"ก": "ข", "b": 1}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[" * 100_000, f"nested deeper than {MAX_DEPTH}"),
        (LAUGHS.encode(), "aliases written out"),
        (MERGES.encode(), "aliases written out"),
        (b"a: &a [*a]", "contains itself"),
        (b"a: !!python/object/apply:os.system [x]", "could not determine a constructor"),
        (b"a: \xff\xfe", "utf-8"),
        (b"- a", "not a mapping"),
        (b"", "not a mapping"),
        (b"a: 1\na: 2", "line 2: key 'a' is given twice"),
        (b"a: 2020-13-45", "month must be in"),
        (b"#" * 4_000_001, "larger than 4000000 bytes"),
    ],
    ids=["deep", "laughs", "merges", "itself", "python", "bytes", "list", "empty", "twice", "date", "long"],
)
def test_a_hostile_file_is_one_fault_within_seconds(data: bytes, words: str) -> None:
    start = time.monotonic()
    with pytest.raises(SourceError, match=words):
        read_yaml_upload(data)
    assert time.monotonic() - start < 10


@pytest.mark.slow
def test_what_the_parser_itself_takes_too_long_for_ends_with_the_child(settings: Any) -> None:
    """Numbers of base 60 are multiplied digit by digit: time grows with the square of their length."""
    settings.DATA_FILE_LIMITS = dataclasses.replace(settings.DATA_FILE_LIMITS, processor_seconds=1)
    with pytest.raises(SourceError, match="too much time"):
        read_yaml_upload(b"a: 1" + b":59" * 400_000)


@pytest.mark.django_db
def test_commands_read_through_the_same_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Form, scheme, links and provinces: each command refuses what only the child can refuse."""
    file = tmp_path / "file.yaml"
    file.write_text("a: 1\n", encoding="utf-8")
    asked = []

    def refuse(reader: str, given: bytes, limits: Any) -> dict[str, str]:
        asked.append(given)
        return {"refused": "said by the child"}

    monkeypatch.setattr(yaml_upload, "read_guarded", refuse)
    for command in (
        ("instrument", "check", str(file)),
        ("instrument", "load", str(file)),
        ("instrument", "links", "check", str(file)),
        ("score", "check", str(file)),
        ("load_provinces", str(file)),
    ):
        with pytest.raises(CommandError, match=r"said by the child|1 fault"):
            call_command(*command, stdout=StringIO())
    assert len(asked) == 5


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_bytes(b"#" * 4_000_001)
    with pytest.raises(SourceError, match="larger than"):
        prove_yaml_file(file)
