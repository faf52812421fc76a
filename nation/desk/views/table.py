"""Views of the desk: all provinces of a year, with the tile map and who needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.models.places import Region
from accounts.roles import Capability
from nation.desk.attention import ConcernKind
from nation.desk.listing import KPI_GROUPS, PAGE_SIZE, DeskQuery, read_desk_query, select_rows
from nation.desk.queries import list_desk_years, read_desk, read_desk_years
from nation.desk.rows import DeskRow
from nation.desk.texts import CONCERN_TITLES, NOBODY, reason_text, state_labels
from nation.desk.views.cells import TableCells, address_of_province, band_label, column_heads
from nation.desk.views.tile_map import describe_map

LISTED: Final = 6  # of each list of attention; the rest is a press away


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
    query = read_desk_query(request.GET.dict())
    rows = read_desk(year)
    found = select_rows(rows, query)
    page = Paginator(found, max(len(found), 1) if query.show_all else PAGE_SIZE).get_page(request.GET.get("page"))
    labels = state_labels()
    states = Counter(row.state for row in rows)
    context: dict[str, Any] = {
        "year": year,
        "years": years,
        "agency_year": own.by_agencies,
        "query": query,
        "states": [(state, label, states[state]) for state, label in labels.items() if states[state]],
        "state_choices": tuple(labels.items()),
        "regions": Region.choices,
        "kpi_groups": KPI_GROUPS,
        "concerns": tuple(CONCERN_TITLES.items()),
        "lists": [_attention_list(rows, kind, year) for kind in ConcernKind],
        "map": describe_map(rows, query, year, labels),
        "heads": column_heads(query),
        "bodies": _table_bodies(list(page), found, query, TableCells(year, labels, with_rank=query.with_rank)),
        "page": page,
        "found": len(found),
        "total": len(rows),
        "kept": query.parameters(),
        "sizes": [(PAGE_SIZE, _link(query, size="")), (len(found), _link(query, size="all"))],
        "rank_link": _rank_link(query),
        "bands_link": _link(query, sort=""),
        "export_query": urlencode(query.parameters()),
        "page_size": PAGE_SIZE,
    }
    return render(request, "nation/desk/desk.html", context)


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
