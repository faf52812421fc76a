"""Addresses of the API; each through the gate, so that deny by default holds for all of them."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from reports.api.gate import through_gate
from reports.api.views import PREFIX, api, openapi, unknown

ROOT = PREFIX.lstrip("/")


def _patterns() -> list[URLPattern]:
    made = []
    for router in api._get_bound_routers():
        for found in router.urls_paths(ROOT):
            found.callback = through_gate(found.callback)
            made.append(found)
    return made


urlpatterns = [
    *_patterns(),
    path(f"{ROOT}openapi.json", through_gate(require_GET(openapi)), name="api-openapi"),
    path("api/<path:rest>", through_gate(unknown), name="api-unknown"),
]
