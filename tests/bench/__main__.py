"""make bench: the heaviest page and a save against the yardstick, the engine, the papers; all in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONNECTIONS = 8
ROUNDS = 8
ROUND_SECONDS = 1.5
SAVED = "P4.1"

# The product's own settings on the services' database and cache; before anything of the product is imported.
os.environ["DATABASE_URL"] = os.environ["DGREADY_TEST_DATABASE_URL"]
os.environ["REDIS_URL"] = os.environ["DGREADY_TEST_REDIS_URL"]
os.environ["DGREADY_VAR"] = tempfile.mkdtemp(prefix="dgready-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "dgready.settings"
sys.path.insert(0, str(ROOT / "scripts"))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)

from django.test import Client  # noqa: E402

from demo.content import sample_values, values_by_question  # noqa: E402
from scoring.engine.facts import ResponseFacts  # noqa: E402
from scoring.engine.score import compute_score_sheet  # noqa: E402
from scoring.scheme.registry import get_scheme_for_instrument  # noqa: E402
from survey.answering import actions as answers  # noqa: E402
from survey.answering.queries import answer_values  # noqa: E402
from survey.instrument.path import resolve_path  # noqa: E402
from survey.instrument.queries import compiled_instrument  # noqa: E402
from survey.instrument.schema import AnswerValue  # noqa: E402
from survey.models import Answer, Response  # noqa: E402
from tests.bench.cases import Case, SavedAnswer, save_requests  # noqa: E402
from tests.bench.pages import print_main_pages  # noqa: E402
from tests.bench.result_cost import measure_result  # noqa: E402
from tests.bench.serving import get, served, session_headers  # noqa: E402
from tests.trial import REAL, Trial, make_trial  # noqa: E402


@dataclass(frozen=True, slots=True)
class World:
    """Filled responses of the 2568 form, one per connection, and the session of each one's secretariat."""

    responses: list[Response]
    headers: list[str]
    number: str
    heaviest: str


def make_world() -> World:
    """Builds it, asks every page once, and says which is the heaviest."""
    trials = [make_trial(REAL) for _ in range(CONNECTIONS)]
    first = trials[0]
    for seed, trial in enumerate(trials):
        values = sample_values(trial.compiled, seed=seed, share=1.0)
        fill(trial, values)
    clients = [signed_in(trial) for trial in trials]
    base = f"/r/{first.response.pk}/fill/"
    sizes = {s.id: len(clients[0].get(f"{base}{s.id}/").content) for s in first.compiled.sections}
    heaviest = max(sizes, key=lambda s: sizes[s])
    print(f"heaviest page: {heaviest}, {sizes[heaviest] / 1000:.0f} kB before compression")
    number = next(i.id for i in first.compiled.items[SAVED].card() if i.kind == "number")
    return World([t.response for t in trials], [session_headers(c) for c in clients], number, heaviest)


def signed_in(trial: Trial) -> Client:
    """The secretariat of a trial, with a token."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(trial.secretariat, backend="accounts.backends.Backend")
    client.get(f"/r/{trial.response.pk}/fill/{trial.compiled.sections[0].id}/")
    return client


def fill(trial: Trial, values: Mapping[str, AnswerValue]) -> None:
    """Saves values through the action the page uses."""
    for question, mine in values_by_question(trial.compiled, values).items():
        row = trial.question(question)
        answers.save_answer(by=trial.secretariat, response=trial.response, question=row, value=mine, base_revision=0)


def saved_answers(world: World) -> list[SavedAnswer]:
    """The answer that each connection saves."""
    revisions = dict(Answer.objects.filter(question__item_id=SAVED).values_list("response_id", "revision"))
    return [
        SavedAnswer(r.pk, revisions[r.pk], h, world.number) for r, h in zip(world.responses, world.headers, strict=True)
    ]


def pages(world: World) -> None:
    """The table: the cases take turns, so that what else the machine does weighs on all of them alike."""
    pages = [get(f"/r/{r.pk}/fill/{world.heaviest}/", h) for r, h in zip(world.responses, world.headers, strict=True)]
    with served("tests.bench.bare:application") as bare, served("dgready.wsgi") as ours:
        cases = [
            Case("bare Django view, one SELECT", *bare, lambda n, b: get("/", ""), CONNECTIONS),
            Case(f"filling page {world.heaviest}", *ours, lambda n, b: pages[n], CONNECTIONS),
            Case("save", *ours, save_requests(SAVED, saved_answers(world)), CONNECTIONS),
        ]
        for case in cases:
            case.warm()
        for _ in range(ROUNDS):
            for case in cases:
                case.round(ROUND_SECONDS)
        rate = cases[0].line(None)
        for case in cases[1:]:
            case.line(rate)


def engine(response: Response) -> None:
    """CPU time of the scoring engine for the whole form, its path included, and for 76 provinces."""
    instrument = compiled_instrument(response.round.instrument)
    scheme = get_scheme_for_instrument(instrument).scheme
    values = answer_values(response)
    marked = frozenset(resolve_path(instrument, values).places)

    def once() -> None:
        compute_score_sheet(instrument, scheme, ResponseFacts(resolve_path(instrument, values), marked, {}))

    once()
    start = time.process_time()
    for _ in range(76):
        once()
    spent = time.process_time() - start
    print(f"engine, whole form with its path: {spent / 76 * 1000:.2f} CPU-ms; 76 provinces: {spent:.3f} s")


def paper(name: str, command: list[str]) -> None:
    """Time and peak memory of a command in a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{name} failed")
    print(f"{name}: {spent:.1f} s with start-up, peak memory {usage.ru_maxrss / 1024:.0f} MB")


def report_beside_weasyprint(response: Response) -> None:
    """CPU time of the result report, read, scored and mended, beside WeasyPrint alone on the same HTML."""
    with tempfile.TemporaryDirectory() as folder:
        cost = measure_result(response.round.province, response.round.year, Path(folder), turns=3)
    print(f"result report: {cost.ours:.2f} CPU-s, WeasyPrint alone {cost.raw:.2f}: {cost.ratio:.2f} (at most 1.5)")


def main() -> None:
    """Prints the whole table."""
    world = make_world()
    first = world.responses[0]
    pages(world)
    engine(first)
    place = ["--province", first.round.province.code, "--year", str(first.round.year), "--out"]
    with tempfile.TemporaryDirectory() as folder:
        paper("XLSX for DGA", ["export", "dga", *place, f"{folder}/x.xlsx"])
        report_beside_weasyprint(first)
        paper("PDF questionnaire with answers", ["report", "questionnaire", *place, f"{folder}/x.pdf"])
    print_main_pages()


main()
