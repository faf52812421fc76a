"""View of the desk's table as an Excel file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.roles import Capability
from dgready.sheets.names import XLSX
from nation.desk.listing import read_desk_query, select_rows
from nation.desk.queries import list_desk_years, read_desk


@require_safe
@allow(Capability.NATION_READ)
def export(request: SignedInRequest, year: int) -> HttpResponse:
    """All pages of the table as filtered and sorted; ranks only where the address asks for them."""
    from nation.desk.views.workbook import desk_workbook  # loads the library that writes workbooks

    require_central(request.user, Capability.NATION_READ)
    if year not in list_desk_years():
        raise Http404
    query = read_desk_query(request.GET.dict())
    rows = select_rows(read_desk(year), query)
    response = HttpResponse(desk_workbook(rows, year, with_rank=query.with_rank), content_type=XLSX)
    timestamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    response["Content-Disposition"] = f'attachment; filename="provinces-{year}-{timestamp}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response
