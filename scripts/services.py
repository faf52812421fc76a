#!/usr/bin/env python3
"""Starts PostgreSQL and Redis for the length of one command.

    python scripts/services.py run [--durable] -- COMMAND...

Both listen on free loopback ports, keep everything in a temporary folder and are stopped and removed
afterwards, whatever the command does. The command finds them in DGREADY_TEST_DATABASE_URL and
DGREADY_TEST_REDIS_URL. `--durable` keeps PostgreSQL's writes safe as in earnest (for measuring);
otherwise it is set to be quick and forgetful. What only some tests need is in on_demand.py. Standard library only.
"""

import argparse
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from processes import ServiceError, find_program, free_port, running, stop_process, wait_for_port, wait_until

ROLE = "dgready"
FAST_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def postgres_bin() -> Path:
    """Folder of the newest PostgreSQL server programs."""
    initdb_programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if initdb_programs:
        return initdb_programs[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise ServiceError("PostgreSQL is not installed (package postgresql)")


def unprivileged_user() -> str | None:
    """The user PostgreSQL runs as when we are root (it refuses root), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceError("no unprivileged user to run PostgreSQL as")


@contextlib.contextmanager
def postgres(folder: Path, durable: bool = False) -> Iterator[str]:
    """A fresh cluster with one database; yields its URL."""
    programs, user, port = postgres_bin(), unprivileged_user(), free_port()
    data, log = folder / "pgdata", folder / "postgres.log"
    data.mkdir()
    if user:
        shutil.chown(data, user)
    as_user = {"user": user, "extra_groups": []} if user else {}
    initdb = [programs / "initdb", "-D", data, "-U", ROLE, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(
        [*map(str, initdb), "--no-sync"], cwd=data, capture_output=True, text=True, check=False, **as_user
    )
    if done.returncode:
        raise ServiceError(f"initdb failed:\n{done.stdout}{done.stderr}")
    command = [
        str(programs / "postgres"),
        "-D",
        str(data),
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        str(data),
    ]
    for option in () if durable else FAST_OPTIONS:
        command += ["-c", option]
    # SIGINT is its fast shutdown: sessions are ended, not waited for.
    with running(command, data, log, stop=signal.SIGINT, **as_user) as process:
        wait_for_port(process, port, "PostgreSQL", log)
        ask = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: not subprocess.run(ask, check=False).returncode, "PostgreSQL", log)
        yield f"postgres://{ROLE}@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; yields its URL."""
    program = find_program("redis-server", "redis-server")
    port, log = free_port(), folder / "redis.log"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with running(command, folder, log) as process:
        wait_for_port(process, port, "Redis", log)
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def both_services(durable: bool = False) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis; yields the variables that name them."""
    with tempfile.TemporaryDirectory(prefix="dgready-services-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgres(folder, durable) as database_url, redis(folder) as redis_url:
            yield {"DGREADY_TEST_DATABASE_URL": database_url, "DGREADY_TEST_REDIS_URL": redis_url}


def _interrupted(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run_beside_services(command: list[str], durable: bool) -> int:
    """Runs the command beside both services; returns its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupted)
    with both_services(durable) as variables:
        process = subprocess.Popen(command, env={**os.environ, **variables})
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        finally:
            stop_process(process, signal.SIGTERM)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verb", choices=["run"])
    parser.add_argument("--durable", action="store_true", help="safe writes, as in earnest")
    # argparse's REMAINDER would take our own options too: what follows "--" is cut off first.
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    arguments, command = parser.parse_args(words[:cut]), words[cut + 1 :]
    if not command:
        parser.error("say what to run, after --")
    try:
        return run_beside_services(command, arguments.durable)
    except ServiceError as fault:
        print(f"services: {fault}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
