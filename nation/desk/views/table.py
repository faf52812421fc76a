"""Views of the desk: all provinces of a year, with the tile map and who needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.models.places import Region
from accounts.roles import Capability
from dgready.lazy_values import LazyValues
from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from nation.desk.attention import ConcernKind
from nation.desk.listing import KPI_GROUPS, PAGE_SIZE, DeskQuery, read_desk_query, select_rows
from nation.desk.queries import DeskYear, list_desk_years, read_desk, read_desk_years
from nation.desk.rows import DeskRow
from nation.desk.texts import CONCERN_TITLES, NOBODY, reason_text, state_labels
from nation.desk.views.cells import TableCells, address_of_province, band_label, column_heads
from nation.desk.views.tile_map import describe_map

LISTED: Final = 6  # of each list of attention; the rest is a press away
# What a query selects of rows that did not change: how many they are says how many pages there are.
_found: Final[LruCache[list[DeskRow]]] = LruCache(64)


@require_safe
@allow(Capability.NATION_READ)
def newest(request: SignedInRequest) -> HttpResponse:
    """Redirects to the desk of the newest year."""
    require_central(request.user, Capability.NATION_READ)
    return redirect("nation:desk", list_desk_years()[0])


@require_safe
@allow(Capability.NATION_READ)
def desk(request: SignedInRequest, year: int) -> HttpResponse:
    """All provinces of a year, filtered and sorted as the address asks. Ten queries at most, with the reader's."""
    require_central(request.user, Capability.NATION_READ)
    years = read_desk_years()
    own = next((one for one in years if one.year == year), None)
    if own is None:
        raise Http404
    query, rows = read_desk_query(request.GET.dict()), read_desk(year)
    found = _found.get((SameObjects(rows), query), lambda: select_rows(rows, query))
    page = Paginator(found, max(len(found), 1) if query.show_all else PAGE_SIZE).get_page(request.GET.get("page"))
    state = (SameObjects(rows), year, query)
    context: dict[str, Any] = {
        "year": year,
        "agency_year": own.by_agencies,
        "over": LazyValues((*state, tuple(years)), lambda: _over_values(rows, query, years, own)),
        "table": LazyValues((*state, page.number), lambda: _table_values(rows, found, query, year, page)),
        "query": query,
        "page": page,
        "found": len(found),
        "sizes": [(PAGE_SIZE, _link(query, size="")), (len(found), _link(query, size="all"))],
        "export_query": urlencode(query.parameters()),
        "page_size": PAGE_SIZE,
    }
    return render(request, "nation/desk/desk.html", context)


def _over_values(rows: Sequence[DeskRow], query: DeskQuery, years: Sequence[DeskYear], own: DeskYear) -> dict[str, Any]:
    """What stands above the table: years, states, who needs attention, the map."""
    labels, states = state_labels(), Counter(row.state for row in rows)
    return {
        "year": own.year,
        "years": years,
        "agency_year": own.by_agencies,
        "query": query,
        "total": len(rows),
        "states": [(state, label, states[state]) for state, label in labels.items() if states[state]],
        "lists": [_attention_list(rows, kind, own.year) for kind in ConcernKind],
        "map": describe_map(rows, query, own.year, labels),
    }


def _table_values(
    rows: Sequence[DeskRow], found: Sequence[DeskRow], query: DeskQuery, year: int, page: Page[DeskRow]
) -> dict[str, Any]:
    """The filter and one page of the table."""
    labels = state_labels()
    return {
        "query": query,
        "state_choices": tuple(labels.items()),
        "regions": Region.choices,
        "kpi_groups": KPI_GROUPS,
        "concerns": tuple(CONCERN_TITLES.items()),
        "heads": column_heads(query),
        "bodies": _table_bodies(list(page), found, query, TableCells(year, labels, with_rank=query.with_rank)),
        "found": len(found),
        "total": len(rows),
        "kept": query.parameters(),
        "rank_link": _rank_link(query),
        "bands_link": _link(query, sort=""),
    }


def _link(query: DeskQuery, **changed: str) -> str:
    return f"?{urlencode(query.parameters(**changed))}"


def _rank_link(query: DeskQuery) -> str:
    """Shows the ranks, or hides them; what was sorted by rank is then in bands again."""
    if not query.with_rank:
        return _link(query, rank="1")
    return _link(query, rank="", sort="") if query.sort == "rank" else _link(query, rank="")


def _attention_list(rows: Sequence[DeskRow], kind: ConcernKind, year: int) -> dict[str, Any]:
    """The provinces of one list, those that close first before the others, each with its reason."""
    found = [(row, concern) for row in rows for concern in row.concerns if concern.kind == kind]
    found.sort(key=lambda pair: pair[0].round.days_left if pair[0].round else 0)
    return {
        "kind": kind.value,
        "title": CONCERN_TITLES[kind],
        "nobody": NOBODY[kind],
        "total": len(found),
        "entries": [
            (row.province.name, address_of_province(row, year), reason_text(concern)) for row, concern in found[:LISTED]
        ],
        "more": max(len(found) - LISTED, 0),
    }


def _table_bodies(
    page: Sequence[DeskRow], found: Sequence[DeskRow], query: DeskQuery, cells: TableCells
) -> list[dict[str, Any]]:
    """The rows of a page in groups: one for each band, or one without a name where another order is asked for."""
    if query.sort:
        return [{"label": "", "rows": cells.render(page)}]
    sizes = Counter(row.band for row in found)
    return [
        {"band": band, "label": band_label(band), "total": sizes[band], "rows": cells.render(list(rows))}
        for band, rows in groupby(page, key=lambda row: row.band)
    ]
