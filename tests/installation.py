"""dgready as it is installed: web processes, a worker, PostgreSQL, Redis and a mail server, all of them real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from dgready.celery import app
from tests.clock import VARIABLE, Clock
from tests.real_services import free_port
from tests.smtp import MailServer
from tests.static_files import link_static_files

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0  # seconds


def until(true: Callable[[], object], what: str | Callable[[], str], patience: float = PATIENCE) -> None:
    """Waits for something to come true; `what` tells of it when it does not."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"not within {patience:g} s: {what() if callable(what) else what}"
        time.sleep(0.05)


@dataclass
class Installation:
    """The running processes, and the clock they go by."""

    folder: Path
    mail: MailServer
    clock: Clock
    port: int
    more: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people find it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What every process is started with."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DGREADY_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.year_settings",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "EMAIL_URL": self.mail.url,
            "PUBLIC_URL": self.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "DGREADY_VAR": str(self.folder),
            "WEB_PROCESSES": "2",
            "EMAIL_TIMEOUT": "120",  # a held conversation is no dead one
            VARIABLE: str(self.clock.path),
            **self.more,
        }

    def _start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that it is killed with all its children
            )

    def start_web(self) -> None:
        """Gunicorn, as in production."""
        conf = ("--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{self.port}")
        self._start("web", "gunicorn", *conf, "--worker-tmp-dir", str(self.folder), "dgready.wsgi")
        until(self._answers, lambda: f"the web process answers\n{self.log('web')}")

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as page:
            return bool(page.status == 200)
        return False

    def start_worker(self) -> None:
        """A worker with two processes of its own, as in production."""
        self._start("worker", "celery", "-A", "dgready", "worker", "--loglevel", "WARNING", "--concurrency", "2")

    def kill(self, name: str) -> None:
        """Kills a process and its children at once, with no time for a last word."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ends what still runs."""
        for name, process in list(self.processes.items()):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with suppress(ProcessLookupError):
                self.kill(name)

    def log(self, name: str) -> str:
        """The end of what a process wrote."""
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-3000:] if path.exists() else ""

    def tick(self, *names: str) -> None:
        """What the clock process does when the time of these periodic tasks has come: puts them into the queue."""
        app.loader.import_default_modules()
        for name in names:
            assert name in app.tasks, f"there is no task {name}"
            app.send_task(name)


def _database_url() -> str:
    """The address of the test database, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DGREADY_TEST_DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def served(folder: Path, more: Mapping[str, str]) -> Iterator[Installation]:
    """The web processes only, on whatever database the tests have; stopped afterwards."""
    folder.mkdir(exist_ok=True)
    link_static_files(folder)
    with MailServer() as mail:
        made = Installation(folder, mail, Clock(folder / "clock"), free_port(), more)
        try:
            made.start_web()
            yield made
        finally:
            made.stop()


@contextmanager
def installed(folder: Path, more: Mapping[str, str], *, worker: bool = True) -> Iterator[Installation]:
    """Everything started; stopped afterwards, whatever happened. Needs PostgreSQL and Redis and a test database."""
    folder.mkdir(exist_ok=True)
    link_static_files(folder)
    with MailServer() as mail:
        made = Installation(folder, mail, Clock(folder / "clock"), free_port(), more)
        app.control.purge()
        try:
            made.start_web()
            if worker:
                made.start_worker()
            yield made
        finally:
            made.stop()
            app.control.purge()
