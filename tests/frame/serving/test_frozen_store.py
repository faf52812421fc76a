"""A store that takes connections and says nothing: uploads are asked to come again, saves go on at their rate."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.at_work import AtWork, at_work, make_worker_trial
from tests.bench.load import run
from tests.frame.frozen import frozen_port
from tests.frame.serving.test_slow_clients import healthz
from tests.installation import served, until

CONNECTIONS = 4
SECONDS = 3.0
UPLOADERS = 8
pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.postgres, pytest.mark.redis]


def saves(people: list[AtWork]) -> Callable[[int, bytes | None], bytes]:
    """Requests that save the next value, one person per connection."""
    headers = [
        f"Cookie: {'; '.join(f'{c.name}={c.value}' for c in person.caller.jar)}\r\n"
        f"X-CSRFToken: {person.caller.cookie('csrftoken')}"
        for person in people
    ]

    def make(number: int, body: bytes | None) -> bytes:
        person = people[number]
        if found := re.search(rb'"revision": (\d+)', body or b""):
            person.revision = int(found[1])
        form = urlencode({"_revision": person.revision, "T0.mail": f"a{person.revision}@example.org"})
        head = (
            f"POST /r/{person.response}/answer/T0.mail/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"{headers[number]}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n"
        )
        return head.encode() + form.encode()

    return make


class Uploaders:
    """People who attach files and, when they are refused, come again after a while, as the page's script does."""

    def __init__(self, people: list[AtWork]) -> None:
        self.seen: Counter[int] = Counter()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._attach, args=(people[n % len(people)], n), daemon=True)
            for n in range(UPLOADERS)
        ]
        for thread in self._threads:
            thread.start()

    def _attach(self, person: AtWork, number: int) -> None:
        while not self._stop.is_set():
            with suppress(OSError):  # the server has gone at the end
                self.seen[person.attach(f"file{number}").status] += 1
            self._stop.wait(2.0)

    def stop(self) -> None:
        """They look once more whether they are to go on; those that wait for the store are left alone."""
        self._stop.set()


def test_saves_keep_their_rate_while_the_store_hangs(transactional_db: None, tmp_path: Path) -> None:
    trials = [make_worker_trial() for _ in range(CONNECTIONS)]
    with frozen_port() as port:
        store = {"S3_ENDPOINT": f"http://127.0.0.1:{port}", "S3_BUCKET": "sample"}
        keys = dict.fromkeys(("S3_ACCESS_KEY", "S3_SECRET_KEY"), "sample")
        with served(tmp_path / "var", {**store, **keys, "S3_SECONDS": "60"}) as at:
            people = [at_work(at.url, trial) for trial in trials]
            for person in people:
                person.sign_in()
                person.page()
            make = saves(people)
            run(at.port, make, connections=CONNECTIONS, seconds=1.0)
            before = run(at.port, make, connections=CONNECTIONS, seconds=SECONDS)
            uploaders = Uploaders(people)
            until(lambda: uploaders.seen[503] >= UPLOADERS, lambda: at.log("web"))  # some hang, others are refused
            # Twice: another test that has a large file written through to the disk can hold saves up for seconds.
            during = max((run(at.port, make, connections=CONNECTIONS, seconds=SECONDS) for _ in range(2)), key=len)
            health = max(healthz(at.url) for _ in range(4))
            uploaders.stop()
            after = run(at.port, make, connections=CONNECTIONS, seconds=SECONDS)
            print(
                f"saves a second: {len(before) / SECONDS:.0f} before, {len(during) / SECONDS:.0f} while the store hangs"
                f", {len(after) / SECONDS:.0f} without new uploads; /healthz {health:.3f} s;"
                f" uploads {dict(uploaders.seen)}; the longest save {max(during):.2f} s"
            )
            log = at.log("web")
            at.kill("web")  # some threads still wait for the store
    assert set(uploaders.seen) == {503}
    assert uploaders.seen[503] >= UPLOADERS
    # Four fifths on a machine of one's own; here others work too, and make the figures jump.
    assert len(during) > 0.5 * min(len(before), len(after))
    assert health < 5
    assert "Traceback" not in log, log
