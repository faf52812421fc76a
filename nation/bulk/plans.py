"""What an act would do, from the database as it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from nation.bulk.importing import plan_import, unpack_lists
from nation.bulk.planning import (
    StepPlan,
    plan_close,
    plan_closes,
    plan_message,
    plan_open,
    plan_remind,
)
from nation.bulk.queries import DONE_STATES, REMINDED_ROLES, form_to_open, read_standings
from nation.bulk.scores import make_score_plans
from nation.models import BulkAct

Kind = BulkAct.Kind


def make_plans(
    kind: str, year: int, codes: Collection[str], params: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]
) -> list[StepPlan]:
    """The plans of the provinces with these codes. `given`: of an import or a table the rows as stored.

    Four queries at most, whatever the number of provinces.
    """
    now = timezone.now()
    if kind == Kind.IMPORT:
        return plan_import({code: unpack_lists(given[code]) for code in codes})
    if kind == Kind.SCORES:
        return make_score_plans(year, given, params)
    if kind == Kind.REMIND:
        return plan_remind(read_standings(year, codes, REMINDED_ROLES), DONE_STATES, now)
    if kind == Kind.MESSAGE:
        return plan_message(read_standings(year, codes, params["roles"]))
    standings = read_standings(year, codes)
    if kind == Kind.OPEN:
        return plan_open(standings, opening_facts(year, params["dates"]))
    if kind == Kind.CLOSES:
        closes_at = datetime.fromisoformat(params["closes_at"])
        return plan_closes(standings, closes_at, now, reason=params["reason"])
    return plan_close(standings, now)


def opening_facts(year: int, dates: Mapping[str, str]) -> dict[str, Any] | None:
    """What a round of the year is opened with: its form, the form's evidence period, these dates; None without form."""
    form = form_to_open(year)
    if form is None:
        return None
    period = {"period_from": form.period_from.isoformat(), "period_to": form.period_to.isoformat()}
    return {"instrument": form.pk, "form": str(form), **period, **dates}
