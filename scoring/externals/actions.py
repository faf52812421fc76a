"""Entering scores that come from outside, each with its source and date; journalled like answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scoring.engine.levels import cents
from scoring.models import ExternalScore
from scoring.scheme.queries import scheme_of
from survey.answering.actions import editable
from survey.journal import actions as journal
from survey.models import Response


class Refused(ValueError):
    """The score cannot be entered; the text says why, for programmers."""


def save(*, by: User, response: Response, sub_pillar: str, score: Decimal, source: str, dated: date) -> ExternalScore:
    """Enters or replaces the outside score of a sub-pillar.

    Raises Refused, and survey.answering.actions.NotEditable when answers may not change either.
    """
    _check(response, sub_pillar, score, source, dated)
    with transaction.atomic():
        locked = editable(journal.lock(response.pk))
        old = ExternalScore.objects.filter(response=locked, sub_pillar=sub_pillar).first()
        new = {"score": cents(score), "source": source.strip(), "dated": dated}
        if old is not None and all(getattr(old, k) == v for k, v in new.items()):
            return old
        row, _ = ExternalScore.objects.update_or_create(
            response=locked,
            sub_pillar=sub_pillar,
            defaults={**new, "entered_by": by, "entered_at": timezone.now()},
        )
        _record(by, response, locked, "external.save", sub_pillar, _state(old), _state(row))
        return row


def remove(*, by: User, response: Response, sub_pillar: str) -> None:
    """Takes an outside score out again; the journal keeps it. Raises NotEditable."""
    with transaction.atomic():
        locked = editable(journal.lock(response.pk))
        old = ExternalScore.objects.filter(response=locked, sub_pillar=sub_pillar).first()
        if old is None:
            return
        before = _state(old)
        old.delete()
        _record(by, response, locked, "external.remove", sub_pillar, before, {})


def _check(response: Response, sub_pillar: str, score: Decimal, source: str, dated: date) -> None:
    scheme = scheme_of(response.round).scheme
    if not response.is_provincial:
        raise Refused("only the provincial answer has outside scores")
    if sub_pillar not in scheme.externals:
        raise Refused(f"{sub_pillar} is not scored from outside")
    if not score.is_finite() or not 0 <= score <= 100:
        raise Refused("a score is between 0 and 100")
    if not source.strip():
        raise Refused("a score needs its source")
    if dated > timezone.localdate():
        raise Refused("the source is dated in the future")


def _state(row: ExternalScore | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"score": f"{row.score:f}", "source": row.source, "dated": row.dated.isoformat()}


def _record(
    by: User,
    response: Response,
    locked: Response,
    verb: str,
    sub_pillar: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    data = {"sub_pillar": sub_pillar, "before": before, "after": after}
    event = journal.record(by=by, response=locked, verb=verb, data=data)
    response.version, response.head = event.seq, event.hash
