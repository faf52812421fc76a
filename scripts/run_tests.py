#!/usr/bin/env python3
"""Every test on the embedded default, then those with a database on PostgreSQL and Redis, and the browser.

Words given go to both runs of pytest; `--durations` prints the slowest 20 of each, `--quick` is the first run
without its slow tests. Fails if either fails; the last line is pytest's own summary.
"""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import services

PYTEST = [sys.executable, "-m", "pytest", "-q", "--dist", "worksteal", "-n"]
# For two cores: a third of the time each waits, for a process that starts, a limit that is to be reached; with services
# and pages half of it.
WORKERS, WORKERS_BESIDE_SERVICES = "3", "4"
WITHOUT_BROWSER = ["--ignore=tests/browser", "-p", "no:playwright"]  # importing them takes seconds too
BYTECODE = Path(__file__).resolve().parent.parent / "var" / "bytecode"
SLOWEST = 20  # how many `--durations` without a number prints


def main() -> int:
    """Run both, or with `--quick` the first without its slow tests; returns the worse exit code."""
    # The many processes of a run start in half the time when none compiles again what another has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    words = [f"--durations={SLOWEST}" if word == "--durations" else word for word in sys.argv[1:]]
    if "--quick" in words:
        words.remove("--quick")
        return subprocess.run(
            [*PYTEST, WORKERS, *WITHOUT_BROWSER, "-m", "not slow and not once", *words], check=False
        ).returncode
    print("== embedded: SQLite, worker in the process ==", flush=True)
    first = subprocess.run([*PYTEST, WORKERS, *WITHOUT_BROWSER, "-m", "not once", *words], check=False).returncode
    print("== PostgreSQL, Redis and browser ==", flush=True)
    command = [*PYTEST, WORKERS_BESIDE_SERVICES, "-m", "not no_database", *words]  # the others have just run
    try:
        second = services.run_beside_services(command, durable=False)
    except services.ServiceError as fault:
        print(f"without PostgreSQL and Redis: {fault}", flush=True)
        second = subprocess.run(command, check=False).returncode
    return first or second


if __name__ == "__main__":
    sys.exit(main())
