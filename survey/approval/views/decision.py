"""What a governor decides by, as the brief and the approval page show it: guards, remarks, changes, open points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dgready.language import reader_language
from survey.approval.changes import AnswerChanges
from survey.approval.return_loop import read_return_loop
from survey.approval.views.open_points import stated_groups
from survey.instrument.queries import compiled_instrument
from survey.models import Event, Response, SubmissionGuard

SHOWN_QUESTIONS = 20  # changed questions shown before the page of all changes


def decision_context(response: Response, steps: Iterable[Event]) -> dict[str, Any]:
    """The context of a response that is before the governor. At most three queries.

    `steps`: its transition events, newest first.
    """
    taken = list(steps)
    submission = next((e for e in taken if e.verb == "response.submit"), None)
    language = reader_language()
    loop = read_return_loop(response, taken, language) if response.state == Response.State.SUBMITTED else None
    return {
        "submission": submission,
        "guards": submitted_guards(submission),
        "loop": loop,
        "changed": shown_changes(loop.changes) if loop else None,
        "stated": stated_groups(compiled_instrument(response.round.instrument), response.open_points),
        "stated_count": len(response.open_points),
    }


def submitted_guards(submission: Event | None) -> list[dict[str, Any]]:
    """How the round's guards stood at a submission: those that failed first, with the reason that overrides them."""
    language = reader_language()
    guards = submission.data.get("guards", []) if submission else []
    rows = [
        {
            "label": SubmissionGuard(g["guard"]).label if g["guard"] in SubmissionGuard.values else g["guard"],
            "text": g["say"].get(language) or g["say"]["th"],
            "lines": [line.get(language) or line["th"] for line in g["lines"]],
            "on": g["on"],
            "holds": g["holds"],
            "reason": g["reason"],
        }
        for g in guards
    ]
    return sorted(rows, key=lambda row: bool(row["holds"]))


def shown_changes(changes: AnswerChanges) -> dict[str, Any]:
    """The first changed questions, and how many more the page of all changes has."""
    return {
        "questions": changes.questions[:SHOWN_QUESTIONS],
        "externals": changes.externals,
        "count": len(changes.questions) + len(changes.externals),
        "more": max(len(changes.questions) - SHOWN_QUESTIONS, 0),
    }
