"""People who save and upload as fast as they are answered, and remember what was acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from django.urls import reverse

from demo.content import sample_values, values_by_question
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue
from tests.caller import Caller
from tests.evidence.conftest import pdf
from tests.trial import Trial

UPLOAD_EVERY = 6  # of a person's acts one is an upload


@dataclass(frozen=True)
class Acknowledged:
    """A save that was answered with "saved"."""

    at: float
    response: int
    question: str
    revision: int


@dataclass
class Person:
    """The secretariat of a province of its own, at work."""

    caller: Caller
    trial: Trial
    saves: list[Acknowledged] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def work(self, ended: threading.Event) -> None:
        """Answers one question after the other, by and by all of them anew."""
        try:
            self._work(ended)
        except Exception as fault:
            self.refused.append(repr(fault))

    def _work(self, ended: threading.Event) -> None:
        pk, compiled = self.trial.response.pk, self.trial.compiled
        forms = [sample_values(compiled, f"drill/{n}", share=1.0) for n in range(2)]
        places = list(resolve_path(compiled, forms[0]).places.values())
        cards = [list(values_by_question(compiled, form).items()) for form in forms]
        revisions, acts = dict[str, int](), 0
        self.caller.get(f"/r/{pk}/fill/{compiled.sections[0].id}/")  # signs in
        self.ready.set()
        while not ended.is_set():
            acts += 1
            if acts % UPLOAD_EVERY == 0:
                place = places[acts // UPLOAD_EVERY % len(places)]
                self._upload(pk, place.question, place.address, pdf(f"{pk}/{acts}"))
            else:
                turn = cards[acts // len(cards[0]) % 2]
                question, value = turn[acts % len(turn)]
                self._save(pk, question, value, revisions)

    def _save(self, pk: int, question: str, value: dict[str, AnswerValue], revisions: dict[str, int]) -> None:
        pairs = [("_revision", str(revisions.get(question, 0)))]
        pairs += [(k, s) for k, v in value.items() for s in ([v] if isinstance(v, str) else v)]
        got = self.caller.post(f"/r/{pk}/answer/{question}/", pairs, Accept="application/json")
        if got.status != 200:
            self.refused.append(f"{question}: {got.status}")
            return
        revisions[question] = got.json["revision"]
        self.saves.append(Acknowledged(time.time(), pk, question, revisions[question]))

    def _upload(self, pk: int, question: str, address: str, content: bytes) -> None:
        path = f"{reverse('evidence:slot', args=[pk, question])}?at={quote(address, safe='')}"
        got = self.caller.upload(path, "files", "drill.pdf", content)
        if got.status == 200:
            self.uploads.append(time.time())
        else:
            self.refused.append(f"{address}: {got.status}")


@contextmanager
def at_work(url: str, trials: list[Trial]) -> Iterator[list[Person]]:
    """One person for each trial, working until the block ends."""
    people, ended = [Person(Caller(url, trial.secretariat.email), trial) for trial in trials], threading.Event()
    threads = [threading.Thread(target=person.work, args=(ended,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for person in people:
        person.ready.wait(60)
    try:
        yield people
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
