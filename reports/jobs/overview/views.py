"""View of all files that were asked for, a person's own and those of the provinces whose files they see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from accounts.views.common import paginate
from dgready.middleware import mark_as_poll
from reports.access import job_scopes
from reports.jobs.overview.queries import FILTERS, count_by_filter, job_keys_by_filter, shown_jobs
from reports.jobs.views import reads

PER_PAGE = 25


@require_safe
@reads
@never_cache
def all_jobs(request: SignedInRequest) -> HttpResponse:
    """The jobs that the person sees, newest first, by state; for htmx the list alone, which prolongs no session."""
    wanted = request.GET.get("state", "")
    scopes = job_scopes(request.user)
    counts = count_by_filter(scopes)
    wanted = wanted if wanted in counts else ""
    page = paginate(request, job_keys_by_filter(scopes, wanted, counts[wanted]), PER_PAGE)
    context = {
        "page": page,
        "jobs": shown_jobs(request.user, page),
        "filters": [(key, label, counts[key]) for key, label, _states in FILTERS],
        "wanted": wanted,
        "waiting": counts["active"],
    }
    if request.htmx:  # type: ignore[attr-defined]
        mark_as_poll(request)
        return render(request, "reports/jobs/_all.html", context)
    return render(request, "reports/jobs/all.html", context)
