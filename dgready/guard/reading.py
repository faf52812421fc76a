"""Readers of files from outside, each run in a child process of its own within limits. PURE."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, Final

from dgready.children import ChildFault, run_limited_child
from dgready.limits import ChildLimits

READERS: Final = "dgready.guard.readers"
_PROGRAM: Final = Path(__file__).with_name("program.py")


def read_guarded(reader: str, given: bytes | Path, limits: ChildLimits, **arguments: Any) -> Any:
    """What a pure reader "module:function" makes of a file, in a process of its own. Raises ChildFault.

    The reader takes the open file and `arguments`; these and its result must be such as JSON carries.
    """
    command = [sys.executable, "-I", "-B", *_compiled(), str(_PROGRAM), reader, json.dumps(arguments)]
    with _opened(given) as file:
        done = run_limited_child(command, limits, given=file)
    if done.code:
        raise ChildFault(f"exit {done.code}: {done.errors[-300:].decode(errors='replace')}")
    try:
        return json.loads(done.output)
    except (ValueError, RecursionError) as fault:
        raise ChildFault("not an answer") from fault


def _compiled() -> list[str]:
    """Where compiled modules lie, if not beside their files: the child sees no variable that says so."""
    return [] if sys.pycache_prefix is None else ["-X", f"pycache_prefix={sys.pycache_prefix}"]


def _opened(given: bytes | Path) -> IO[bytes]:
    if isinstance(given, Path):
        return given.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    file.write(given)
    file.seek(0)
    return file
