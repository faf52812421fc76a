"""make bench-nation: builds one province's years and a nation of them, and prints what each costs, in one run."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg2

ROOT = Path(__file__).parents[3]
FOLDER = Path(tempfile.mkdtemp(prefix="dgready-nation-"))
SERVER = os.environ["DGREADY_TEST_DATABASE_URL"].rpartition("/")[0]
REDIS = os.environ["DGREADY_TEST_REDIS_URL"].rpartition("/")[0]
ONE = {"DATABASE_URL": f"{SERVER}/one", "REDIS_URL": f"{REDIS}/1"}
NATION = {"DATABASE_URL": f"{SERVER}/nation", "REDIS_URL": f"{REDIS}/2"}
ROUNDS, ROUND_SECONDS = 3, 0.7


def run_sql(statement: str) -> None:
    """One statement on the server, outside of any transaction."""
    connection = psycopg2.connect(f"{SERVER}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


# The product's own settings, on the first database; before anything of the product is imported.
run_sql("CREATE DATABASE one")
(FOLDER / "schemes").mkdir()
os.environ |= ONE | {
    "DGREADY_VAR": str(FOLDER / "var"),
    "DJANGO_SETTINGS_MODULE": "dgready.settings",
    "SCHEME_DIRS": str(FOLDER / "schemes"),
}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Province  # noqa: E402
from nation.figures.actions import count_year  # noqa: E402
from survey.models import Answer, Event, Response, Round  # noqa: E402
from tests.bench.cases import Case, SavedAnswer, save_requests  # noqa: E402
from tests.bench.nation.asking import Asked, Installation, ask  # noqa: E402
from tests.bench.nation.forms import publish_years  # noqa: E402
from tests.bench.nation.goals import (  # noqa: E402
    COLD_SECONDS,
    HEADING,
    PAGE_SECONDS,
    Goal,
    PageCost,
    page_goals,
)
from tests.bench.nation.growing import grow_provinces  # noqa: E402
from tests.bench.nation.pages import HEAVY_ITEM  # noqa: E402
from tests.bench.nation.seed import play_years  # noqa: E402
from tests.bench.result_cost import measure_result  # noqa: E402
from tests.bench.serving import get, served  # noqa: E402

STARTED = time.perf_counter()


def say(line: str) -> None:
    """Prints a line with the time since the start."""
    print(f"[{time.perf_counter() - STARTED:7.1f} s] {line}", flush=True)


def build(provinces: int, years: int, agencies: int, saves: int) -> list[int]:
    """Builds both installations; the years, oldest first."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_provinces", verbosity=0)
    found = publish_years(years, FOLDER / "schemes")
    play_years(found, agencies, saves, say)
    for year in found:
        count_year(year)
    analyse()
    say(f"one province: {sizes()}")
    connection.close()
    run_sql("CREATE DATABASE nation TEMPLATE one")
    connection.settings_dict["NAME"] = "nation"
    os.environ |= NATION
    grow_provinces(provinces, say)
    analyse()
    started = time.perf_counter()
    # The pattern has published results that the copies have not, so the oldest year counts otherwise there.
    counted = count_year(found[0], everything=True).counted
    say(f"{counted} answers counted from nothing in {time.perf_counter() - started:.1f} s")
    say(f"nation: {sizes()}")
    return found


def analyse() -> None:
    """What autovacuum would do in time: plans are made for the rows that are there."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")


def sizes() -> str:
    """How much there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        size = cursor.fetchone()[0]
    tables = {"rounds": Round, "responses": Response, "answers": Answer, "events": Event}
    counts = ", ".join(f"{model._default_manager.count():,} {name}" for name, model in tables.items())
    return f"{Round.objects.values('province').distinct().count()} provinces, {counts}, {size}"


def measure_pages(one: Installation, nation: Installation) -> Iterator[PageCost]:
    """Every page and a save in both installations in turn, since other work weighs on both then; prints each."""
    with (
        served("tests.bench.bare:application", ONE) as bare,
        served("dgready.wsgi", ONE) as first,
        served("dgready.wsgi", NATION) as second,
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
    """Warms the cases and loads them in turn."""
    for case in cases:
        case.warm(ROUND_SECONDS)
    for _ in range(ROUNDS):
        for case in cases:
            case.round(ROUND_SECONDS)


def measure_report(page: Asked) -> Iterator[Goal]:
    """The national report from cold (new processes, an empty cache), and once more."""
    from redis import Redis

    Redis.from_url(NATION["REDIS_URL"]).flushdb()
    with served("dgready.wsgi", NATION) as (port, _cpu):
        cold, warm = [_seconds(port, page) for _ in range(2)]
        warm = min(warm, *(_seconds(port, page) for _ in range(8)))
    yield Goal("national report from cold", cold, COLD_SECONDS, " s")
    yield Goal("national report, warm", warm, PAGE_SECONDS, " s")


def _seconds(port: int, page: Asked) -> float:
    headers = dict(line.split(": ", 1) for line in page.headers.split("\r\n"))
    started = time.perf_counter()
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    http.request("GET", page.path, headers={"Host": "127.0.0.1", **headers})
    reply = http.getresponse()
    body = reply.read()
    if reply.status != 200 or not body:
        raise RuntimeError(f"{page.path}: {reply.status}")
    return time.perf_counter() - started


def measure_results(year: int) -> None:
    """The result report of one province, of which 76 are made: a sample, since all have the same answers."""
    province = Province.objects.get(pk=Round.objects.order_by("pk")[0].province_id)
    with tempfile.TemporaryDirectory() as folder:
        cost = measure_result(province, year, Path(folder), turns=2)
    say(f"result report: {cost.ours:.2f} CPU-s a province (sample of one), 76 of them {cost.ours * 76:.0f} CPU-s")


def command(*words: str) -> Goal:
    """A command on the nation in a process of its own; met when it ends without a fault."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env={**os.environ, **NATION}, check=False)
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


def main() -> int:
    """Builds, measures, prints the goals; 1 where one is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--provinces", type=int, default=76)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--agencies", type=int, default=42, help="that answer in each province")
    parser.add_argument("--saves", type=int, default=4, help="of each question by each agency")
    asked = parser.parse_args()
    years = build(asked.provinces, asked.years, asked.agencies, asked.saves)
    one, nation = ask(ONE, years[-1]), ask(NATION, years[-1], plans=True)
    costs = list(measure_pages(one, nation))
    goals = [*page_goals(costs), *tell_scans(nation)]
    goals += measure_report(next(p for p in nation.pages if p.name == "centre: national report"))
    measure_results(years[-2] if len(years) > 1 else years[-1])
    goals += [command("journal", "verify", "--fast", "--language", "en"), command("aggregates", "rebuild", "--check")]
    for goal in goals:
        print(goal.line())
    unmet = sum(not goal.is_met for goal in goals)
    say(f"{len(goals) - unmet} of {len(goals)} goals met; built and measured with {os.cpu_count()} cores")
    return int(unmet > 0)


if __name__ == "__main__":
    sys.exit(main())
