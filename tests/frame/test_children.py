"""Child processes end at their limits, with all that they have started, and see none of our keys."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from dgready.children import ChildFault, Finished, run_limited_child
from dgready.guard import reading
from dgready.guard.reading import read_guarded
from dgready.limits import ChildLimits, TooLargeError, read_limited, read_text
from tests.installation import until

pytestmark = pytest.mark.slow

LIMITS = ChildLimits(seconds=20, processor_seconds=10, memory=1 << 30, output=10_000)


def python(script: str, limits: ChildLimits = LIMITS) -> Finished:
    return run_limited_child([sys.executable, "-I", "-c", script], limits)


def but(**changes: int) -> ChildLimits:
    return dataclasses.replace(LIMITS, **changes)


def is_alive(process: Path) -> bool:
    """Whether a process runs; one that is dead may still stand in the table for whoever has to collect it."""
    with suppress(OSError):
        return (process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def test_a_child_says_what_it_has_to_say() -> None:
    done = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert done == Finished(3, b"out\n", b"err\n")


def test_a_child_that_waits_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    number = tmp_path / "number"
    script = (
        "import pathlib, subprocess, time; started = subprocess.Popen(['sleep', '60']);"
        f"pathlib.Path({str(number)!r}).write_text(str(started.pid)); time.sleep(60)"
    )
    for seconds in (1, 4, 16):  # on a busy machine the child has not come far after one
        started = time.monotonic()
        with pytest.raises(ChildFault, match="time"):
            python(script, but(seconds=seconds, file_bytes=1000))
        assert time.monotonic() - started < seconds + 20  # far from the sixty that both would have taken
        if number.exists():
            break
    inner = Path("/proc", number.read_text())
    until(lambda: not is_alive(inner), "what the child started is ended", 10)


def test_a_child_that_closes_its_mouth_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(ChildFault, match="time"):
        python("import os, time; os.close(1); os.close(2); time.sleep(60)", but(seconds=1))
    assert time.monotonic() - started < 20


def test_the_limits_are_there_before_the_program() -> None:
    names = ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_CORE")
    shown = f"import resource as r; print([r.getrlimit(getattr(r, name)) for name in {names}])"
    values = (LIMITS.processor_seconds, LIMITS.memory, 1024, 0)
    for _ in range(10):
        done = python(shown, but(file_bytes=1000))
        assert done.output.decode().strip() == str([(value, value) for value in values])


def test_processor_memory_files_and_output_are_limited(tmp_path: Path) -> None:
    assert python("while True: pass", but(processor_seconds=1)).code < 0
    assert b"MemoryError" in python("bytearray(1 << 30)", but(memory=300 << 20)).errors
    path = str(tmp_path / "file")
    assert (
        b"File too large"
        in python(
            f"open({path!r}, 'wb', 0).write(bytes(2000))\nopen({path!r}, 'ab', 0).write(b'more')",
            but(file_bytes=1000),
        ).errors
    )
    with pytest.raises(ChildFault, match="output"):
        python("while True: print('x' * 1000)")


def test_a_child_sees_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_SECRET_KEY", "secret")
    seen = json.loads(python("import json, os; print(json.dumps(dict(os.environ)))").output)
    assert set(seen) <= {"PATH", "TMPDIR", "LANG", "LC_CTYPE"}


def test_a_reader_runs_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(b'{"a": [1]}')
    for given in (path, path.read_bytes()):
        assert read_guarded("json:load", given, LIMITS) == {"a": [1]}
    assert read_guarded("json:load", path, LIMITS, parse_int=None) == {"a": [1]}
    with pytest.raises(ChildFault, match="JSONDecodeError"):
        read_guarded("json:load", b"{", LIMITS)


def test_no_more_is_read_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes("ก\r\nข".encode())
    assert read_text(path) == "ก\nข" == path.read_text(encoding="utf-8")
    with path.open("rb") as file, pytest.raises(TooLargeError):
        read_limited(file, 7)
    with pytest.raises(OSError, match=f"larger than 7 bytes.*{path}"):
        read_text(path, 7)


@pytest.mark.parametrize("folder", [None, "/compiled"])
def test_a_reader_finds_what_is_compiled_elsewhere(folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each child would compile the library that it reads with: half of its processor time."""
    asked: list[str] = []

    def note(command: list[str], _limits: ChildLimits, **_more: object) -> Finished:
        asked.extend(command)
        return Finished(0, b"1", b"")

    monkeypatch.setattr(reading, "run_limited_child", note)
    monkeypatch.setattr(sys, "pycache_prefix", folder)
    assert read_guarded("json:load", b"1", LIMITS) == 1
    options = asked[1 : asked.index(str(reading._PROGRAM))]
    assert options == ["-I", "-B", *(["-X", f"pycache_prefix={folder}"] if folder else [])]
