"""Reviewer and coordinator at the same moment: nothing is judged unseen, nothing waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from evidence.attaching import actions as attaching
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, Verdict
from evidence.reviewing import actions
from survey.answering.actions import NotEditable
from survey.models import Event
from survey.workflow.refusal import TransitionRefused
from tests.evidence.conftest import build
from tests.evidence.reviewing.conftest import REASON, Review, hand_in
from tests.proven import codes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 6
EXPECTED = (EvidenceRefused, NotEditable, TransitionRefused)


@pytest.fixture
def review(transactional_db: None) -> Review:
    """Evidence handed in, in the database for good."""
    return hand_in(build())


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Runs the acts in threads of their own; what they raised that they may not."""
    ready, faults = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except EXPECTED:
            pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return faults


def test_a_verdict_while_marks_change(review: Review) -> None:
    own = review.world.attach("E1b")
    for number in range(ROUNDS):
        row = Attachment.objects.select_related("file", "question", "response__round").get(pk=own.pk)
        seen, quote = actions.fingerprint(row), f"ข้อความ {number}"
        faults = at_once(
            lambda row=row, seen=seen: actions.judge_attachment(  # type: ignore[misc]
                by=review.reviewer, attachment=row, verdict=Verdict.INSUFFICIENT, reason=REASON, seen=seen
            ),
            lambda quote=quote: review.world.mark(review.fresh(own), quote=quote),  # type: ignore[misc]
        )
        assert faults == []
        # Judged before the change and taken off by it, or refused after it; never judged unseen.
        assert review.fresh(own).verdict == Verdict.NONE
    assert codes() == []


def test_a_verdict_while_the_part_is_withdrawn_and_the_answer_adopts(review: Review) -> None:
    for _number in range(ROUNDS):
        row = Attachment.objects.select_related("response__round").get(pk=review.agency_file.pk)
        faults = at_once(
            lambda row=row: actions.judge_attachment(  # type: ignore[misc]
                by=review.reviewer, attachment=row, verdict=Verdict.OUT_OF_DATE, reason=REASON
            ),
            review.adopt,
            lambda: review.move("withdraw", review.world.coordinator),
        )
        assert faults == []
        if review.part().state == "open":
            attaching.save_mark(
                by=review.world.coordinator, attachment=review.fresh(), pages="1", quote=f"ข้อความ {_number}"
            )
            assert review.fresh().verdict == Verdict.NONE
            review.move("submit", review.world.coordinator, evidence_reasons={"E1": "รอเอกสาร"})
    assert Event.objects.filter(verb="evidence.judge").exists()
    assert codes() == []
