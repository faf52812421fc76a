"""Processor time, queries and size of the main pages of every role: the sample province, and the centre's 76.

`measure` is for whoever wants the same figures of other pages or of another world.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from django.db import connection
from django.test import Client

from accounts.models import User
from demo.deletion import delete_with_dependents
from demo.national.sample import read_published_year, sample_nation
from demo.province import build_sample_province
from demo.sample_file import load_sample
from survey.models import Answer, Meeting, Response, Round

GOAL_MS: Final = 12.0
TURNS: Final = 15
WARMING: Final = 3  # the first requests of a process compile, translate and fill its caches
LIKE: Final = Path("benchmarks/2567.csv")
_CENTRE: Final = "central@dga.example.org"


@dataclass(frozen=True, slots=True)
class PageCost:
    """What one warm request of a page takes."""

    url: str
    cpu_ms: float
    queries: int
    size: int


@dataclass(frozen=True, slots=True)
class MainPage:
    """A page of somebody's main menu: whose, and where."""

    email: str
    url: str


def measure(client: Client, urls: Iterable[str], *, turns: int = TURNS) -> list[PageCost]:
    """The cost of each page, warm: the median processor time of this process over some requests.

    Raises RuntimeError for a page that is not shown.
    """
    return [_measure(client, url, turns) for url in urls]


def _measure(client: Client, url: str, turns: int) -> PageCost:
    for _turn in range(WARMING):
        size = len(get_page(client, url))
    statements: list[str] = []
    with connection.execute_wrapper(_noting(statements)):
        get_page(client, url)
    return PageCost(url, median(_cpu_ms(client, url) for _turn in range(turns)), len(statements), size)


def _cpu_ms(client: Client, url: str) -> float:
    start = time.process_time()
    get_page(client, url)
    return (time.process_time() - start) * 1000


def get_page(client: Client, url: str) -> bytes:
    """The page's bytes. Raises RuntimeError where it is not shown."""
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    return answer.content


def count_calls(client: Client, url: str) -> int:
    """How many functions of Python a warm request calls: the same on every machine, however busy."""
    for _turn in range(WARMING):
        get_page(client, url)
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        get_page(client, url)
    finally:
        sys.setprofile(before)
    return calls


def _noting(statements: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        statements.append(sql)
        return execute(sql, *more)

    return note


def sign_in(email: str) -> Client:
    """A client signed in as a person of the worlds below."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=email), backend="accounts.backends.Backend")
    return client


def pages_of_province(round_: Round) -> Iterator[MainPage]:
    """The main pages of everybody in the sample province."""
    domain, code = "nongkhai.example.org", round_.province.code
    response = Response.objects.get(round=round_, agency=None).pk
    of_round, of_province, of_response = f"/p/{code}/{round_.year}/", f"/p/{code}/", f"/r/{response}/"
    for name in ("secretariat", "admin", "health", "committee", "governor"):
        yield MainPage(f"{name}@{domain}", "/")
    yield MainPage(f"health@{domain}", f"{of_round}desk/")
    mine = (
        *("consolidate", "answers", "check", "score", "years", "whatif", "plan", "evidence", "threads"),
        *("journal", "reports"),
    )
    for url in (
        *(of_round + name for name in ("", "board/", "assignments/", "meetings/")),
        *(f"{of_response}{name}/" for name in mine),
        f"{of_response}consolidate/{_first_question(round_)}/",
        f"{of_round}meetings/{_first_meeting(round_)}/",
        f"{of_response}history/{_first_question(round_)}/",
        f"{of_province}library/",
        f"{of_province}committee/",
        "/notices/",
    ):
        yield MainPage(f"secretariat@{domain}", url)
    for name in ("journal", "rounds", "people", "agencies", "delegations", f"{round_.year}/letters"):
        yield MainPage(f"admin@{domain}", f"{of_province}{name}/")
    yield MainPage(f"governor@{domain}", f"{of_response}brief/")
    yield MainPage(_CENTRE, "/provinces/")


def _first_question(round_: Round) -> str:
    """The first question of the form that an agency answered."""
    answers = Answer.objects.filter(response__round=round_, response__agency__isnull=False)
    return str(answers.order_by("question__order").values_list("question__item_id", flat=True)[0])


def _first_meeting(round_: Round) -> int:
    """The key of the first meeting about its answer."""
    return Meeting.objects.filter(round=round_).order_by("pk")[0].pk


def pages_of_centre(year: int) -> Iterator[MainPage]:
    """The main pages of the centre."""
    nation = f"/nation/{year}/"
    for url in (
        "/",
        nation,
        f"{nation}?size=all",
        f"{nation}report/",
        *(
            f"{nation}{name}/"
            for name in ("report/1", "act", "replies", "reasons", "reasons-list", "examples", "releases")
        ),
        "/provinces/",
        "/year-files/",
        "/schemes/",
        "/results/import/",
        "/central/people/",
        "/jobs/",
        "/system/",
    ):
        yield MainPage(_CENTRE, url)


def make_province() -> Round:
    """The filled sample province, as the command `demo` makes it."""
    return build_sample_province(data=load_sample(), fresh=False, print_line=lambda line: None)


def make_nation() -> int:
    """The made-up nation in place of all rounds of its year; returns the year."""
    published = read_published_year(LIKE)
    delete_with_dependents(Round.objects.filter(year=published.form.year))
    return sample_nation(published, "1")["year"]


def print_pages(title: str, pages: Sequence[MainPage]) -> None:
    """One line for each page, and whether all reach the goal."""
    print(f"{title:<52} CPU-ms  queries     kB")
    clients = {page.email: sign_in(page.email) for page in pages}
    late = 0
    for page in pages:
        [cost] = measure(clients[page.email], [page.url])
        is_late = cost.cpu_ms > GOAL_MS
        late += is_late
        name = f"{page.email.partition('@')[0]} {page.url}"
        print(
            f"  {name:<50}{cost.cpu_ms:7.1f}{cost.queries:9d}{cost.size / 1000:7.0f}  {'NOT met' if is_late else 'met'}"
        )
    print(f"  goal: {GOAL_MS:.0f} CPU-ms: {f'NOT met by {late} of' if late else 'met by all'} {len(pages)} pages")


def print_main_pages() -> None:
    """Both tables. Last in a run: the rounds of the year are deleted on the way to the nation."""
    round_ = make_province()
    print_pages("main pages of the sample province", list(pages_of_province(round_)))
    print_pages("main pages of the centre, 76 provinces", list(pages_of_centre(make_nation())))
