"""make bench-night: the last minutes before 76 rounds close, on the processes that ship, PostgreSQL and Redis."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[3]
BARE = "--workers 2 --threads 4 --keep-alive 30 --log-level error --worker-class gthread".split()
SHIPPED = ["--config", "deploy/gunicorn.conf.py", "--log-level", "error"]
WORKER = "-A dgready worker --loglevel WARNING --concurrency 2 --max-tasks-per-child 50".split()
CONNECTIONS = 8
BARE_SECONDS = 4.0
SECONDS = 600.0  # the last ten minutes

# The product's own settings on the services' database and cache, behind one proxy; before anything of it is imported.
os.environ["DATABASE_URL"] = os.environ["DGREADY_TEST_DATABASE_URL"]
os.environ["REDIS_URL"] = os.environ["DGREADY_TEST_REDIS_URL"]
os.environ["DGREADY_VAR"] = tempfile.mkdtemp(prefix="dgready-night-")
os.environ["DJANGO_SETTINGS_MODULE"] = "dgready.settings"
os.environ["TRUSTED_PROXIES"] = "1"
os.environ["EMAIL_URL"] = "dummymail://"
sys.path.insert(0, str(ROOT / "scripts"))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from services import free_port  # noqa: E402

from dgready.celery import app  # noqa: E402
from tests.bench.load import run  # noqa: E402
from tests.bench.night.arrivals import describe, draw_night  # noqa: E402
from tests.bench.night.playing import Stage  # noqa: E402
from tests.bench.night.ramp import Step, climb  # noqa: E402
from tests.bench.night.world import build_world  # noqa: E402


@contextmanager
def started(*words: str) -> Iterator[None]:
    """A process with its children, ended afterwards; what it says is in the folder."""
    log = (Path(os.environ["DGREADY_VAR"]) / f"{words[0]}.log").open("ab")
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        log.close()


@contextmanager
def served(application: str, options: Sequence[str]) -> Iterator[int]:
    """gunicorn; the port it answers on."""
    port = free_port()
    with started("gunicorn", *options, "--bind", f"127.0.0.1:{port}", application):
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield port


def bare_rate(port: int) -> float:
    """Answers of the bare view in a second, asked without a pause."""
    request = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    times = run(port, lambda _number, _body: request, connections=CONNECTIONS, seconds=BARE_SECONDS)
    return len(times) / BARE_SECONDS


def print_line(text: str) -> None:
    """At once, also into a file."""
    print(text, flush=True)


def play_ramp(stage: Stage, seed: int) -> None:
    """Prints the steps and the rate at which saves begin to wait beside the bare view's."""
    with served("tests.bench.bare:application", BARE) as port:
        run(port, lambda _n, _b: b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", connections=CONNECTIONS, seconds=1.0)
        before = bare_rate(port)
        steps: list[Step] = []
        for step in climb(stage, before, seed):
            print_line(f"  {step.text}{'' if step.holds else ' – they wait'}")
            steps.append(step)
        bare = (before + bare_rate(port)) / 2
    fastest = max((step.rate for step in steps if step.holds), default=0.0)
    print_line(f"bare view: {bare:.0f}/s")
    print_line(f"saves begin to wait above {fastest:.0f}/s: {fastest / bare:.1%} of the bare view's rate")


def read_options() -> argparse.Namespace:
    """What the command line says."""
    reader = argparse.ArgumentParser(prog="make bench-night ARGS=")
    reader.add_argument("--provinces", type=int, default=76)
    reader.add_argument("--people", type=int, default=3000, help="who save, of all provinces together")
    reader.add_argument("--saves", type=float, default=3.0, help="of each person in the last ten minutes, in the mean")
    reader.add_argument("--speed", type=float, default=4.0, help="how many times faster than it would be")
    reader.add_argument("--seed", type=int, default=2568)
    reader.add_argument("--no-ramp", action="store_true")
    return reader.parse_args()


def main() -> int:
    """Prints the figures; exit code 1 when somebody in time was refused or something acknowledged is not there."""
    given = read_options()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.monotonic()
    world = build_world(given.provinces, given.people, given.seed)
    counts = f"{given.provinces} provinces, {len(world.people)} people, {len(world.governors)} governors"
    print_line(f"{counts}, made in {time.monotonic() - begun:.0f} s")
    presses = draw_night(given.seed, people=given.people, governors=given.provinces, seconds=SECONDS, saves=given.saves)
    print_line(f"drawn with seed {given.seed}: {describe(presses, SECONDS)}")
    print_line(f"played {given.speed:g} times as fast: the busiest second holds {given.speed:g} times as many")
    app.control.purge()
    with served("dgready.wsgi", SHIPPED) as port, started("celery", *WORKER):
        stage = Stage(port, world, Path(os.environ["DGREADY_VAR"]))
        stage.warm_up()
        night = stage.play_night(presses, seconds=SECONDS, speed=given.speed)
        night.check_database()
        print_line(night.report())
        if not given.no_ramp:
            world.close_at(timezone.now() + timedelta(days=1), "วัดความเร็ว", only_filling=True)
            play_ramp(stage, given.seed)
    return 1 if night.refused or night.taken_late or night.faults else 0


if __name__ == "__main__":
    sys.exit(main())
