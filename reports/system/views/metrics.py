"""Metrics for Prometheus; not public."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from dgready.http import is_watcher
from dgready.permissions import public
from reports.system.metrics import metrics_text


@require_safe
@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics; 404 without METRICS_TOKEN, or where none is set, for who asks from outside."""
    if not is_watcher(request):
        raise Http404
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)
