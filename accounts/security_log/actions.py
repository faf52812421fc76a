"""Writing what the security log alone tells: sign-ins, refusals, files that hold everything.

Refusals are as many as somebody likes to cause. Of the same kind, by the same person, from the same address, in the
same hour the first is written and the others are counted beside it; beyond MOST_ROWS groups in an hour only their
number is kept. So nobody fills the log, and whoever guesses is seen all the same.
"""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.log import record_account_event
from accounts.actions.origins import new_origin
from accounts.browsers import browser_name
from accounts.models import EventCount, Province, User
from accounts.security_log.kinds import VERBS, EventKind
from dgready.http import client_ip

log = logging.getLogger(__name__)
MOST_ROWS: Final = 2000  # groups of one hour that get a row of their own: 48,000 a day at worst, from anywhere
LONGEST_PATH: Final = 200


def record_sign_in(*, request: HttpRequest, user: User, way: str) -> None:
    """Writes down a sign-in. `way`: password, sso, or what was given as the second factor."""
    origin = new_origin(client_ip(request), browser_name(request.META.get("HTTP_USER_AGENT", "")))
    record_account_event(by=user, verb="sign_in", subject=user, after={"way": way}, origin=origin)


def record_own_act(*, request: HttpRequest, by: User, verb: str, **after: Any) -> None:
    """Writes down what somebody did with their own session: signing out, giving the second factor again."""
    record_account_event(by=by, verb=verb, subject=by, after=after, origin=new_origin(client_ip(request), ""))


def record_refused_sign_in(*, request: HttpRequest, email: str, verb: str) -> None:
    """Counts a sign-in that was refused. What was typed is not kept where no account has that address: it may be a
    password in the wrong field."""
    count_event(request=request, verb=verb, subject=User.objects.filter(email=email).first())


def record_refused_page(*, request: HttpRequest, status: int) -> None:
    """Counts a page that is not there or not for the person: from outside both look the same."""
    user = request.user if isinstance(request.user, User) else None
    after = {"path": request.path[:LONGEST_PATH], "method": request.method, "status": status}
    try:
        count_event(request=request, verb="page_refused", by=user, subject=user, after=after)
    except DatabaseError:  # the answer is "no" all the same
        log.exception("a refused page was not counted")


def record_file(*, request: HttpRequest, by: User, verb: str, what: str, province: Province | None = None) -> None:
    """Counts a file that holds everything of a place, asked for or taken away."""
    count_event(request=request, verb=verb, by=by, province=province, after={"what": what}, group=what)


def count_event(
    *,
    request: HttpRequest,
    verb: str,
    by: User | None = None,
    subject: User | None = None,
    province: Province | None = None,
    after: dict[str, Any] | None = None,
    group: str = "",
) -> None:
    """Writes the first event of its person, address and hour, counts the others. `group`: what else parts them."""
    address, now = client_ip(request), timezone.now()
    who, place = (subject or by), province.pk if province else ""
    key = _key(verb, who.pk if who else "", address, place, group, _hour(now))
    if _count_again(key, now):
        return
    event: dict[str, Any] = {"by": by, "verb": verb, "subject": subject, "province": province, "after": after}
    if verb in VERBS[EventKind.EXPORTS]:
        event["address"] = address  # who took everything away is answered for as long as the log stands
    else:
        event["origin"] = new_origin(address, "")
    if EventCount.objects.filter(hour=_hour(now)).count() >= MOST_ROWS:
        key, event = _key("events_dropped", _hour(now)), {"by": None, "verb": "events_dropped"}
        if _count_again(key, now):
            return
    _write_first(key, now, event)


def _write_first(key: str, now: datetime, event: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            first = record_account_event(**event)
            EventCount.objects.create(event=first, key=key, hour=_hour(now), last_at=now)
    except IntegrityError:  # another was first, in the same moment
        _count_again(key, now)


def _count_again(key: str, now: datetime) -> bool:
    return bool(EventCount.objects.filter(key=key).update(number=F("number") + 1, last_at=now))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _key(*parts: object) -> str:
    return sha256(":".join(map(str, parts)).encode()).hexdigest()
