"""A database and its standby on machines of their own, by the samples of deploy/several."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import services

from tests.installation import ROOT, until
from tests.nodes.network import Machine

SAMPLES = ROOT / "deploy" / "several"
ROLE, NAME = "dgready", "dgready"
SETPRIV = shutil.which("setpriv") or ""


@dataclass
class Server:
    """PostgreSQL on one machine."""

    machine: Machine
    folder: Path

    @property
    def url(self) -> str:
        """Of this server alone."""
        return f"postgres://{ROLE}@{self.machine.address}:5432/{NAME}"

    def _own(self) -> list[str]:
        user = services.unprivileged_user() or "root"
        return [SETPRIV, f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]

    def run(self, program: str, *words: str) -> str:
        """A program of PostgreSQL on this machine."""
        command = self.machine.command(*self._own(), str(services.postgres_bin() / program), *words)
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout

    def make_folder(self) -> None:
        """Of the server's user."""
        self.folder.mkdir(mode=0o700)
        if user := services.unprivileged_user():
            shutil.chown(self.folder, user)

    def take_sample(self, name: str, primary: Server) -> None:
        """The lines of a sample, with the addresses of here. A killed process needs no `fsync`."""
        text = (SAMPLES / name).read_text(encoding="utf-8").replace("10.0.0.21", primary.machine.address)
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"{text}\nunix_socket_directories = ''\nfsync = off\n")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        program = str(services.postgres_bin() / "postgres")
        log = self.folder.with_suffix(".log")
        self.machine.start("postgres", [*self._own(), program, "-D", str(self.folder)], log, cwd=Path("/"))
        until(self.answers, lambda: f"PostgreSQL answers\n{log.read_text()[-2000:]}")

    def answers(self) -> bool:
        """Whether it takes connections."""
        ask = [str(services.postgres_bin() / "pg_isready"), "-q", "-h", self.machine.address, "-t", "2"]
        return not subprocess.run(ask, check=False).returncode

    def promote(self) -> None:
        """Makes a standby the one that is written to."""
        self.run("pg_ctl", "promote", "-D", str(self.folder), "-w")

    def ask(self, statement: str, database: str = NAME) -> str:
        """One statement."""
        return self.run(
            "psql", "-XAtq", "-h", self.machine.address, "-U", ROLE, "-d", database, "-c", statement
        ).strip()


def make_pair(first: Machine, second: Machine, folder: Path, content: str) -> tuple[Server, Server]:
    """A server with a database like that of the address `content`, and a standby that follows it."""
    primary, standby = Server(first, folder / "primary"), Server(second, folder / "standby")
    primary.make_folder()
    made = ["-D", str(primary.folder), "-U", ROLE, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    primary.run("initdb", *made)
    subnet = first.address.rpartition(".")[0] + ".0/24"
    with (primary.folder / "pg_hba.conf").open("a", encoding="utf-8") as file:
        file.write(f"host all all {subnet} trust\nhost replication replicator {subnet} trust\n")
    with (primary.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("listen_addresses = '*'\nunix_socket_directories = ''\nfsync = off\n")
    primary.start()
    primary.ask("CREATE ROLE replicator REPLICATION LOGIN", "postgres")
    primary.ask("SELECT pg_create_physical_replication_slot('standby')", "postgres")
    primary.ask(f"CREATE DATABASE {NAME}", "postgres")
    copy = f"pg_dump --no-owner '{content}' | psql -Xq -v ON_ERROR_STOP=1 '{primary.url}'"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", copy], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    standby.make_folder()
    address = [
        "-h",
        first.address,
        "-U",
        "replicator",
        "-S",
        "standby",
        "-X",
        "stream",
        "--checkpoint=fast",
        "--no-sync",
    ]
    standby.run("pg_basebackup", "-D", str(standby.folder), *address)
    standby.take_sample("postgresql-standby.conf", primary)
    (standby.folder / "standby.signal").touch()
    standby.start()
    primary.take_sample("postgresql-primary.conf", primary)
    primary.machine.kill_all()  # listens elsewhere and keeps to its standby from now on
    primary.start()
    until(lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync", "the standby follows")
    return primary, standby
