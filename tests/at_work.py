"""A person of the made-up year at work on a real server: opens the page, saves, attaches files; each call is timed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache

from accounts.models import User
from survey.answering import actions as answers
from tests.caller import SIGN_IN, Caller, Reply
from tests.evidence.conftest import pdf
from tests.trial import Trial, make_trial


@cache
def small_pdf(name: str) -> bytes:
    """A content of its own for each name."""
    return pdf(name)


@dataclass
class AtWork:
    """Somebody of a trial at a server."""

    caller: Caller
    response: int
    revision: int = 0
    times: dict[str, float] = field(default_factory=dict)  # seconds, the longest of each kind

    def _timed(self, kind: str, started: float) -> None:
        self.times[kind] = max(self.times.get(kind, 0.0), time.monotonic() - started)

    def sign_in(self) -> None:
        """Through the page."""
        started = time.monotonic()
        self.caller.sign_in()
        self._timed("sign in", started)

    def sign_out(self) -> None:
        """By the form of the header."""
        started = time.monotonic()
        done = self.caller.post("/accounts/sign-out/")
        assert SIGN_IN in done.url
        self._timed("sign out", started)

    def page(self) -> Reply:
        """The filling page."""
        started = time.monotonic()
        got = self.caller.get(f"/r/{self.response}/fill/cover/")
        self._timed("page", started)
        return got

    def save(self) -> None:
        """Saves another value of the first card."""
        started = time.monotonic()
        pairs = [("_revision", str(self.revision)), ("T0.mail", f"a{self.revision}@example.org")]
        got = self.caller.post(f"/r/{self.response}/answer/T0.mail/", pairs, Accept="application/json")
        assert got.status == 200, (got.status, got.text[:500])
        self.revision = got.json["revision"]
        self._timed("save", started)

    def attach(self, name: str = "a") -> Reply:
        """Sends a file to the place of T1."""
        content = small_pdf(name)
        started = time.monotonic()
        got = self.caller.upload(f"/r/{self.response}/evidence/T1/?at=T1%3Ddone", "files", f"{name}.pdf", content)
        self._timed("upload", started)
        return got


def make_worker_trial() -> Trial:
    """A trial whose question T1 asks for a file."""
    trial = make_trial()
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question("T1"),
        value={"T1": "done"},
        base_revision=0,
    )
    return trial


def at_work(base: str, trial: Trial, user: User | None = None) -> AtWork:
    """The secretariat of a trial at a server, not signed in yet."""
    return AtWork(Caller(base, (user or trial.secretariat).email), trial.response.pk)
