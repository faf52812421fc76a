"""People at several machines: each act is repeated until it is acknowledged, and what was answered is remembered."""

from __future__ import annotations

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.caller import SIGN_IN, Caller, Reply
from tests.evidence.conftest import pdf
from tests.evidence.uploading.test_real import large_pdf
from tests.evidence.uploading.tus import PART, coded
from tests.trial import Trial

PAUSE = 0.2  # seconds after something failed
UPLOAD_EVERY, JOB_EVERY = 8, 40  # acts
LARGE_BYTES, STEP = 9 << 20, 2 << 20  # above what is attached in the request of its last part


class SignedOut(Exception):
    """A session did not go on."""


@dataclass
class Person:
    """The secretariat of a province of its own."""

    caller: Caller
    trial: Trial
    ended: threading.Event
    saves: list[tuple[float, str, int]] = field(default_factory=list)  # when, the value, its revision
    files: list[str] = field(default_factory=list)  # SHA-256 of what was acknowledged
    jobs: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)  # of whatever was acknowledged
    slow: list[tuple[float, float, str]] = field(default_factory=list)  # when, seconds, what
    lost: list[tuple[float, str]] = field(default_factory=list)  # requests without an acknowledgement
    faults: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)
    revision: int = 0

    @property
    def pk(self) -> int:
        """The response."""
        return self.trial.response.pk

    def work(self) -> None:
        """Until it has ended; a fault of the person's own ends it too."""
        try:
            self.caller.sign_in()
            self.ready.set()
            self._work()
        except Exception as fault:
            self.faults.append(f"{self.caller.email}: {fault!r}")
            self.ready.set()

    def _work(self) -> None:
        acts = 0
        while not self.ended.is_set():
            acts += 1
            if acts % JOB_EVERY == JOB_EVERY // 4:
                self.ask_for_paper()
            elif acts % UPLOAD_EVERY == 0:
                self.attach(pdf(f"{self.pk}/{acts}"))
            else:
                self.save(f"a{acts}@example.org")

    def until_done(self, what: str, act: Callable[[], Reply], done: tuple[int, ...] = (200,)) -> Reply | None:
        """Does it again until it is acknowledged; only a visible error of the way may come in between."""
        while True:
            began = time.time()
            try:
                got = act()
                failed = "" if got.status < 500 else f"{what}: {got.status}"
            except OSError as fault:
                failed = f"{what}: {fault!r}"
            if not failed:
                if got.status == 401 or urlsplit(got.url).path == SIGN_IN:
                    raise SignedOut(what)
                if got.status not in done:
                    raise AssertionError(f"{what}: {got.status} {got.text[:300]}")
                self.acks.append(time.time())
                self.slow.append((began, self.acks[-1] - began, what))
                return got
            self.lost.append((time.time(), f"{failed} after {time.time() - began:.0f} s"))
            if self.ended.wait(PAUSE):
                return None

    def save(self, value: str) -> None:
        """Another value of the first card."""
        pairs = [("_revision", str(self.revision)), ("T0.mail", value)]
        path = f"/r/{self.pk}/answer/T0.mail/"
        got = self.until_done("save", lambda: self.caller._post(path, pairs, {"Accept": "application/json"}))
        if got:
            self.revision = json.loads(got.body)["revision"]
            self.saves.append((time.time(), value, self.revision))

    def attach(self, content: bytes) -> None:
        """A small file."""
        path = f"/r/{self.pk}/evidence/T1/?at=T1%3Ddone"
        if self.until_done("upload", lambda: self.caller.upload(path, "files", "a.pdf", content)):
            self.files.append(hashlib.sha256(content).hexdigest())

    def ask_for_paper(self) -> None:
        """A job: the paper with the answers of now."""
        path = f"/r/{self.pk}/reports/make/"
        if self.until_done("job", lambda: self.caller._post(path, [("kind", "questionnaire")], {})):
            self.jobs.append(time.time())


@dataclass
class Sender(Person):
    """Somebody who sends large files in parts, over and over."""

    parts: int = 0
    sent: int = 0

    def _work(self) -> None:
        while not self.ended.is_set():
            self.sent += 1
            self.send(large_pdf(LARGE_BYTES).replace(b"\x01\x02\x03\x04", b"%08d" % (self.pk + self.sent), 1))

    def _tus(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Reply:
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        own = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.caller.cookie("csrftoken"), "Content-Type": PART}
        return self.caller._send(url, body, {**own, **given}, method=method)

    def send(self, content: bytes) -> None:
        """One file; what was acknowledged of it must be there still, whoever answers."""
        place = {"filename": "ใหญ่.pdf", "response": str(self.pk), "item": "T1", "at": "T1=done"}
        length = str(len(content))
        words = {"Upload_Length": length, "Upload_Metadata": coded(**place)}
        begun = self.until_done("begin", lambda: self._tus("POST", "/evidence/upload/", b"", **words), (201,))
        if begun is None:
            return
        url, offset = str(begun.headers["Location"]), 0
        while offset < len(content):
            piece = content[offset : offset + STEP]
            told, at = offset, str(offset)
            taken = self.until_done("part", lambda: self._tus("PATCH", url, piece, Upload_Offset=at), (204, 409, 423))  # noqa: B023
            if taken is None:
                return
            if taken.status != 204:  # an earlier try was taken, or is still being taken
                time.sleep(PAUSE)
                taken = self.until_done("ask", lambda: self._tus("HEAD", url))
                if taken is None:
                    return
            offset, self.parts = int(taken.headers["Upload-Offset"]), self.parts + 1
            if offset < told:
                raise AssertionError(f"{told} bytes were acknowledged and {offset} are there")
        self._await(url, hashlib.sha256(content).hexdigest())

    def _await(self, url: str, sha256: str) -> None:
        """All of it is acknowledged: it has to be attached, even if that takes longer than this person stays."""
        self.files.append(sha256)
        while not self.ended.wait(PAUSE):
            got = self.until_done("state", lambda: self._tus("GET", url))
            if got is None or json.loads(got.body)["state"] != "complete":
                return


@contextmanager
def at_work(url: str, trusted: ssl.SSLContext, trials: list[Trial]) -> Iterator[list[Person]]:
    """One person for each trial; the last sends large files."""
    ended = threading.Event()
    people: list[Person] = [Person(Caller(url, t.secretariat.email, trusted), t, ended) for t in trials[:-1]]
    people.append(Sender(Caller(url, trials[-1].secretariat.email, trusted), trials[-1], ended))
    threads = [threading.Thread(target=person.work, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for person in people:
        person.ready.wait(120)
    try:
        yield people
    finally:
        ended.set()
        for thread in threads:
            thread.join(150)
