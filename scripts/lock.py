#!/usr/bin/env python3
"""Write requirements/*.txt from pyproject.toml: exact versions with hashes, valid on Python 3.11–3.13.

No line of the result names an address, so it installs from whatever source a machine uses.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SELECTED = {
    "run": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--group", "dev"],
    "setup": ["--group", "pyproject.toml:setup"],
    "node": ["--group", "pyproject.toml:node"],
}
OPTIONS = "--universal --python-version 3.11 --generate-hashes".split()
OPTIONS += "--no-emit-index-url --no-annotate --no-header".split()


def main() -> int:
    """Compile all four; newest versions within the bounds."""
    uv = Path(sys.executable).parent / "uv"
    for name, words in SELECTED.items():
        target = ROOT / "requirements" / f"{name}.txt"
        command = [uv, "pip", "compile", "--quiet", "--upgrade", *OPTIONS, *words, "-o", target]
        subprocess.run(list(map(str, command)), cwd=ROOT, check=True)
        if "://" in target.read_text():
            print(f"{target.name} names an address", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
