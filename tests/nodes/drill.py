"""The drill: machines killed and cut off one after the other under load, then everything acknowledged is counted."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from dgready.celery import app
from tests.installation import until
from tests.nodes.cluster import BUCKET, Cluster, Node
from tests.nodes.people import Person, Sender, at_work
from tests.real_services import s3_resource
from tests.trial import Trial

PATIENCE = 240.0  # seconds, on a machine that is busy with other things
SAVES_BETWEEN = 4  # of each person, after each blow
NIGHT = {  # tasks of the night, and the runs they record
    "reports.tasks.verify_journal_nightly": "verify",
    "reports.tasks.anchor_nightly": "anchor",
    "reports.tasks.sweep_files": "sweep",
    "reports.tasks.make_nightly_backup": "backup",
}


@dataclass
class Stage:
    """One blow and what people saw of it."""

    name: str
    began: float
    ended: float = 0.0


@dataclass
class Outcome:
    """What came of it. `faults`: whatever was lost, done twice or not visible; empty is good."""

    figures: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def report(self) -> str:
        """For people at a terminal."""
        lines = [f"  {name:<58}{value}" for name, value in self.figures.items()]
        end = "nothing lost, nothing twice" if not self.faults else f"{len(self.faults)} fault(s)"
        return "\n".join(["drill: several machines under load", *lines, *self.faults[:20], f"drill: {end}"])


@dataclass
class Drill:
    """On a cluster that runs."""

    at: Cluster
    people: list[Person] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)

    def run(self, trials: list[Trial]) -> Outcome:
        """Raises only when it cannot go on."""
        with at_work(self.at.url, self.at.trusted, trials) as self.people:
            self._stage("nothing", lambda: None)
            first, second = self.at.nodes
            self._stage("a web machine is killed", lambda: first.machine.kill("web"))
            first.start("web")
            until(first.answers, first.logs)
            killed = self._kill_a_busy_worker()
            self._stage("a machine is cut off", second.machine.cut_off)
            second.machine.connect()
            self._stage("the database is killed, its standby promoted", self._fail_over)
            killed.start("worker")
            until(lambda: all(node.answers("/readyz") for node in self.at.nodes), self._logs, PATIENCE)
            self._two_clocks_at_night()
        self._settle()
        self._count()
        return self.outcome

    def _logs(self) -> str:
        return "\n".join(node.logs() for node in self.at.nodes)

    def _stage(self, name: str, blow: Callable[[], object]) -> None:
        """A blow, and then work until everybody has got on."""
        stage = Stage(name, time.time())
        blow()
        after = time.time()
        savers = [person for person in self.people if not isinstance(person, Sender)]

        def is_over() -> bool:
            faults = [fault for person in self.people for fault in person.faults]
            assert not faults, (stage.name, faults, self._logs())
            attached = all(person.files for person in savers)  # the store makes its volumes for the first of them
            return attached and all(sum(at > after for at, *_ in person.saves) >= SAVES_BETWEEN for person in savers)

        until(is_over, lambda: f"people get on after: {name}\n{self._logs()}", PATIENCE)
        stage.ended = time.time()
        self.stages.append(stage)
        gaps = [self._longest_gap(person, stage) for person in savers]
        lost = [what for person in self.people for at, what in person.lost if stage.began <= at <= stage.ended]
        self.outcome.figures[f"{name}: seconds without an answer"] = f"{max(gaps):.1f}, {self._slowest(stage)}"
        self.outcome.figures[f"{name}: requests that failed visibly"] = f"{len(lost)} {sorted(set(lost))[:4] or ''}"

    def _slowest(self, stage: Stage) -> str:
        """The request that took longest of those that were acknowledged."""
        acts = [(took, what) for person in self.people for at, took, what in person.slow if at >= stage.began - 5]
        return "the slowest {1} {0:.1f}".format(*max(acts, default=(0.0, "-")))

    def _longest_gap(self, person: Person, stage: Stage) -> float:
        times = [at for at in person.acks if at <= stage.ended]
        pairs = pairwise(times)
        return max((then - earlier for earlier, then in pairs if then >= stage.began), default=0.0)

    def _kill_a_busy_worker(self) -> Node:
        """Of the machine whose worker is at a job."""
        busy: list[Node] = []

        def look() -> bool:
            busy[:] = [node for node in self.at.nodes if node.makes_files()]
            return bool(busy)

        until(look, lambda: f"a worker is at a job\n{self._logs()}", PATIENCE)
        busy[0].machine.kill("worker")
        return busy[0]

    def _fail_over(self) -> None:
        self.at.primary.machine.kill_all()
        self.at.standby.promote()

    def _two_clocks_at_night(self) -> None:
        """Each task of the night is queued by both clocks at the same moment."""
        with app.connection_for_write(self.at.nodes[0].environment["REDIS_URL"]) as line:
            for name in NIGHT:
                for _clock in self.at.nodes:
                    app.send_task(name, connection=line)

    # -- afterwards ----------------------------------------------------------------------------------

    def _ask(self, what: str) -> list[list[str]]:
        lines = self.at.standby.ask(what).splitlines()
        return [line.split("|") for line in lines]

    def _settle(self) -> None:
        """Until nothing waits any more: jobs, files that came in parts, the work of the night."""
        waiting = {
            "jobs": "SELECT id, state, attempts FROM reports_job WHERE state IN ('queued', 'running')",
            "files": "SELECT id, state, attempts FROM evidence_resumableupload WHERE state = 'complete'",
        }
        for name, statement in waiting.items():
            until(lambda s=statement: not self._ask(s), lambda s=statement: f"{self._ask(s)}\n{self._logs()}", PATIENCE)  # type: ignore[misc]
            self.outcome.figures[f"{name} that wait at the end"] = 0
        runs = "SELECT kind, count(*) FROM reports_systemrun GROUP BY kind"
        until(lambda: {kind for kind, _ in self._ask(runs)} >= set(NIGHT.values()), self._logs, PATIENCE)
        queued = "SELECT 1 FROM reports_heartbeat WHERE name LIKE 'turn:%' AND at > now()"
        until(lambda: not self._ask(queued), self._logs, PATIENCE)

    def _count(self) -> None:
        figures, faults = self.outcome.figures, self.outcome.faults
        ended = [
            f"{kind} of {n.name}"
            for n in self.at.nodes
            for kind, p in n.machine.processes.items()
            if p.poll() is not None
        ]
        faults += [f"{what} ended by itself" for what in ended]
        self._count_saves()
        self._count_files()
        self._count_jobs()
        runs = {
            kind: int(number) for kind, number in self._ask("SELECT kind, count(*) FROM reports_systemrun GROUP BY 1")
        }
        figures["runs of the night, with two clocks"] = ", ".join(
            f"{kind} {runs.get(kind, 0)}" for kind in NIGHT.values()
        )
        faults += [f"{kind} ran {runs.get(kind, 0)} times" for kind in NIGHT.values() if runs.get(kind) != 1]
        verified = self.at.nodes[1].manage("journal", "--skip-checks", "verify", "--format", "json")
        if verified.returncode:
            faults.append(f"journal verify: {verified.stdout[-1500:]}{verified.stderr[-1500:]}")
        figures["journal verify"] = "ok" if not verified.returncode else "faults"

    def _count_saves(self) -> None:
        total = 0
        for person in self.people:
            after = "data->'after'->>'T0.mail'"
            events = self._ask(f"SELECT {after} FROM survey_event WHERE response_id = {person.pk} AND {after} <> ''")
            told = Counter(value for (value,) in events)
            for _at, value, revision in person.saves:
                total += 1
                if (found := told[value]) != 1:
                    self.outcome.faults.append(f"save {value} (revision {revision}) of {person.pk}: {found} events")
        self.outcome.figures["saves acknowledged, each there once"] = total

    def _count_files(self) -> None:
        rows = self._ask(
            "SELECT f.sha256, f.stored, count(a.id) FROM evidence_file f"
            " LEFT JOIN evidence_attachment a ON a.file_id = f.id GROUP BY 1, 2"
        )
        attached = {sha256: (stored, int(number)) for sha256, stored, number in rows}
        bucket, acknowledged = s3_resource(self.at.store).Bucket(BUCKET), 0
        for person in self.people:
            for sha256 in person.files:
                acknowledged += 1
                stored, number = attached.get(sha256, ("", 0))
                if number != 1:
                    self.outcome.faults.append(f"file {sha256[:8]} of {person.pk} is attached {number} times")
                    continue
                content = bucket.Object(f"evidence/{stored}").get()["Body"].read()
                if hashlib.sha256(content).hexdigest() != sha256:
                    self.outcome.faults.append(f"file {sha256[:8]} is altered")
        self.outcome.figures["files acknowledged, each there once"] = acknowledged
        senders = [person for person in self.people if isinstance(person, Sender)]
        self.outcome.figures["of these large, in so many parts"] = [(p.sent, p.parts) for p in senders]

    def _count_jobs(self) -> None:
        rows = self._ask("SELECT public_id, state, attempts, stored, sha256 FROM reports_job")
        bucket = s3_resource(self.at.store).Bucket(BUCKET)
        for public_id, state, _attempts, stored, sha256 in rows:
            if state != "done":
                self.outcome.faults.append(f"job {public_id} is {state}")
                continue
            content = bucket.Object(f"files/{stored}").get()["Body"].read()
            if hashlib.sha256(content).hexdigest() != sha256:
                self.outcome.faults.append(f"the file of job {public_id} is not the one it names")
        again = sum(int(attempts) > 1 for _, _, attempts, _, _ in rows)
        self.outcome.figures["jobs, each done once; begun again"] = f"{len(rows)}, {again}"
        asked = sum(len(person.jobs) for person in self.people)
        if not again or len(rows) < asked:
            self.outcome.faults.append(f"{len(rows)} jobs for {asked} requests, {again} begun again")
