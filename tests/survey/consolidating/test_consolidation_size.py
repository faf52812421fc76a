"""Thirty agencies × all questions: at most 10 queries and 100 kB, and no more for thirty than for three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from survey.consolidating.actions import save_consolidation
from survey.consolidating.merge_choices import take_contribution
from survey.consolidating.merge_decision import make_decision
from survey.consolidating.queries import read_consolidation
from survey.models import Answer
from tests.survey.thirty import AGENCIES, fill
from tests.trial import REAL, Trial, make_trial

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUERIES, BYTES = 10, 100_000


def everything_decided_and_changed(trial: Trial) -> None:
    """Every question taken from its first agency; then every agency changes its answer."""
    book = read_consolidation(trial.response)
    for question, some in book.agency_answers.items():
        comparison = book.compare(question)
        decision = make_decision(book, comparison, take_contribution(comparison, comparison.keys[0]))
        seen = {p.contribution: p.answer_row.revision for p in some}
        save_consolidation(by=trial.secretariat, response=trial.response, decision=decision, base_revision=0, seen=seen)
    Answer.objects.filter(response__agency__isnull=False).update(revision=2)


def asked(trial: Trial, name: str, *args: object) -> tuple[int, int]:
    """Queries and bytes of a page that has been asked for once before."""
    client = Client()
    client.force_login(trial.secretariat)
    url = reverse(name, args=[trial.response.pk, *args])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(found), len(answer.content)


def test_the_overview_of_thirty_agencies() -> None:
    trial = make_trial(REAL)
    fill(trial.round, trial.secretariat)
    queries, size = asked(trial, "survey:consolidate")
    assert queries <= QUERIES
    assert size <= BYTES
    everything_decided_and_changed(trial)
    queries, size = asked(trial, "survey:consolidate")
    assert queries <= QUERIES
    assert size <= BYTES


def test_no_more_queries_for_thirty_than_for_three() -> None:
    counts = []
    for number in (3, AGENCIES):
        trial = make_trial(REAL)
        fill(trial.round, trial.secretariat, number)
        counts.append([asked(trial, "survey:consolidate")[0], asked(trial, "survey:consolidate-item", "P1.1")[0]])
    assert counts[0] == counts[1]
    assert counts[1][1] <= QUERIES + 5
