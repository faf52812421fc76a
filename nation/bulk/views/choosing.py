"""What the pages of bulk acts share: the year, and the list from which provinces are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.access import SignedInRequest, require_central
from accounts.roles import Capability
from dgready.lazy_values import LazyValues
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from dgready.thai import fold_text
from nation.bulk.forms import ProvinceFilterForm
from nation.bulk.planning import ProvinceStanding
from nation.bulk.queries import is_survey_year, make_standing, read_answer_dates
from nation.figures.provinces import ProvinceFacts, as_facts, read_province_rows
from survey.models import Response

CHOOSE_ALL: Final = "all"  # of the query: every listed province is chosen


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A line of the list: a province, how it stands, whether it is chosen."""

    facts: ProvinceFacts
    standing: ProvinceStanding
    state: str  # as in forms.STATES
    chosen: bool = False

    @property
    def state_label(self) -> str:
        """State of the answer in words; empty without a round."""
        return str(Response.State(self.standing.state).label) if self.standing.state else ""


# The rows of a few years, the very same objects as long as nothing of them changes.
_lists: Final[LruCache[tuple[ProvinceRow, ...]]] = LruCache(8)


def require_year(request: SignedInRequest, year: int) -> None:
    """Raise Http404 unless the reader acts for all provinces and the year is one of the survey."""
    require_central(request.user, Capability.NATION_MANAGE)
    if not is_survey_year(year):
        raise Http404


def choosing_context(year: int, asked: QueryDict, chosen: Collection[str] | None = None) -> dict[str, Any]:
    """Filter and rows of the list. `chosen`: codes that were sent; else those of the query. Two queries."""
    rows, codes = _read_rows(year), None if chosen is None else tuple(chosen)
    query = asked.copy() if chosen is None else QueryDict(mutable=True)
    everything = chosen is None and bool(query.pop(CHOOSE_ALL, None))
    told = {"query": query.urlencode(), "all_chosen": everything, "year": year}
    make = cache(lambda: told | _list_values(rows, query, codes, everything=everything))
    return {**told, "choosing": LazyValues((SameObjects(rows), year, told["query"], everything, codes), make)}


def _read_rows(year: int) -> tuple[ProvinceRow, ...]:
    provinces, answers, now = tuple(read_province_rows()), read_answer_dates(year), timezone.now()
    # Of the clock only what it changes: which rounds are closed.
    states = tuple(
        (pk, answer, state_key(make_standing(pk, code, answer), now))
        for pk, code, *_names in provinces
        for answer in [answers.get(pk)]
    )

    def make() -> tuple[ProvinceRow, ...]:
        of_province = {pk: (answer, state) for pk, answer, state in states}
        return tuple(
            ProvinceRow(one, make_standing(one.id, one.code, answer), state)
            for one in as_facts(provinces, year)
            for answer, state in [of_province[one.id]]
        )

    return _lists.get((year, provinces, states), make)


def _list_values(
    rows: Sequence[ProvinceRow], query: QueryDict, codes: Collection[str] | None, *, everything: bool
) -> dict[str, Any]:
    """The filter with its values, and the rows that it leaves."""
    groups = sorted({row.facts.kpi_group for row in rows if row.facts.kpi_group is not None})
    form = ProvinceFilterForm(query if codes is None else None, groups=groups)
    wanted = form.criteria() if codes is None else {}
    chosen = query.getlist("province") if codes is None else codes
    listed = [replace(row, chosen=everything or row.facts.code in chosen) for row in rows if _is_wanted(row, wanted)]
    return {"filter": form, "rows": listed}


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
