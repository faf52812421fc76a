"""Kept figures equal a count, are counted again when something changed, and never by every save."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from nation.figures.actions import count_year, find_differences
from nation.figures.queries import outdated_answers, read_basis
from nation.models import ProvinceFigures
from scoring.engine.queries import score_response
from tests.flow import Flow, make_flow
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


def waiting(year: int, rest: timedelta = timedelta(0)) -> int:
    return len(outdated_answers(year, read_basis(year), timezone.now() - rest))


def test_figures_say_what_the_answer_says(flow: Flow) -> None:
    assert count_year(flow.round.year).counted == 1
    kept = ProvinceFigures.objects.get(response=flow.response)
    sheet = score_response(flow.response).sheet
    assert kept.total == sheet.total.quantize(kept.total)
    assert kept.low <= kept.total <= kept.high
    assert kept.level == sheet.level
    assert set(kept.scores["sub_pillars"]) == {sub.code for sub in sheet.sub_pillars}
    assert find_differences(flow.round.year) == []


def test_a_changed_answer_is_counted_once_it_has_rested(flow: Flow) -> None:
    year = flow.round.year
    count_year(year)
    assert waiting(year) == 0
    flow.save("T1", {"T1": "no"})
    assert waiting(year, rest=timedelta(minutes=10)) == 0
    assert waiting(year) == 1
    assert count_year(year).counted == 1
    assert ProvinceFigures.objects.get().version == type(flow.response).objects.get(pk=flow.response.pk).version


def test_a_wrong_figure_is_found_and_mended(flow: Flow) -> None:
    year = flow.round.year
    count_year(year)
    ProvinceFigures.objects.update(open_points=4711)
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("aggregates", "rebuild", "--check", "--format", "json", stdout=told)
    assert json.loads(told.getvalue())[0]["differences"] == [
        {"province": flow.round.province.code, "year": year, "figure": "open_points"}
    ]
    call_command("aggregates", "rebuild", stdout=StringIO())
    call_command("aggregates", "rebuild", "--check", stdout=StringIO())
