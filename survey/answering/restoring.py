"""Earlier states of an answer, read from the journal: to put one back, and to offer that in the history."""

from __future__ import annotations

from collections.abc import Sequence

from survey.answering.earlier_answer import answer_before
from survey.instrument.schema import AnswerValue
from survey.journal.queries import ANSWER_VERBS, count_answer_changes, newest_answer_changes
from survey.models import Answer, Event, Question, Response

MAX_STEPS_BACK = 1000  # changes that are read to rebuild an earlier state


def answer_at_revision(
    response: Response, question: Question, answer: Answer, revision: int
) -> dict[str, AnswerValue] | None:
    """The values of an answer at an earlier revision, with its unsure mark (three_way.UNSURE). One query.

    None where there is no such revision, or where it cannot be rebuilt.
    """
    steps = answer.revision - revision
    if not 0 <= steps <= MAX_STEPS_BACK:
        return None
    changes = newest_answer_changes(response, question, steps) if steps else []
    return answer_before(answer, changes, revision)


def revisions_of_events(response: Response, question: Question, events: Sequence[Event]) -> dict[int, int]:
    """The revision that each change of the answer among these events made, by the event's number.

    `events`: neighbours in the question's history, newest first. One query.
    """
    changes = [event.seq for event in events if event.verb.startswith(ANSWER_VERBS)]
    if not changes:
        return {}
    newest = count_answer_changes(response, question, changes[0])
    return {seq: newest - index for index, seq in enumerate(changes)}
