"""The real form of the year, from its first version to its second: every answer stays, or is named and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.roles import Role
from scoring.engine.queries import score_response
from scoring.moving.actions import move_round
from scoring.moving.preview import preview_move
from survey.answering import actions as answers
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Event, Response, Round
from tests.scoring.moving.conftest import codes
from tests.scoring.worlds import fill
from tests.trial import REAL, make_trial, publish

FIRST = Path(str(REAL).replace(".v2.yaml", ".yaml"))
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


def test_a_filled_answer_moves_to_the_second_version() -> None:
    trial = make_trial(FIRST)
    values: dict[str, AnswerValue] = {}
    for section in trial.compiled.sections:
        for item in section.items:
            fill(item, "", values)
    by_question: dict[str, dict[str, AnswerValue]] = {}
    for address, value in values.items():
        item = trial.compiled.items[address.partition("#")[0].partition("/")[0]]
        by_question.setdefault(item.question or item.id, {})[address] = value
    for item_id, some in by_question.items():
        question = trial.question(item_id)
        answers.save_answer(
            by=trial.secretariat, response=trial.response, question=question, value=some, base_revision=0
        )
    second, round_ = publish(REAL), Round.objects.select_related("instrument", "province").get(pk=trial.round.pk)
    preview = preview_move(round_, second)
    move_round(by=trial.user(Role.PROVINCE_ADMIN), round_=round_, target=second)
    stored = {a: v for value in Answer.objects.values_list("value", flat=True) for a, v in value.items()}
    moved = Event.objects.filter(verb="answer.move").values_list("data", flat=True)
    left = {a: v for data in moved for a, v in data["before"].items()}
    assert {a: v for a, v in values.items() if stored.get(a, left.get(a)) != v} == {}
    response = Response.objects.select_related("round__instrument", "round__province").get(pk=trial.response.pk)
    assert preview.score is not None
    assert score_response(response).sheet.total == preview.score.total_after
    assert preview.provincial.kept + len(preview.provincial.aside) == len(values)
    assert codes() == []
