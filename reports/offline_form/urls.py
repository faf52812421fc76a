"""Addresses of the offline form of an agency, and of the secretariat's workbook of all answers."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports.offline_form import views

_BULK = "p/<str:code>/<number:year>/workbook/"
_FORM = "p/<str:code>/<number:year>/offline/<slug:agency>/"


def _patterns(base: str, name: str) -> list[URLPattern]:
    return [
        path(base, views.send_back, name=name),
        path(f"{base}file/", views.download, name=f"{name}-file"),
        path(f"{base}<uuid:public_id>/", views.preview, name=f"{name}-preview"),
        path(f"{base}<uuid:public_id>/apply/", views.apply, name=f"{name}-apply"),
        path(f"{base}<uuid:public_id>/discard/", views.discard, name=f"{name}-discard"),
    ]


urlpatterns = [*_patterns(_FORM, "form"), *_patterns(_BULK, "bulk")]
