"""What became of the presses of a night: what the people were told, and whether the database holds just that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.proof.verbs import KINDS
from survey.approval.snapshot import snapshot_faults
from survey.models import Answer, Event, FrozenResponse, Response
from survey.verifying.verify import verify_journal

ON_THE_WAY = 0.25  # seconds that a press may take to us; who pressed later than that before the close may come late


@dataclass
class Night:
    """The presses with their answers, and when the rounds closed (seconds since 1970).

    `refused`: in time, and told no; `faults`: what the people were told and the database does not hold.
    """

    presses: Sequence[Mapping[str, Any]]
    closed_at: float
    lines: int = 0
    retried: int = 0
    faults: list[str] = field(default_factory=list)
    events: int = 0

    def of(self, kind: str, *statuses: int) -> list[Mapping[str, Any]]:
        """The presses of a kind with one of these answers; all without any."""
        return [p for p in self.presses if p["kind"] == kind and (not statuses or p["status"] in statuses)]

    @property
    def saved(self) -> list[Mapping[str, Any]]:
        """Acknowledged saves."""
        return self.of("save", 200)

    @property
    def approved(self) -> list[Mapping[str, Any]]:
        """Acknowledged approvals."""
        return self.of("approve", 302)

    @property
    def conflicts(self) -> list[Mapping[str, Any]]:
        """Saves that were shown both values."""
        return self.of("save", 409)

    def others(self) -> list[Mapping[str, Any]]:
        """Neither done nor asked about."""
        done = {"save": (200, 409), "approve": (302,)}
        return [p for p in self.presses if p["status"] not in done[p["kind"]]]

    @property
    def refused(self) -> list[Mapping[str, Any]]:
        """Pressed before the close and refused."""
        return [p for p in self.others() if _pressed(p) < self.closed_at - ON_THE_WAY]

    @property
    def on_the_way(self) -> list[Mapping[str, Any]]:
        """Refused, and pressed so shortly before the close that they arrived after it."""
        return [p for p in self.others() if self.closed_at - ON_THE_WAY <= _pressed(p) < self.closed_at]

    @property
    def taken_late(self) -> list[Mapping[str, Any]]:
        """Pressed after the close and taken all the same."""
        return [p for p in (*self.saved, *self.conflicts, *self.approved) if _pressed(p) > self.closed_at]

    @property
    def answered_late(self) -> list[Mapping[str, Any]]:
        """Pressed before the close, taken, and told so after it."""
        done = (*self.saved, *self.approved)
        return [p for p in done if _pressed(p) < self.closed_at < p["answered"]]

    def check_database(self) -> None:
        """Compares what was acknowledged with the rows, the frozen versions and the journals."""
        self.faults += [*self._answer_faults(), *self._event_faults(), *self._version_faults()]
        report = verify_journal(KINDS)
        self.events = report.events
        self.faults += [f"journal: {fault.code} of response {fault.response}" for fault in report.faults[:20]]

    def _answer_faults(self) -> Iterable[str]:
        """The newest acknowledged value of each question is the stored one."""
        newest: dict[tuple[int, str], Mapping[str, Any]] = {}
        yield from (f"acknowledged, and not changed: {p['field']}" for p in self.saved if not p["changed"])
        for press in sorted(self.saved, key=lambda p: p["revision"]):
            newest[press["response"], press["question"]] = press
        rows = Answer.objects.filter(response__in={response for response, _question in newest})
        stored = {(r, q): (revision, value) for r, q, revision, value in rows.values_list(*_ANSWER)}
        for key, press in newest.items():
            revision, value = stored.get(key, (0, {}))
            if (revision, value.get(press["field"])) != (press["revision"], press["value"]):
                yield f"response {key[0]}, {key[1]}: acknowledged {press['value']}, stored {value} as {revision}"

    def _event_faults(self) -> Iterable[str]:
        """Each acknowledged save is one event, in the order of its revisions, and there are no others."""
        responses = {p["response"] for p in self.of("save")}
        told = Counter((p["response"], p["field"], p["value"]) for p in self.saved)
        rows = Event.objects.filter(response__in=responses, verb="answer.save").values_list("response", "data")
        found = Counter((pk, *next(iter(data["after"].items()))) for pk, data in rows if data["after"])
        yield from (f"acknowledged, and no event: {key}" for key in told - found)
        lost = {(p["response"], p["field"], p["value"]) for p in self.of("save", 0)}
        yield from (f"an event that nobody was told of: {key}" for key in found - told if key not in lost)

    def _version_faults(self) -> Iterable[str]:
        versions = {version.response_id: version for version in FrozenResponse.objects.filter(voided_at=None)}
        states = dict(Response.objects.filter(pk__in=versions).values_list("pk", "state"))
        for press in self.approved:
            version = versions.get(press["response"])
            if version is None or states[press["response"]] != Response.State.APPROVED:
                yield f"response {press['response']}: approved, and not frozen"
            else:
                yield from (f"response {press['response']}: {code}" for code in snapshot_faults(version))

    def report(self) -> str:
        """The figures, one to a line."""
        answers = Counter((p["kind"], p["status"]) for p in self.others())
        said = {str(p.get("said", ""))[:160] for p in self.refused}
        late = sum(_pressed(p) >= self.closed_at for p in self.presses)
        lines = [
            f"saves sent {len(self.of('save'))}, acknowledged {len(self.saved)}, conflicts {len(self.conflicts)}",
            f"approvals sent {len(self.of('approve'))}, acknowledged {len(self.approved)}",
            f"pressed before the close and refused: {len(self.refused)} {said or ''}".rstrip(),
            f"pressed in the last {ON_THE_WAY} s, arrived after the close and refused: {len(self.on_the_way)}",
            f"pressed before the close, acknowledged after it: {len(self.answered_late)}",
            f"pressed after the close: {late}, of these taken: {len(self.taken_late)}",
            f"answers that were no success: {dict(answers)}",
            f"save, press to answer: {waiting(self.saved)}",
            f"approval, page with password: {waiting(self.approved)}",
            f"most connections at once {self.lines}, lines replaced {self.retried}",
            f"database: {len(self.faults)} faults; {self.events} events verified",
        ]
        return "\n".join([*lines, *self.faults[:20]])


_ANSWER = ("response", "question__item_id", "revision", "value")


def _pressed(press: Mapping[str, Any]) -> float:
    return float(press.get("pressed", press["answered"]))


def waiting(presses: Sequence[Mapping[str, Any]]) -> str:
    """The waiting times in milliseconds, from the press to the answer."""
    times = sorted(p["answered"] - p["pressed"] for p in presses)
    if not times:
        return "none"
    p50, p95 = (times[min(int(len(times) * q), len(times) - 1)] * 1000 for q in (0.5, 0.95))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {times[-1] * 1000:.0f} ms"
