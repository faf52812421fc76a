"""View of the first page: what waits for the person, where the year is, and what there is to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import ALL_PROVINCES, SignedInRequest, allow, province_ids_with_capability
from accounts.models import User
from accounts.roles import Capability
from survey.first_page import person_queries as person
from survey.first_page.facts import OwnAgency, RoundFacts
from survey.first_page.main_menu import MenuRound, menu_items
from survey.first_page.queries import count_rounds_by_year, is_known_by_agencies, read_round_facts, readable_rounds_of
from survey.first_page.task_texts import STEP_STATES, show_task, step_name
from survey.first_page.waiting import WaitingTask, in_order, round_tasks, set_up_tasks
from survey.first_page.year_steps import YearStep, year_steps
from survey.models import Response, Round

MAX_WORKED_ROUNDS = 6  # with tasks and the line of the year
# Places offered to a person for whom nothing waits.
READING = frozenset({"answers", "form", "brief", "score", "papers", "committee", "desk", "board"})


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the year as the page shows it."""

    step: YearStep
    name: str | Promise
    state: str | Promise


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round on the first page, with the line of its year."""

    round: Round
    facts: RoundFacts
    steps: list[StepView]

    @property
    def current(self) -> StepView | None:
        """The step the round is at; None once everything is done."""
        return next((view for view in self.steps if view.step.state == "current"), None)


@require_safe
@allow(Capability.PROFILE)
def home(request: SignedInRequest) -> HttpResponse:
    """What waits for the person over all rounds and roles. Ten queries at most."""
    own_provinces = {grant.province_id for grant in request.user.grants if grant.province_id is not None}
    # The rounds of their own provinces one by one; those of the whole country are summed up by year.
    rounds = readable_rounds_of(request.user, own_provinces)
    worked = rounds[:MAX_WORKED_ROUNDS]
    views, tasks, agencies = _read_rounds(request.user, worked)
    set_up = person.read_set_up(request.user)
    tasks = in_order([*tasks, *(task for province in set_up for task in set_up_tasks(province))])
    shown = [show_task(task) for task in tasks]
    newest = worked[0] if worked else None
    # The years that are over are a line of links; the newest keeps its steps until the next is open.
    lines = [view for view in views if view.round is newest or not view.facts.closed]
    drawn = [view.round for view in lines]
    others = [round_ for round_ in rounds if round_ not in drawn]
    context: dict[str, Any] = {
        "tasks": shown,
        "primary": shown[0] if shown else None,
        "rounds": lines,
        "other_rounds": others,
        "years": count_rounds_by_year() if _reads_nation(request.user) else [],
        "several_provinces": len({round_.province_id for round_ in worked}) > 1,
        "names": {round_.province.code: str(round_.province) for round_ in worked} | {p.code: p.name for p in set_up},
        "welcomes": [agency for agency in agencies if agency.before and agency.parts.open == agency.parts.total],
        "reading": _reading(request.user, newest, views) if not shown else [],
        "menu_round": _menu_round(newest, views),
    }
    return render(request, "survey/first_page/home.html", context)


def _reads_nation(user: User) -> bool:
    return province_ids_with_capability(user, Capability.NATION_READ) is ALL_PROVINCES


def _read_rounds(user: User, rounds: list[Round]) -> tuple[list[RoundView], list[WaitingTask], list[OwnAgency]]:
    """The rounds with their line of steps, the tasks in them, and the person's agencies."""
    if not rounds:
        return [], [], []
    now, today = timezone.now(), timezone.localdate()
    facts_of_rounds, responses, parts = read_round_facts(rounds, person.own_agency_ids(user), now)
    agencies_by_round = person.read_own_agencies(user, rounds, responses, parts)
    by_key = {round_.pk: round_ for round_ in rounds}
    views, tasks, counted = [], [], False
    for facts in facts_of_rounds:
        round_ = by_key[facts.key]
        one = person.person_in_round(user, round_, facts, agencies_by_round.get(facts.key, ()))
        if one.may_edit and facts.editable and not facts.closed and not counted:
            # Of the newest round that can be worked on; the others' are a press away.
            one = replace(one, open_points=person.count_open_points(round_, responses[facts.key, None]))
            counted = True
        views.append(RoundView(round_, facts, _step_views(facts, today)))
        tasks += round_tasks(facts, one, today)
    own = [agency for facts in facts_of_rounds for agency in agencies_by_round.get(facts.key, ())]
    return views, _with_beginning(tasks, by_key, facts_of_rounds, responses, counted), own


def _with_beginning(
    tasks: list[WaitingTask],
    rounds: dict[int, Round],
    facts_of_rounds: list[RoundFacts],
    responses: dict[tuple[int, int | None], Response],
    busy: bool,
) -> list[WaitingTask]:
    """The tasks in order, the first one of an agency with the question to begin at; the others lead to the desk.

    `busy`: the queries of this page are taken by another role of the person, and all lead to the desk.
    """
    ordered = in_order(tasks)
    found = ((n, task, task.agency) for n, task in enumerate(ordered) if task.kind == "parts" and task.agency)
    index, task, agency = next(found, (0, None, None))
    if task is None or agency is None or busy:
        return ordered
    facts = next(f for f in facts_of_rounds if (f.code, f.year) == (task.code, task.year))
    contribution = next((r for r in responses.values() if r.pk == agency.contribution), None)
    part, url = person.where_to_begin(rounds[facts.key], agency.code, contribution)
    ordered[index] = replace(task, agency=replace(agency, first_part=part, first_url=url))
    return ordered


def _step_views(facts: RoundFacts, today: date) -> list[StepView]:
    return [
        StepView(step, step_name(step.key, facts.code), STEP_STATES[step.state]) for step in year_steps(facts, today)
    ]


def _menu_round(newest: Round | None, views: list[RoundView]) -> MenuRound | None:
    """The round of the menu of this page: the newest, whose response is known here."""
    if newest is None:
        return None
    response = next((view.facts.response for view in views if view.facts.key == newest.pk), None)
    return MenuRound(
        newest.province_id,
        newest.province.code,
        newest.year,
        provincial=response,
        by_agencies=is_known_by_agencies(newest),
    )


def _reading(user: User, newest: Round | None, views: list[RoundView]) -> list[tuple[str | Promise, str]]:
    """What a person without a task may read: the places of the newest round, and the guides."""
    items = menu_items(user, _menu_round(newest, views), here="")
    reading = [(item.label, item.url) for item in items if item.key in READING]
    return [*reading, (_("คู่มือ"), reverse("survey:help"))]
