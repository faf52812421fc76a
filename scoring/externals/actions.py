"""Actions on external scores: save and remove, each recorded as an event of the response."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Province, User
from scoring.engine.levels import round_score
from scoring.models import ExternalScore
from scoring.scheme.marked import OFFICIAL
from scoring.scheme.queries import get_round_scheme
from survey.answering.actions import require_editable
from survey.journal import actions as journal
from survey.models import Response


class ExternalScoreRefused(ValueError):
    """The score cannot be entered; the text says why, for programmers."""


def save_external_score(
    *,
    by: User,
    response: Response,
    sub_pillar: str,
    score: Decimal,
    source: str,
    dated: date,
    origin: str = OFFICIAL,
    method: str = "",
    department: Province | None = None,
) -> ExternalScore:
    """Saves (adds or replaces) the external score of a sub-pillar.

    `method`, `department`: how it was computed, and whose table it came from; one that a province enters has neither.
    `origin`: "assumed" for one that stands in for a result that is not there yet; it is marked wherever it is shown.
    Raises ExternalScoreRefused, and survey.answering.actions.NotEditable when answers may not change either.
    """
    _check_external_score(response, sub_pillar, score, source, dated)
    with transaction.atomic():
        locked = require_editable(journal.lock_response(response.pk))
        old = _stored_score(locked, sub_pillar)
        new = {"score": round_score(score), "source": source.strip(), "dated": dated, "origin": origin}
        new |= {"method": method.strip(), "department_id": department.pk if department else None}
        if old is not None and all(getattr(old, k) == v for k, v in new.items()):
            return old
        row, _ = ExternalScore.objects.update_or_create(
            response=locked,
            sub_pillar=sub_pillar,
            defaults={**new, "entered_by": by, "entered_at": timezone.now()},
        )
        before, after = _describe_external_score(old), _describe_external_score(row)
        _record_event(by, response, locked, "external.save", sub_pillar, before, after)
        return row


def remove_external_score(*, by: User, response: Response, sub_pillar: str) -> None:
    """Removes an external score; the event keeps what it was. Raises NotEditable."""
    with transaction.atomic():
        locked = require_editable(journal.lock_response(response.pk))
        old = _stored_score(locked, sub_pillar)
        if old is None:
            return
        before = _describe_external_score(old)
        old.delete()
        _record_event(by, response, locked, "external.remove", sub_pillar, before, {})


def _stored_score(response: Response, sub_pillar: str) -> ExternalScore | None:
    rows = ExternalScore.objects.select_related("department")
    return rows.filter(response=response, sub_pillar=sub_pillar).first()


def _check_external_score(response: Response, sub_pillar: str, score: Decimal, source: str, dated: date) -> None:
    scheme = get_round_scheme(response.round).scheme
    if not response.is_provincial:
        raise ExternalScoreRefused("only the provincial answer has outside scores")
    if sub_pillar not in scheme.externals:
        raise ExternalScoreRefused(f"{sub_pillar} is not scored from outside")
    if not score.is_finite() or not 0 <= score <= 100:
        raise ExternalScoreRefused("a score is between 0 and 100")
    if not source.strip():
        raise ExternalScoreRefused("a score needs its source")
    if dated > timezone.localdate():
        raise ExternalScoreRefused("the source is dated in the future")


def _describe_external_score(row: ExternalScore | None) -> dict[str, Any]:
    if row is None:
        return {}
    said = {"score": f"{row.score:f}", "source": row.source, "dated": row.dated.isoformat()}
    said |= {"method": row.method} if row.method else {}
    said |= {"department": row.department.code} if row.department else {}
    return said if row.origin == OFFICIAL else {**said, "origin": row.origin}


def _record_event(
    by: User,
    response: Response,
    locked: Response,
    verb: str,
    sub_pillar: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    data = {"sub_pillar": sub_pillar, "before": before, "after": after}
    event = journal.record_event(by=by, response=locked, verb=verb, data=data)
    response.version, response.head = event.seq, event.hash
