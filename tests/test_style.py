"""The checkout looks as the formatters leave it: whoever merges sees only what was changed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        pytest.param("ruff check .", id="python is plain"),
        pytest.param("ruff format --check .", id="python is formatted"),
        pytest.param("djlint --check templates", id="templates are formatted"),
    ],
)
def test_as_the_formatters_leave_it(command: str) -> None:
    """As `make check` says: the same commands, which name the files and lines where they differ."""
    program, *words = command.split()
    done = subprocess.run([BIN / program, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
