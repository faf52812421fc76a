"""Dropping a scenario or an action plan is undone where it was done."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import ActionPlan, PlannedAction, Scenario
from scoring.planning import queries as planning
from scoring.planning.actions import scenarios as actions
from scoring.planning.what_if.changes import ScenarioChanges
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def office(real: Trial, client: Client) -> Client:
    client.force_login(real.secretariat)
    return client


def scenario(real: Trial, name: str = "ก") -> Scenario:
    return actions.save_scenario(by=real.secretariat, response=real.response, name=name, changes=ScenarioChanges())


def press(client: Client, url: str) -> str:
    return client.post(url, follow=True).content.decode()


def undo_url(page: str) -> str:
    found = re.search(r'<div class="undo" role="status">.*?action="([^"]+)"', page, re.S)
    assert found
    return found[1]


def test_a_dropped_scenario_comes_back(real: Trial, office: Client) -> None:
    row = scenario(real)
    page = press(office, reverse("scoring:scenario-drop", args=[real.response.pk, row.pk]))
    assert "ลบชุดคำตอบทดลองแล้ว: ก" in page
    assert planning.list_scenarios(real.response) == []
    page = press(office, undo_url(page))
    assert "นำชุดคำตอบทดลองกลับมาแล้ว: ก" in page
    assert [s.pk for s in planning.list_scenarios(real.response)] == [row.pk]
    assert (
        'class="undo"'
        not in office.get(reverse("scoring:whatif", args=[real.response.pk]) + f"?dropped={row.pk}").content.decode()
    )


def test_a_name_given_again_meanwhile_gets_a_number(real: Trial) -> None:
    for _time in range(2):
        actions.drop_scenario(by=real.secretariat, scenario=scenario(real))
    scenario(real)
    for row in Scenario.objects.exclude(dropped_at=None):
        actions.restore_scenario(by=real.secretariat, scenario=row)
    assert sorted(s.name for s in planning.list_scenarios(real.response)) == ["ก", "ก (2)", "ก (3)"]


def test_as_many_as_may_be_are_kept(real: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_SCENARIOS", 2)
    dropped = [scenario(real, name) for name in "กขค"[:2]]
    for row in dropped:
        actions.drop_scenario(by=real.secretariat, scenario=row)
    third = scenario(real, "ค")
    actions.drop_scenario(by=real.secretariat, scenario=third)
    assert set(Scenario.objects.values_list("pk", flat=True)) == {dropped[1].pk, third.pk}
    scenario(real, "ง")
    scenario(real, "จ")
    with pytest.raises(actions.TooManyScenarios):
        actions.restore_scenario(by=real.secretariat, scenario=third)


def test_a_dropped_plan_comes_back_with_its_actions(real: Trial, office: Client) -> None:
    made = {"before": {"total": None}, "result": {"total": None}, "effort": 1}
    more = {"made": made, "made_by": real.secretariat, "made_at": timezone.now()}
    plan = ActionPlan.objects.create(response=real.response, name="แผนหนึ่ง", **more)
    text = {"th": "x", "en": "x"}
    action = {"criterion": "x", "pieces": [], "changes": {"values": {}}, "name": text, "text": text}
    PlannedAction.objects.create(
        plan=plan,
        order=1,
        criterion="x",
        sub_pillar="1.1",
        made={**action, "criterion_points": {"after": "1.00"}},
        effort=1,
        gain=1,
        owner="นายช่าง",
        state=PlannedAction.State.DOING,
    )
    page = press(office, reverse("scoring:plan-drop", args=[real.response.pk, plan.pk]))
    assert "ลบแผนแล้ว: แผนหนึ่ง" in page
    follow = reverse("scoring:plan-follow", args=[real.response.pk, plan.pk])
    assert office.get(follow).status_code == 404
    assert planning.list_action_plans(real.response) == []
    page = press(office, undo_url(page))
    assert "นำแผนกลับมาแล้ว" in page
    assert "นายช่าง" in office.get(follow).content.decode()
    assert office.post(reverse("scoring:plan-restore", args=[real.response.pk, plan.pk])).status_code == 404
