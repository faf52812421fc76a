"""Reads of the security log: of all places, or what concerns the accounts of one province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AccountEvent, Membership, Province, User
from accounts.security_log.kinds import SECURITY_VERBS, VERBS, EventKind

SHOWN_DAYS: Final = 90  # where no day is asked for; the log keeps all, addresses for LOG_ADDRESS_DAYS
MOST_PEOPLE: Final = 200  # that a search for a name goes on with


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What of the log is asked for; `person`: a part of a name or an e-mail address."""

    person: str = ""
    kind: EventKind | None = None
    since: date | None = None
    until: date | None = None
    address: str = ""


def list_security_events(province: Province | None, wanted: LogFilter) -> QuerySet[AccountEvent]:
    """Events, the newest first, each with its people, place and number of repeats."""
    verbs = VERBS[wanted.kind] if wanted.kind else SECURITY_VERBS
    since = wanted.since or timezone.localdate() - timedelta(days=SHOWN_DAYS)
    events = AccountEvent.objects.filter(verb__in=verbs, at__gte=_midnight(since))
    if wanted.until:
        events = events.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    if wanted.address:
        events = events.filter(Q(address=wanted.address) | Q(origin__address=wanted.address))
    if wanted.person:
        people = list(_people_named(wanted.person))
        events = events.filter(Q(subject__in=people) | Q(by__in=people))
    if province:
        events = events.filter(_concerns(province))
    return events.select_related("by", "subject", "province", "repeats", "origin").order_by("-pk")


def _concerns(province: Province) -> Q:
    """What is about the province, and what people of it did or suffered anywhere in the application, but elsewhere.

    Whoever belongs to no place, such as a central administrator, is none of its people.
    """
    people = Membership.objects.filter(province=province, active=True).values("user")
    return Q(province=province) | Q(province=None) & (Q(subject__in=people) | Q(subject=None, by__in=people))


def _people_named(text: str) -> QuerySet[User, int]:
    named = Q(first_name__icontains=text) | Q(last_name__icontains=text) | Q(email__icontains=text)
    for word in text.split()[1:2]:  # first and last name
        named |= Q(first_name__icontains=text.split()[0], last_name__icontains=word)
    return User.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:MOST_PEOPLE]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
