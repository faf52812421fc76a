"""A save and an act that wait for the lock while the round moves to another version of its form."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.urls import reverse

from evidence.attaching.actions.attach import attach_evidence
from survey.answering.opening import ensure_response
from survey.journal.actions import FormMoved
from survey.models import Answer, Response
from tests.evidence.conftest import pdf, upload
from tests.people import make_people
from tests.scoring.moving.conftest import Moving, codes, make_moving
from tests.test_matrix import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WAIT_SECONDS = 0.7  # in which the other thread reaches the lock


@pytest.fixture
def moving(transactional_db: None) -> Moving:
    return make_moving(make_people())


def during_move(moving: Moving, act: Callable[[], object]) -> object:
    """Begins an act once the move holds its locks; what it gave after the move was committed, or what it raised."""
    locked, given = threading.Event(), []

    def move() -> None:
        try:
            with transaction.atomic():
                moving.move()
                locked.set()
                time.sleep(WAIT_SECONDS)
        finally:
            locked.set()
            connections.close_all()

    def run() -> None:
        locked.wait()
        try:
            given.append(act())
        except FormMoved as error:
            given.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for one in (move, run)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert moving.round.instrument == moving.target
    return given[0]


def test_a_save_that_waited_is_stored_at_the_new_question(moving: Moving) -> None:
    client, response = signed_in(moving.world.secretariat), moving.world.flow.response
    url = reverse("survey:answer", args=[response.pk, "T8"])
    client.get(reverse("survey:fill", args=[response.pk, "2.1"]))  # this process has read the old state
    reply = during_move(moving, lambda: client.post(url, {"T8": "yes", "_revision": "1"}))
    assert reply.status_code in (200, 302, 303)  # type: ignore[attr-defined]
    answer = Answer.objects.get(response=response, question__item_id="T8")
    assert (answer.value["T8"], answer.question.instrument) == ("yes", moving.target)
    assert codes() == []


def test_evidence_that_waited_is_not_put_at_the_old_question(moving: Moving) -> None:
    flow = moving.world.flow
    question = flow.question("T1")

    def attach() -> object:
        return attach_evidence(
            by=flow.secretariat,
            response=Response.objects.select_related("round__instrument").get(pk=flow.response.pk),
            question=question,
            address="T1=done",
            upload=upload(pdf("แผน")),
        )

    given = during_move(moving, attach)
    assert isinstance(given, FormMoved) or given.attachment.question.instrument == moving.target  # type: ignore[attr-defined]
    assert codes() == []


def test_a_contribution_begun_meanwhile_counts_the_move(moving: Moving) -> None:
    agency = moving.world.people.a2
    before = moving.round
    made = during_move(moving, lambda: ensure_response(by=None, round_=before, agency=agency))
    assert Response.objects.get(pk=made.pk).form_moves == moving.round.form_moves  # type: ignore[attr-defined]
    assert codes() == []
