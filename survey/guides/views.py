"""Views of the guides: the list with its search, and one guide."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey.guides.library import ADMIN_GUIDES, USER_GUIDES, guide_slugs, own_guides, read_guide
from survey.guides.searching import search_guides

MAX_QUERY = 100  # characters


@require_safe
@allow(Capability.PROFILE)
def index(request: SignedInRequest) -> HttpResponse:
    """The guides, those of one's roles first; with `?q=` the sections that hold its words."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    slugs = guide_slugs(request.user)
    own = own_guides(request.user)
    found = search_guides([read_guide(slug) for slug in slugs], query)
    context = {
        "query": query,
        # Of two sections that match equally well the one of the reader's own guide is first.
        "found": sorted(found, key=lambda one: one.guide.slug not in own),
        "own": [read_guide(slug) for slug in own],
        "guides": [read_guide(slug) for slug in USER_GUIDES if slug not in own],
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
    context = {"guide": read_guide(slug), "english": slug in ADMIN_GUIDES}
    return render(request, "survey/guides/guide.html", context)
