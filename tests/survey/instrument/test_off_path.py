"""Why a question is not asked: it waits for an answer, or an answer decided it; and progress of nothing."""

import pytest
from django.test import Client

from survey.instrument.off_path import off_path_reason, off_path_state
from survey.instrument.path import resolve_path
from survey.instrument.progress import Progress
from survey.instrument.schema import CompiledInstrument
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def trial(db: None) -> Trial:
    return make_trial()


def waiting(form: CompiledInstrument, question: str, values: dict[str, str | list[str]]) -> list[str] | None:
    """The items that a question waits for; None when it is asked."""
    path = resolve_path(form, values)
    reason = off_path_reason(path, form.items[question])
    return None if reason is None else [item.id for item in off_path_state(path, reason).waiting]


def test_it_waits_as_long_as_the_deciding_question_is_not_answered(trial: Trial) -> None:
    form = trial.compiled
    assert waiting(form, "T3", {}) == ["T2"]
    assert waiting(form, "T3", {"T2": ["evening"]}) == []
    assert waiting(form, "T3", {"T2": ["evening", "weekend"]}) is None


def test_it_does_not_wait_for_what_will_not_be_asked(trial: Trial) -> None:
    # T1 = none skips T2, so that T3 (after T2) waits for nothing: T1 decided.
    assert waiting(trial.compiled, "T3", {"T1": "none"}) == []


def test_a_condition_on_the_number_of_rows(trial: Trial) -> None:
    assert waiting(trial.compiled, "T7", {}) == ["T6"]
    assert waiting(trial.compiled, "T7", {"T6": ["r1"]}) == []


def test_every_question_off_the_path_has_a_reason(db: None) -> None:
    form = make_trial(REAL).compiled
    path = resolve_path(form, {})
    for question in form.questions:
        reason = off_path_reason(path, question)
        if reason is not None:
            assert off_path_state(path, reason).waiting, question.id  # nothing is answered, so nothing is decided


def test_the_card_says_which_answer_it_waits_for(trial: Trial, client: Client) -> None:
    client.force_login(trial.secretariat)
    place = f"/r/{trial.response.pk}/fill/1.1/"
    text = client.get(place).content.decode()
    assert "รอคำตอบข้อ" in text
    client.post(f"/r/{trial.response.pk}/answer/T2/", {"_revision": "0", "T2": "evening"})
    text = client.get(place).content.decode()
    assert "รอคำตอบข้อ" not in text
    assert "ไม่ต้องตอบข้อนี้" in text


def test_nothing_of_nothing_is_no_full_bar() -> None:
    nothing = Progress()
    assert (nothing.percent, nothing.done_width, nothing.unproven_width, nothing.done) == (0, 0, 0, False)


def test_answered_without_proof_is_not_full() -> None:
    unproven = Progress(total=4, answered=4, evidence=4, missing_evidence=4)
    assert (unproven.done_width, unproven.unproven_width, unproven.done) == (50, 50, False)
    nearly = Progress(total=400, answered=400, evidence=100, missing_evidence=1)
    assert nearly.unproven_width >= 1
    assert nearly.done_width + nearly.unproven_width <= 100
    proven = Progress(total=4, answered=4, evidence=4)
    assert (proven.done_width, proven.unproven_width, proven.done) == (100, 0, True)
    empty = Progress(total=4)
    assert (empty.done_width, empty.unproven_width) == (0, 0)
