"""The drill itself: people at work, a backup meanwhile, a restore elsewhere, a comparison, figures."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.drill.compare import differences, read_rows
from tests.drill.people import at_work
from tests.installation import ROOT, Installation
from tests.real_services import ObjectStore, s3_resource
from tests.trial import Trial

RESTORED = "drill_restored"
COMMAND_SECONDS = 1800


@dataclass
class Outcome:
    """What came of it. `faults`: differences; empty is good."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def report(self) -> str:
        """For people at a terminal."""
        lines = [f"  {name:<44}{value}" for name, value in self.figures.items()]
        end = "no difference" if not self.faults else f"{len(self.faults)} difference(s)"
        return "\n".join(["drill: backup under load, restored elsewhere", *lines, *self.faults[:20], f"drill: {end}"])


@dataclass
class Drill:
    """Where it takes place. `seconds`: of work before and after the backup."""

    at: Installation
    store: ObjectStore
    bucket: str
    folder: Path
    seconds: float
    outcome: Outcome = field(default_factory=Outcome)

    def run(self, trials: list[Trial]) -> Outcome:
        """Raises nothing for a difference: it is in the outcome."""
        backup, figures = self.folder / "backup", self.outcome.figures
        with at_work(self.at.url, trials) as people:
            time.sleep(self.seconds)
            began = time.time()
            self._manage(self.at.environment, "backup", "--out", str(backup))
            ended = time.time()
            time.sleep(self.seconds)
        saves = sorted((save for person in people for save in person.saves), key=lambda save: save.at)
        uploads = [at for person in people for at in person.uploads]
        figures["seconds for the backup"] = f"{ended - began:.1f}"
        for what, times in (("saves", [save.at for save in saves]), ("uploads", uploads)):
            during = sum(began <= at <= ended for at in times)
            figures[f"{what} acknowledged, during the backup"] = f"{len(times)}, {during}"
            if not during:
                self.outcome.faults.append(f"no {what} during the backup: nothing was tried")
        self.outcome.faults += [f"refused: {text}" for person in people for text in person.refused]
        self._restore(backup)
        self._compare(backup, [save for save in saves if save.at < began])
        return self.outcome

    def _manage(self, environment: dict[str, str], *words: str) -> None:
        """A command of the product, in a process of its own; a fault when it says so."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        if done.returncode:
            self.outcome.faults.append(f"manage.py {' '.join(words)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")

    @property
    def elsewhere(self) -> dict[str, str]:
        """The environment of another installation: another database, another bucket, other folders."""
        here = self.at.environment
        address = urlunsplit(urlsplit(here["DATABASE_URL"])._replace(path=f"/{RESTORED}"))
        return {
            **here,
            "DATABASE_URL": address,
            "S3_BUCKET": f"{self.bucket}-restored",
            "DGREADY_VAR": str(self.folder / "restored"),
        }

    def _restore(self, backup: Path) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {RESTORED}", f"CREATE DATABASE {RESTORED}")
        began = time.time()
        s3_resource(self.store).create_bucket(Bucket=self.elsewhere["S3_BUCKET"])
        self._manage(self.elsewhere, "restore", str(backup))  # compares heads and runs `journal verify`
        self.outcome.figures["seconds for the restore and its proof"] = f"{time.time() - began:.1f}"

    def _sql(self, *statements: str) -> None:
        line = psycopg2.connect(os.environ["DGREADY_TEST_DATABASE_URL"])
        line.autocommit = True
        with line.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        line.close()

    def _compare(self, backup: Path, acknowledged: list[object]) -> None:
        if self.outcome.faults:
            return  # there may be nothing to compare
        made = max((backup / "backups").iterdir())
        first, restored = read_rows(self.at.environment["DATABASE_URL"]), read_rows(self.elsewhere["DATABASE_URL"])
        bucket = s3_resource(self.store).Bucket(self.elsewhere["S3_BUCKET"])
        self.outcome.faults += differences(made, first, restored, bucket, acknowledged)
        self.outcome.figures |= {
            "journals whose heads agree": len(restored.heads),
            "events compared, of those now": f"{len(restored.events)} of {len(first.events)}",
            "approved versions whose hashes agree": len(restored.frozen),
            "evidence files compared by SHA-256": len(restored.files),
            "saves acknowledged before, all there": len(acknowledged),
        }
