"""Asks every main page of one installation as a browser would, in a process of its own; prints what was seen as JSON.

python -m tests.bench.nation.asking YEAR [--plans]: the database, cache and folder are those of the environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Asked:
    """What a page gave: at first, with nothing kept in the process, and when it is asked again."""

    name: str
    path: str
    national: bool
    headers: str
    status: int = 0
    bytes: int = 0
    queries: int = 0
    first_queries: int = 0
    first_seconds: float = 0.0
    seconds: float = 0.0
    scans: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Installation:
    """One installation as it was asked: its pages, and the answer that is saved again and again."""

    pages: list[Asked]
    saved: dict[str, Any]


def ask(environ: Mapping[str, str], year: int, *, plans: bool = False) -> Installation:
    """Starts a process on another installation and reads what it printed."""
    command = [sys.executable, "-m", "tests.bench.nation.asking", str(year), *(["--plans"] if plans else [])]
    done = subprocess.run(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    return Installation([Asked(**one) for one in told["pages"]], told["saved"])


def ask_pages(year: int, *, plans: bool = False) -> Installation:
    """Asks every page in this process."""
    from tests.bench.nation.pages import Places, main_pages

    places = Places(year)
    pages = [_ask(page, plans=plans) for page in main_pages(places)]
    return Installation(pages, _saved(places, next(p.headers for p in pages)))


def _saved(places: Any, headers: str) -> dict[str, Any]:
    from survey.instrument.queries import compiled_instrument
    from survey.models import Answer
    from tests.bench.nation.pages import HEAVY_ITEM

    card = compiled_instrument(places.response.round.instrument).items.get(HEAVY_ITEM)
    number = next((i.id for i in card.card() if i.kind == "number"), "") if card else ""
    answer = Answer.objects.filter(response=places.response, question__item_id=HEAVY_ITEM).first()
    revision = answer.revision if answer else 0
    return {"response": places.response.pk, "revision": revision, "headers": headers, "number": number}


def _ask(page: Any, *, plans: bool) -> Asked:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.nation.plans import find_scans
    from tests.bench.serving import session_headers

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(page.reader, backend="accounts.backends.Backend")
    client.get("/accounts/profile/")  # gives the token, and reads once what every page reads
    asked = Asked(page.name, page.path, page.national, session_headers(client))
    statements: list[str] = []
    for turn in ("first", "again", "again"):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as seen:
            response = client.get(page.path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        spent = time.perf_counter() - started
        statements += [query["sql"] for query in seen.captured_queries]
        asked.status, asked.bytes, asked.queries, asked.seconds = response.status_code, len(body), len(seen), spent
        if turn == "first":
            asked.first_queries, asked.first_seconds = len(seen), spent
    if plans:
        asked.scans = [asdict(scan) for scan in find_scans(statements)]
    return asked


def main() -> None:
    """Prints one installation."""
    import django

    django.setup()
    found = ask_pages(int(sys.argv[1]), plans="--plans" in sys.argv)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
