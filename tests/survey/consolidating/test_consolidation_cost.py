"""Forty-two agencies that answered every question cost a page little more than three, once it has been asked for."""

from __future__ import annotations

from secrets import token_hex

import pytest
from django.db.models import F
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.urls import reverse

from demo.content import sample_values
from survey.consolidating.overview import consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.instrument.addresses import item_id_of
from survey.instrument.path import resolve_path, resolve_question
from survey.models import Answer, Response
from tests.bench.pages import count_calls
from tests.survey.thirty import fill
from tests.trial import REAL, Trial, make_trial
from tests.trial import form as compiled_form

AGENCIES = 42
AIR = 1.25
# Calls of Python when they were counted last, on SQLite.
COUNTED = {
    ("survey:consolidate",): 6_400,
    ("survey:consolidate-item", "P4.1"): 6_500,
    ("survey:assignments",): 8_700,
}


def with_journals(trial: Trial) -> None:
    """As if the answers had been saved: a new version and head of each response."""
    for row in Response.objects.filter(round=trial.round):
        Response.objects.filter(pk=row.pk).update(version=F("version") + 1, head=token_hex(32))


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.any_database
def test_a_page_does_not_grow_with_contributions(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = make_trial(REAL)
    fill(trial.round, trial.secretariat, AGENCIES)
    with_journals(trial)
    client = Client()
    client.force_login(trial.secretariat)
    # Test runs note each template that is rendered, with a copy of all it was given; what ships does not.
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
    of_round = [trial.round.province.code, trial.round.year]
    too_dear = []
    for (name, *more), counted in COUNTED.items():
        args = of_round if name == "survey:assignments" else [trial.response.pk, *more]
        calls = count_calls(client, reverse(name, args=args))
        print(f"{name:<30}{calls:8d} of {counted * AIR:8.0f}")
        too_dear += [name] if calls > counted * AIR else []
    assert not too_dear


@pytest.mark.django_db
@pytest.mark.slow
def test_what_is_kept_is_what_would_be_read_anew() -> None:
    trial = make_trial(REAL)
    contributions = fill(trial.round, trial.secretariat, 4)
    with_journals(trial)
    response = Response.objects.select_related("round__province", "round__instrument").get(pk=trial.response.pk)
    before = read_consolidation(response)
    assert consolidation_overview(read_consolidation(response)) is consolidation_overview(before)
    # One agency saves one answer: that question is compared again, and no other contribution is read.
    changed = Answer.objects.filter(response=contributions[3]).order_by("pk")[0]
    Answer.objects.filter(pk=changed.pk).update(unsure=True, revision=2)
    Response.objects.filter(pk=contributions[3].pk).update(version=2, head="other")
    after = read_consolidation(response)
    item = changed.question.item_id
    assert [a.answer_row.revision for a in after.agency_answers[item]][-1] == 2
    anew = {q for q, some in before.agency_answers.items() if after.agency_answers[q] is not some}
    assert anew == {item}
    kept = consolidation_overview(after)
    Response.objects.filter(round=trial.round).update(head="")
    response.head = ""
    assert consolidation_overview(read_consolidation(response)) == kept


def test_a_question_alone_is_on_the_path_as_the_whole_form_says() -> None:
    form = compiled_form(REAL)
    answers, others = (sample_values(form, f"path {n}", 0.8) for n in range(2))
    path = resolve_path(form, answers)
    seen = 0
    for question in form.questions:
        own = {a: v for a, v in others.items() if form.items[item_id_of(a)].question == question.id}
        rest = {a: v for a, v in answers.items() if form.items[item_id_of(a)].question != question.id}
        whole = resolve_path(form, {**rest, **own})
        expected = {a: v for a, v in own.items() if a in whole.values} if question.id in whole.on_items else None
        assert resolve_question(path, question, own) == expected, question.id
        seen += expected is not None and expected != {}
    assert seen > 20
