"""Measuring one province's installation and a nation's in turn: pages, a save, the report, papers, commands."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from redis import Redis

from accounts.models import Province
from survey.models import Round
from tests.bench.cases import Case, SavedAnswer, save_requests
from tests.bench.nation.asking import Asked, Installation
from tests.bench.nation.goals import COLD_SECONDS, HEADING, PAGE_SECONDS, Goal, PageCost
from tests.bench.nation.pages import HEAVY_ITEM
from tests.bench.result_cost import measure_result
from tests.bench.serving import ROOT, get, served

ROUNDS: Final = 3
ROUND_SECONDS: Final = 0.7
ROUND_REQUESTS: Final = 6  # processor time is told in hundredths of a second
MOST_ROUND_SECONDS: Final = 5.0
WAKING: Final = 16  # requests, so that each process had some
Say = Callable[[str], None]
Environ = Mapping[str, str]


def measure_pages(one: Installation, nation: Installation, environs: tuple[Environ, Environ]) -> Iterator[PageCost]:
    """Every page and a save in both installations in turn, since other work weighs on both then; prints each."""
    with (
        served("tests.bench.bare:application", environs[0]) as bare,
        served("dgready.wsgi", environs[0]) as first,
        served("dgready.wsgi", environs[1]) as second,
    ):
        yardstick = Case("bare view", *bare, lambda n, b: get("/", ""), 1)
        load([yardstick])
        print(HEADING)
        print(f"{'bare view':<30}{yardstick.least_cpu_ms:9.2f}{'':>60}{yardstick.quantile(0.5):8.1f}", flush=True)
        for pages in zip(one.pages, nation.pages, strict=True):
            cases = [_page_case(page, served_at) for page, served_at in zip(pages, (first, second), strict=True)]
            yield _cost(pages[0].name, pages[0].national, cases, [(p.queries, p.bytes) for p in pages])
        saves = [
            Case("save", *at, save_requests(HEAVY_ITEM, [SavedAnswer(**i.saved)]), 1)
            for i, at in ((one, first), (nation, second))
        ]
        yield _cost("save", False, saves, [(0, 0), (0, 0)])


def _page_case(page: Asked, at: tuple[int, object]) -> Case:
    request = get(page.path, page.headers)
    return Case(page.name, at[0], at[1], lambda n, b: request, 1)  # type: ignore[arg-type]


def _cost(name: str, national: bool, cases: list[Case], asked: list[tuple[int, int]]) -> PageCost:
    load(cases)
    one, nation = cases
    cost = PageCost(
        name,
        national,
        (asked[0][0], asked[1][0]),
        (asked[0][1], asked[1][1]),
        (one.least_cpu_ms, nation.least_cpu_ms),
        (one.quantile(0.5) / 1000, nation.quantile(0.5) / 1000),
    )
    print(cost.line(), flush=True)
    return cost


def load(cases: list[Case]) -> None:
    """Warms the cases and loads them in turn, for so long that a slow page is asked often enough to be told apart."""
    for case in cases:
        case.warm(ROUND_SECONDS)  # the first requests may wait for Python to start
    quickest = max(case.warm(ROUND_SECONDS) for case in cases)
    seconds = min(max(ROUND_SECONDS, ROUND_REQUESTS * quickest), MOST_ROUND_SECONDS)
    for _ in range(ROUNDS):
        for case in cases:
            case.round(seconds)


def measure_report(page: Asked, environ: Environ) -> Iterator[Goal]:
    """The national report from cold (new processes, an empty cache), and once more."""
    Redis.from_url(environ["REDIS_URL"]).flushdb()
    headers = dict(line.split(": ", 1) for line in page.headers.split("\r\n"))
    with served("dgready.wsgi", environ) as (port, cpu):
        for _ in range(WAKING):  # starting Python is no part of the report
            _seconds(port, "/healthz", {})
        before = cpu()
        cold = _seconds(port, page.path, headers)
        used = cpu() - before
        warm = min(_seconds(port, page.path, headers) for _ in range(WAKING))
    print(f"national report from cold: {used:.2f} CPU-s of the web process")
    yield Goal("national report from cold", cold, COLD_SECONDS, " s")
    yield Goal("national report, warm", warm, PAGE_SECONDS, " s")


def _seconds(port: int, path: str, headers: Environ) -> float:
    started = time.perf_counter()
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    http.request("GET", path, headers={"Host": "127.0.0.1", **headers})
    reply = http.getresponse()
    body = reply.read()
    if reply.status != 200 or not body:
        raise RuntimeError(f"{path}: {reply.status}")
    return time.perf_counter() - started


def measure_results(year: int, say: Say) -> None:
    """The result report of one province, of which 76 are made: a sample, since all have the same answers."""
    province = Province.objects.get(pk=Round.objects.order_by("pk")[0].province_id)
    with tempfile.TemporaryDirectory() as folder:
        cost = measure_result(province, year, Path(folder), turns=2)
    say(f"result report: {cost.ours:.2f} CPU-s a province (sample of one), 76 of them {cost.ours * 76:.0f} CPU-s")


def command(say: Say, *words: str) -> Goal:
    """A command on the nation in a process of its own; met when it ends without a fault."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=False)
    say(f"{' '.join(words)}: {time.perf_counter() - started:.0f} s")
    return Goal(f"{' '.join(words)}, exit code", done.returncode, 0)


def tell_scans(nation: Installation) -> list[Goal]:
    """Prints the steps of the pages' queries that look at many rows."""
    for page in nation.pages:
        for scan in page.scans:
            print(
                f"{page.name}: {scan['kind']} {scan['table']}, {scan['rows']:,} rows, {scan['ms']:.1f} ms: "
                f"{scan['sql'][:300]}"
            )
    whole = sum(scan["kind"] == "Seq Scan" for page in nation.pages for scan in page.scans)
    return [Goal("large tables read as a whole by pages", whole, 0)]
