"""View of the web addresses that stand as evidence without a copy: of a response, or of the province's whole round."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from accounts.models import User
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.sheets.names import XLSX
from evidence.attaching.links import LinkWithoutCopy, links_without_copy
from evidence.attaching.views.files import reads
from evidence.attaching.views.link_files import links_csv
from survey.access import get_response
from survey.models import Response

ON_A_PAGE = 100


@require_safe
@reads
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """The addresses with question, agency and who gave them; `?format=csv|xlsx` as a file, of all pages."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    rows = links_without_copy(_responses_shown(request.user, response), reader_language())
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        answer = _file(rows, kind)
        name = f"links-{response.round.province.code}-{response.round.year}.{kind}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"response": response, "round": response.round, "page": page, "total": len(rows)}
    return render(request, "evidence/attaching/links.html", context)


def _responses_shown(user: User, response: Response) -> list[Response]:
    """The whole round for who reads the contributions of the province, else the one response."""
    reads_all = user.has(Capability.CONTRIBUTION_READ, province_id=response.round.province_id)
    if not response.is_provincial or not reads_all:
        return [response]
    rows = list(Response.objects.filter(round=response.round_id).select_related("agency").order_by("pk"))
    for row in rows:
        row.round = response.round
    return rows


def _file(rows: Sequence[LinkWithoutCopy], kind: str) -> HttpResponse:
    if kind == "csv":
        return HttpResponse(links_csv(rows), content_type="text/csv; charset=utf-8")
    from evidence.attaching.views.link_workbook import links_workbook  # loads the library that writes workbooks

    return HttpResponse(links_workbook(rows), content_type=XLSX)
