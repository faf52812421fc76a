"""Fetches the provincial answer of a province and year with its permission check: the object, or Http404."""

from __future__ import annotations

from django.http import Http404

from accounts.access import scope_filter
from accounts.models import User
from accounts.roles import Capability
from survey.models import Response


def get_answer(user: User, code: str, year: int, cap: Capability) -> Response:
    """The answer with its round, province and form; Http404 unless the user holds `cap` there. One query."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    rows = rows.defer("round__instrument__source").filter(scope_filter(user, cap, province="round__province"))
    answer = rows.filter(round__province__code=code, round__year=year, agency=None).first()
    if answer is None:
        raise Http404
    return answer
