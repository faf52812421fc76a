"""A KPI that cannot be told says so wherever it is shown: pages and the command; never nought, never a dash."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from survey.answering import actions as answers
from tests.factories import ProvinceFactory
from tests.trial import REAL, Trial, make_trial

SAID = "ยังบอกไม่ได้: ยังไม่ได้กรอกผลของปี 2566–2567"


@pytest.fixture
def unknown(db: None) -> Trial:
    """A province of group 1 without any earlier result."""
    trial = make_trial(REAL, ProvinceFactory(code="TH-12"))
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question("P1.3"),
        value={"P1.3": "doing"},
        base_revision=0,
    )
    return trial


@pytest.mark.parametrize("name", ["scoring:score", "survey:brief"])
def test_pages_say_why_and_who_can_help(client: Client, unknown: Trial, name: str) -> None:
    client.force_login(unknown.secretariat)
    page = client.get(reverse(name, args=[unknown.response.pk])).content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert SAID in said
    assert "ปี 2566, 2567" in said
    assert "จาก 10 คะแนน" not in said
    assert "None" not in said


def test_what_if_says_it(client: Client, unknown: Trial) -> None:
    client.force_login(unknown.secretariat)
    page = client.post(reverse("scoring:whatif", args=[unknown.response.pk]), {"P1.4": "done"}).content.decode()
    assert SAID in page


def test_the_command_says_it(capsys: Any, unknown: Trial) -> None:
    call_command("score", "kpi", "--province", "TH-12", "--year", "2568")
    said = capsys.readouterr().out
    assert "cannot be told: no result of 2566–2567 entered" in said
    assert "None" not in said
