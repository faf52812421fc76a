"""Run as a program by dgready.guard.reading: prints as JSON what a pure reader makes of the file on standard input."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path


def main(reader: str, arguments: str) -> None:
    """Whatever the reader itself prints goes to standard error, not into the answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    # openpyxl takes numpy along where it is installed, which alone takes most of the memory that a child may have.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    module, _, name = reader.partition(":")
    made = getattr(import_module(module), name)(sys.stdin.buffer, **json.loads(arguments))
    with answer:
        json.dump(made, answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
