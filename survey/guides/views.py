"""Views of the guides: the list with its search, and one guide."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.queries import is_of_department
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.shortened import shorten_list
from survey.guides.library import (
    ADMIN_GUIDES,
    USER_GUIDES,
    guide_language,
    guide_slugs,
    own_guides,
    read_glossary,
    read_guide,
)
from survey.guides.searching import search_guides

MAX_QUERY = 100  # characters
MAX_FOUND = 30


@require_safe
@allow(Capability.PROFILE)
def index(request: SignedInRequest) -> HttpResponse:
    """The guides, those of one's roles first; with `?q=` the sections that hold its words."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    slugs = guide_slugs(request.user)
    own = own_guides(request.user)
    language = reader_language()
    found = search_guides([read_guide(slug, language) for slug in slugs], query)
    context = {
        "query": query,
        "of_department": is_of_department(request.user),
        # Of two sections that match equally well the one of the reader's own guide is first.
        "found": shorten_list(sorted(found, key=lambda one: one.guide.slug not in own), MAX_FOUND),
        "own": [read_guide(slug, language) for slug in own],
        "guides": [
            (read_guide(slug, language), guide_language(slug, language)) for slug in USER_GUIDES if slug not in own
        ],
        "admin_guides": [read_guide(slug) for slug in ADMIN_GUIDES if slug in slugs],
    }
    return render(request, "survey/guides/index.html", context)


@require_safe
@allow(Capability.PROFILE)
def guide(request: SignedInRequest, slug: str) -> HttpResponse:
    """One guide, with its list of contents."""
    slugs = guide_slugs(request.user)
    if slug not in slugs:
        raise Http404
    language = reader_language()
    context = {"guide": read_guide(slug, language), "written_in": guide_language(slug, language)}
    context["of_department"] = is_of_department(request.user)
    return render(request, "survey/guides/guide.html", context)


@require_safe
@allow(Capability.PROFILE)
def glossary(request: SignedInRequest) -> HttpResponse:
    """The words of the field, Thai and English side by side."""
    return render(request, "survey/guides/glossary.html", {"groups": read_glossary()})
