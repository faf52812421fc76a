"""What the pages of bulk acts share: the year, and the list from which provinces are chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.access import SignedInRequest, require_central
from accounts.roles import Capability
from dgready.thai import fold_text
from nation.bulk.forms import ProvinceFilterForm
from nation.bulk.planning import ProvinceStanding
from nation.bulk.queries import is_survey_year, read_standings
from nation.figures.provinces import ProvinceFacts, list_provinces
from survey.models import Response

CHOOSE_ALL: Final = "all"  # of the query: every listed province is chosen


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A line of the list: a province, how it stands, whether it is chosen."""

    facts: ProvinceFacts
    standing: ProvinceStanding
    state: str  # as in forms.STATES
    chosen: bool

    @property
    def state_label(self) -> str:
        """State of the answer in words; empty without a round."""
        return str(Response.State(self.standing.state).label) if self.standing.state else ""


def require_year(request: SignedInRequest, year: int) -> None:
    """Raise Http404 unless the reader acts for all provinces and the year is one of the survey."""
    require_central(request.user, Capability.NATION_MANAGE)
    if not is_survey_year(year):
        raise Http404


def choosing_context(year: int, asked: QueryDict, chosen: Collection[str] | None = None) -> dict[str, Any]:
    """Filter and rows of the list. `chosen`: codes that were sent; else those of the query. Three queries."""
    facts = list_provinces(year)
    groups = sorted({one.kpi_group for one in facts if one.kpi_group is not None})
    form = ProvinceFilterForm(asked if chosen is None else None, groups=groups)
    wanted = form.criteria() if chosen is None else {}
    codes = asked.getlist("province") if chosen is None else chosen
    standings = {standing.code: standing for standing in read_standings(year)}
    everything, now = chosen is None and CHOOSE_ALL in asked, timezone.now()
    rows = []
    for one in facts:
        standing = standings[one.code]
        row = ProvinceRow(one, standing, state_key(standing, now), everything or one.code in codes)
        if _is_wanted(row, wanted):
            rows.append(row)
    query = asked.copy() if chosen is None else QueryDict(mutable=True)
    query.pop(CHOOSE_ALL, None)
    return {"filter": form, "rows": rows, "query": query.urlencode(), "all_chosen": everything, "year": year}


def state_key(standing: ProvinceStanding, now: datetime) -> str:
    """The state of a province as the filter names it."""
    if standing.closes_at is None:
        return "none"
    if standing.state in (Response.State.SUBMITTED, Response.State.APPROVED):
        return standing.state
    return "closed" if standing.closes_at < now else "running"


def _is_wanted(row: ProvinceRow, wanted: dict[str, str]) -> bool:
    facts, text = row.facts, fold_text(wanted.get("q", ""))
    group = "" if facts.kpi_group is None else str(facts.kpi_group)
    return (
        (not text or any(text in fold_text(name) for name in (facts.name_th, facts.name_en, facts.code)))
        and wanted.get("region", "") in ("", facts.region)
        and wanted.get("group", "") in ("", group)
        and wanted.get("state", "") in ("", row.state)
    )


def sent_codes(posted: QueryDict) -> list[str]:
    """The codes that were sent, whatever else was."""
    return posted.getlist("provinces")
