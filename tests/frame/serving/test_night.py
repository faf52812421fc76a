"""A thread that is kept busy over a round's close: who waited for it is served, who came later is not."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from survey.models import Answer, Event, Response, Round
from tests.at_work import AtWork, at_work
from tests.installation import served
from tests.trial import make_trial


def save_request(person: AtWork) -> bytes:
    """A save of the first card, as bytes."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.caller.jar)
    form = urlencode({"_revision": person.revision, "T0.mail": "in.time@example.org"})
    head = [
        f"POST /r/{person.response}/answer/T0.mail/ HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: application/json",
        f"Cookie: {cookies}",
        f"X-CSRFToken: {person.caller.cookie('csrftoken')}",
        f"Dgready-Arrived: {time.monotonic() - 60}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", form]).encode()


def send(port: int, request: bytes) -> socket.socket:
    """Sends it; the answer is read later."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=60)
    sock.sendall(request)
    return sock


def answer(sock: socket.socket) -> bytes:
    """All of it."""
    with sock, sock.makefile("rb") as got:
        return got.read()


@pytest.mark.slow
def test_who_waits_for_a_thread_over_the_close_is_served(transactional_db: None, tmp_path: Path) -> None:
    """The only thread waits for a lock that this test holds; another save waits for the thread."""
    trials = [make_trial() for _ in range(3)]
    more = {"WEB_THREADS": "1", "WEB_PROCESSES": "1", **({"REDIS_URL": ""} if connection.vendor == "sqlite" else {})}
    with served(tmp_path / "var", more) as at:
        people = [at_work(at.url, trial) for trial in trials]
        for person in people:
            person.sign_in()
            person.page()
        closes = time.time() + 2
        Round.objects.update(closes_at=datetime.fromtimestamp(closes, UTC))
        with transaction.atomic():  # on SQLite the only writer
            Response.objects.select_for_update().get(pk=people[0].response)
            Round.objects.filter(pk=trials[0].round.pk).update(year=trials[0].round.year)
            waiting = [send(at.port, save_request(person)) for person in people[:2]]
            assert time.time() < closes - 0.3, "the machine is too slow for this test"
            time.sleep(closes + 0.5 - time.time())
        late = send(at.port, save_request(people[2]))
        assert [answer(sock)[:12] for sock in (*waiting, late)] == [b"HTTP/1.1 200"] * 2 + [b"HTTP/1.1 403"]
    saved = Answer.objects.values_list("response", flat=True)
    assert set(saved) == {person.response for person in people[:2]}
    for event in Event.objects.filter(verb="answer.save"):
        assert datetime.fromisoformat(event.data["arrived"]).timestamp() < closes < event.at.timestamp()
