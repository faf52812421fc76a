"""make bench-nation: builds one province's years and a nation of them, and prints what each costs, in one run."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

FOLDER = Path(tempfile.mkdtemp(prefix="dgready-nation-"))
SERVER = os.environ["DGREADY_TEST_DATABASE_URL"].rpartition("/")[0]
REDIS = os.environ["DGREADY_TEST_REDIS_URL"].rpartition("/")[0]
ONE = {"DATABASE_URL": f"{SERVER}/one", "REDIS_URL": f"{REDIS}/1"}
NATION = {"DATABASE_URL": f"{SERVER}/nation", "REDIS_URL": f"{REDIS}/2"}


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

from nation.figures.actions import count_year  # noqa: E402
from survey.models import Answer, Event, Response, Round  # noqa: E402
from tests.bench.nation.asking import ask  # noqa: E402
from tests.bench.nation.forms import publish_years  # noqa: E402
from tests.bench.nation.goals import page_goals  # noqa: E402
from tests.bench.nation.growing import grow_provinces  # noqa: E402
from tests.bench.nation.measuring import (  # noqa: E402
    command,
    measure_pages,
    measure_report,
    measure_results,
    tell_scans,
)
from tests.bench.nation.seed import play_years  # noqa: E402

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
    run_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'one'")
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


def main() -> int:
    """Builds, measures, prints the goals; 1 where one is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--provinces", type=int, default=76)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--agencies", type=int, default=46, help="that answer in each province")
    parser.add_argument("--saves", type=int, default=4, help="of each question by each agency")
    asked = parser.parse_args()
    years = build(asked.provinces, asked.years, asked.agencies, asked.saves)
    one, nation = ask(ONE, years[-1]), ask(NATION, years[-1], plans=True)
    costs = list(measure_pages(one, nation, (ONE, NATION)))
    goals = [*page_goals(costs), *tell_scans(nation)]
    goals += measure_report(next(p for p in nation.pages if p.name == "centre: national report"), NATION)
    measure_results(years[-2] if len(years) > 1 else years[-1], say)
    goals.append(command(say, "journal", "verify", "--fast", "--language", "en"))
    goals.append(command(say, "aggregates", "rebuild", "--check"))
    for goal in goals:
        print(goal.line())
    unmet = sum(not goal.is_met for goal in goals)
    say(f"{len(goals) - unmet} of {len(goals)} goals met; built and measured with {os.cpu_count()} cores")
    return int(unmet > 0)


if __name__ == "__main__":
    sys.exit(main())
