"""Views that take the scores of a department's table for all provinces, and the conflicts that are decided in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.models import Province
from accounts.roles import Capability
from accounts.views.list_pages import MAX_SHOWN, template_download
from dgready.language import reader_language
from dgready.posting import post_only
from nation.bulk import actions
from nation.bulk.forms import ScoresForm
from nation.bulk.queries import find_act
from nation.bulk.score_reading import read_score_table
from nation.bulk.scores import external_codes_of_year
from nation.bulk.views.choosing import require_year
from nation.models import BulkAct

edits_scores = allow(Capability.EXTERNAL_SCORE_EDIT)


def _require(request: SignedInRequest, year: int) -> None:
    """Raise Http404 unless the reader enters scores in all provinces and the year is one of the survey."""
    require_central(request.user, Capability.EXTERNAL_SCORE_EDIT)
    require_year(request, year)


@require_http_methods(["GET", "HEAD", "POST"])
@edits_scores
def scores(request: SignedInRequest, year: int) -> HttpResponse:
    """Checks a department's table: its faults, or the preview of what it would change. Changes nothing."""
    _require(request, year)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ScoresForm(*given)
    if not form.is_bound or not form.is_valid():
        return _page(request, year, form, 422 if form.errors else 200)
    read = read_score_table(form.content(), year)
    if read.faults:
        faults = {"faults": read.faults[:MAX_SHOWN], "fault_count": len(read.faults)}
        return _page(request, year, form, 422, **faults)
    act = actions.draft_act(
        by=request.user,
        kind=BulkAct.Kind.SCORES,
        year=year,
        codes=list(read.scores),
        params={"file": str(form.cleaned_data["file"].name)[:200], "department": form.cleaned_data["department"].code},
        given={code: {"rows": [one.packed() for one in rows]} for code, rows in read.scores.items()},
    )
    return redirect("nation:act", year, act.pk)


def _page(request: SignedInRequest, year: int, form: ScoresForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "nation/bulk/scores.html", {"year": year, "form": form, **more}, status=status)


@require_safe
@edits_scores
def scores_template(request: SignedInRequest, year: int) -> HttpResponse:
    """The table to fill in."""
    from nation.bulk.score_template import write_score_template  # loads the library that writes workbooks

    _require(request, year)
    provinces = Province.objects.provinces().order_by("sort_key")
    codes = sorted(external_codes_of_year(year))
    names = [province.name for province in provinces]
    content = write_score_template(provinces=names, codes=codes, language=reader_language())
    return template_download(content, f"scores-{year}-{timezone.localdate():%Y%m%d}")


@post_only("nation:act", "year", "number")
@edits_scores
def scores_choose(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Works the preview out anew with the provinces' own scores that are to be replaced."""
    _require(request, year)
    act = find_act(year, number)
    if act is None or act.kind != BulkAct.Kind.SCORES or act.started_at is not None or act.by_id != request.user.pk:
        raise Http404
    chosen = sorted(set(request.POST.getlist("chosen")))[: settings.DATA_UPLOAD_MAX_NUMBER_FIELDS]
    fresh = actions.draft_again(by=request.user, act=act, params={**act.params, "chosen": chosen})
    return redirect("nation:act", year, fresh.pk)
