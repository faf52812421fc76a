"""Template context processor of the survey: the number of unread notices."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from survey.notices import actions as notices


def unread_notices(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: a number, worked out only when a template uses it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: notices.count_unread_notices(user))}
