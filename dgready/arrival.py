"""When the request that is being answered arrived: deadlines are compared with that, not with when its turn came.

On the last night requests wait for a thread, and an answer's writers wait for each other. Whoever pressed before the
close is not refused for that. The moment is kept for the request's thread, as the reader's language is: a deadline is
asked in some twenty places of six rooms, down to a property of a model, and an argument that one of them forgot would
refuse somebody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

# Key of the WSGI environment, by dgready.serving.worker: the monotonic clock's reading at the request's first byte.
# What clients send stands there as HTTP_… only, so that none can name it.
ARRIVED: Final = "dgready.arrived"
# An older arrival is not believed. It is more than a large file on a slow line needs and waits; and nobody keeps a
# request open over the close to decide later what it says.
LONGEST: Final = timedelta(minutes=10)

_arrived_at: ContextVar[datetime | None] = ContextVar("arrived_at", default=None)


def deadline_now() -> datetime:
    """The moment that a deadline is compared with: when the request arrived; outside a request now."""
    return _arrived_at.get() or timezone.now()


def deadline_day() -> date:
    """The day that a last day is compared with, in Bangkok."""
    return timezone.localdate(deadline_now())


def arrival_time(request: HttpRequest) -> datetime:
    """When the request arrived, by the web server; now, where the server does not tell or what it tells is too old.

    Counted back from now, so that a clock that is set in between moves both ends.
    """
    now, begun = timezone.now(), request.META.get(ARRIVED)
    if not isinstance(begun, float):
        return now
    waited = timedelta(seconds=time.monotonic() - begun)
    return now - waited if timedelta() <= waited <= LONGEST else now


def keep_arrival(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what answers the request finds its arrival by `deadline_now`."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = _arrived_at.set(arrival_time(request))
        try:
            return get_response(request)
        finally:
            _arrived_at.reset(token)

    return middleware
