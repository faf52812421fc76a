"""What a play did, counted afterwards in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from evidence.models import Attachment, Mark
from scoring.levels import cents
from scoring.queries import scoresheet
from survey.models import Answer, Assignment, Consolidation, Event, FrozenResponse, Response, Round
from survey.parts import ANSWERING


def report(round_: Round) -> dict[str, Any]:
    """Counts of a round: parts and responses by state, answers, evidence, decisions, score, hash, events."""
    responses = Response.objects.filter(round=round_)
    attached = Attachment.objects.filter(response__round=round_, removed_at=None)
    provincial = responses.get(agency=None)
    provincial.round = round_
    sheet = scoresheet(provincial)
    frozen = FrozenResponse.objects.filter(response=provincial, voided_at=None).first()
    return {
        "parts": _by_state(Assignment.objects.filter(round=round_, role__in=ANSWERING), Assignment.State.values),
        "responses": _by_state(responses, Response.State.values),
        "contributions": responses.exclude(agency=None).count(),
        "answers": Answer.objects.filter(response__round=round_).count(),
        "evidence": {
            "files": attached.exclude(file=None).values("file").distinct().count(),
            "attachments": attached.count(),
            "marks": Mark.objects.filter(attachment__in=attached).count(),
        },
        "consolidated": Consolidation.objects.filter(response=provincial).count(),
        # JSON has no decimals: the shortest text of this float is the two places themselves.
        "score": {"total": None if sheet.total is None else float(cents(sheet.total)), "level": sheet.level},
        "frozen_hash": frozen.sha256 if frozen else None,
        "events": Event.objects.filter(response__round=round_).count(),
    }


def _by_state(rows: QuerySet[Any], states: list[str]) -> dict[str, int]:
    found = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: found.get(state, 0) for state in states}
