"""Addresses of the library's pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode


def library_url(code: str, office: str) -> str:
    """The page of the library of an office (evidence.access.Library.office) of a province."""
    return f"{reverse('evidence:library', args=[code])}?{urlencode({'office': office})}"
