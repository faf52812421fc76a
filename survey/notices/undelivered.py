"""Letters of both outboxes that were given up, as far as an administrator may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from accounts.access import ALL_PROVINCES, province_ids_with_capability
from accounts.models import AccountLetter, Membership, User
from accounts.models.post import GivenUp, QueuedMail
from accounts.post import account_letters, giving_up
from accounts.post.delivery import Outbox
from accounts.roles import Capability
from dgready.prepared_select import PreparedSelect
from survey.models import Letter
from survey.notices import delivery, recipients
from survey.notices.actions import notify

OUTBOXES: Final[dict[str, Outbox[Any]]] = {"notice": delivery.OUTBOX, "account": account_letters.OUTBOX}
SHOWN: Final = 60  # of each outbox
MOST: Final = 500  # of each outbox that are looked at for notices


@dataclass(frozen=True, slots=True)
class UndeliveredLetter:
    """A letter that was given up: of which outbox, what it was about, and why."""

    source: str
    letter: QueuedMail
    about: str
    reason: str


def undelivered_letters(user: User) -> list[UndeliveredLetter]:
    """The letters given up in the provinces whose users the person manages, newest first. Two queries."""
    since, provinces = giving_up.shown_since(), _provinces_in_charge(user)
    found = [
        UndeliveredLetter(source, letter, _about(letter), str(GivenUp(letter.given_up or GivenUp.FAULT).label))
        for source in OUTBOXES
        for letter in _GIVEN_UP.all(since, *provinces, source=source)
    ]
    return sorted(found, key=lambda one: one.letter.made_at, reverse=True)


def count_undelivered(user: User) -> int:
    """How many letters were given up there. Two queries."""
    since, provinces = giving_up.shown_since(), _provinces_in_charge(user)
    return sum(number for source in OUTBOXES for (number,) in _NUMBER_GIVEN_UP.all(since, *provinces, source=source))


def count_waiting(user: User) -> int:
    """How many letters could not be sent yet and are tried again. Two queries."""
    provinces = _provinces_in_charge(user)
    return sum(number for source in OUTBOXES for (number,) in _NUMBER_WAITING.all(*provinces, source=source))


def get_undelivered(user: User, source: str, pk: int) -> tuple[Outbox[Any], QueuedMail]:
    """A letter within the person's scope, with its outbox; else Http404."""
    outbox = OUTBOXES.get(source)
    scope = _scope(source, _provinces_in_charge(user))
    letter = outbox.rows().filter(scope, pk=pk).first() if outbox else None
    if outbox is None or letter is None:
        raise Http404
    return outbox, letter


def notify_given_up() -> int:
    """Notify whoever manages users of a province when more of its letters were given up; returns how many were told."""
    letters_by_province: dict[int | None, list[str]] = defaultdict(list)
    for source, outbox in OUTBOXES.items():
        for letter in giving_up.given_up(outbox)[:MOST]:
            for province in _provinces_of(letter):
                letters_by_province[province].append(f"{source[0]}{letter.pk}")
    told = 0
    for province, keys in letters_by_province.items():
        if province is None:
            users = recipients.central_users_with_capability(Capability.USERS_MANAGE)
        else:
            users = recipients.users_with_capability(province, Capability.USERS_MANAGE)
        key = f"letters:{province or '-'}:{len(keys)}:{max(keys)}"
        data, url = {"count": len(keys)}, reverse("survey:letters")
        told += notify(users=users, kind="letters.given_up", key=key, data=data, url=url)
    return told


def _provinces_of(letter: QueuedMail) -> set[int | None]:
    """Where the recipient works or is invited to; None for the centre and for people without a role."""
    invitation = letter.invitation if isinstance(letter, AccountLetter) else None
    if invitation is not None:
        return {invitation.province_id}
    user = getattr(letter, "user_id", None)
    return set(Membership.objects.filter(user=user, active=True).values_list("province", flat=True)) or {None}


def _provinces_in_charge(user: User) -> tuple[list[int], ...]:
    """The keys of the provinces whose users the person manages; nothing for all of them."""
    provinces = province_ids_with_capability(user, Capability.USERS_MANAGE)
    return () if provinces is ALL_PROVINCES else (sorted(provinces),)


def _scope(source: str, provinces: tuple[Sequence[int], ...]) -> Q:
    if not provinces:
        return Q()
    members = Q(user__in=Membership.objects.filter(province__in=provinces[0]).values("user"))
    return members | Q(invitation__province__in=provinces[0]) if source == "account" else members


def _given_up(since: datetime, *provinces: Sequence[int], source: str) -> QuerySet[QueuedMail]:
    rows: QuerySet[QueuedMail] = giving_up.given_up(OUTBOXES[source], since).filter(_scope(source, provinces))
    return rows


def _counted(rows: QuerySet[QueuedMail]) -> QuerySet[QueuedMail, tuple[int]]:
    return rows.order_by().values("given_up").annotate(n=Count("pk")).values_list("n")


_GIVEN_UP: Final[PreparedSelect[QueuedMail]] = PreparedSelect(
    lambda since, *provinces, source: _given_up(since, *provinces, source=source)[:SHOWN]
)
_NUMBER_GIVEN_UP: Final[PreparedSelect[tuple[int]]] = PreparedSelect(
    lambda since, *provinces, source: _counted(_given_up(since, *provinces, source=source))
)
_NUMBER_WAITING: Final[PreparedSelect[tuple[int]]] = PreparedSelect(
    lambda *provinces, source: _counted(giving_up.waiting(OUTBOXES[source]).filter(_scope(source, provinces)))
)


def _about(letter: QueuedMail) -> str:
    if isinstance(letter, AccountLetter):
        return str(AccountLetter.Kind(letter.kind).label)
    assert isinstance(letter, Letter)
    return letter.subject
