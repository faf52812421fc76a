"""The summary of a simulated year, counted in the database."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Count, QuerySet

from evidence.models import Attachment, Mark
from scoring.engine.levels import round_score
from scoring.engine.queries import get_score_sheet
from survey.assigning.queries import ANSWERING_ROLES
from survey.models import Answer, Assignment, Comment, Consolidation, Event, FrozenResponse, Notice, Response, Round


def summarize_round(round_: Round) -> dict[str, Any]:
    """Counts of a round: parts and responses by state, answers, evidence, decisions, score, hash, events."""
    responses = Response.objects.filter(round=round_)
    attached = Attachment.objects.filter(response__round=round_, removed_at=None)
    provincial = responses.get(agency=None)
    provincial.round = round_
    sheet = get_score_sheet(provincial)
    frozen = FrozenResponse.objects.filter(response=provincial, voided_at=None).first()
    events = Event.objects.filter(response__round=round_)
    threads = Comment.objects.filter(response__round=round_, parent=None)
    return {
        "parts": _count_by_state(
            Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES), Assignment.State.values
        ),
        "responses": _count_by_state(responses, Response.State.values),
        "contributions": responses.exclude(agency=None).count(),
        "answers": Answer.objects.filter(response__round=round_).count(),
        "evidence": {
            "files": attached.exclude(file=None).values("file").distinct().count(),
            "attachments": attached.count(),
            "marks": Mark.objects.filter(attachment__in=attached).count(),
        },
        "consolidated": Consolidation.objects.filter(response=provincial).count(),
        # JSON has no decimals: the shortest text of this float is the two places themselves.
        "score": {"total": None if sheet.total is None else float(round_score(sheet.total)), "level": sheet.level},
        "frozen_hash": frozen.sha256 if frozen else None,
        "approved_by": _approver_role(frozen) if frozen else None,
        "threads": {
            "started": threads.count(),
            "demanding": threads.filter(must_answer=True).count(),
            "replies": Comment.objects.filter(response__round=round_).exclude(parent=None).count(),
            "open": threads.filter(resolved_at=None).count(),
        },
        "notices": Notice.objects.filter(round=round_).count(),
        "actions": dict(events.order_by("verb").values_list("verb").annotate(number=Count("pk"))),
        "events": events.count(),
    }


def _approver_role(frozen: FrozenResponse) -> str:
    """Whether the governor approved or somebody in the governor's place."""
    return "delegate" if json.loads(frozen.content)["approved"]["delegation"] else "governor"


def _count_by_state(rows: QuerySet[Any], states: list[str]) -> dict[str, int]:
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counts.get(state, 0) for state in states}
