"""Handing out a YAML file."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def yaml_response(text: str, name: str) -> HttpResponse:
    """The file as a download under a name."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8", headers=headers)
