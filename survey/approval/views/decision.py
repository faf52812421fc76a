"""What a governor decides by, as the brief and the approval page show it: guards, remarks, changes, open points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dgready.language import reader_language
from survey.approval.changes import AnswerChanges
from survey.approval.return_loop import read_return_loop
from survey.approval.review_events import ReviewEvents
from survey.approval.views.open_points import groups_by_kind, stated_groups
from survey.instrument.queries import compiled_instrument
from survey.models import Response

SHOWN_QUESTIONS = 20  # changed questions shown before the page of all changes
OPEN_GROUPS = 6  # groups of open points that stand unfolded


def decision_context(response: Response, events: ReviewEvents) -> dict[str, Any]:
    """The context of a response that is before the governor. At most two queries."""
    submission = next((e for e in events.steps if e.verb == "response.submit"), None)
    language = reader_language()
    groups = stated_groups(compiled_instrument(response.round.instrument), response.open_points)
    loop = read_return_loop(response, events, language) if response.state == Response.State.SUBMITTED else None
    return {
        "submission": submission,
        "guards": guard_rows(submission.data.get("guards", []) if submission else []),
        "loop": loop,
        "changed": shown_changes(loop.changes) if loop else None,
        "stated": groups_by_kind(groups),
        "stated_open": len(groups) <= OPEN_GROUPS,
        "stated_count": len(response.open_points),
    }


def guard_rows(guards: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How the round's guards stood at a submission: those that failed first, with the reason that overrides them."""
    language = reader_language()
    rows = [
        {
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
