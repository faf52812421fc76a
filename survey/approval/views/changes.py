"""View of everything that changed since the answer was submitted before."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey.access import get_provincial_response
from survey.approval.return_loop import read_return_loop
from survey.approval.review_events import read_review_events

PER_PAGE = 40  # questions


@require_safe
@allow(Capability.RESPONSE_READ)
def changes(request: SignedInRequest, pk: int) -> HttpResponse:
    """The changed questions, field by field, in the order of the form."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    loop = read_return_loop(response, read_review_events(response), reader_language())
    page = Paginator(loop.changes.questions if loop else (), PER_PAGE).get_page(request.GET.get("page"))
    changed = {
        "questions": page.object_list,
        "externals": loop.changes.externals if loop else (),
        "count": page.paginator.count + (len(loop.changes.externals) if loop else 0),
    }
    context = {"response": response, "loop": loop, "changed": changed, "page": page}
    return render(request, "survey/approval/changes.html", context)
