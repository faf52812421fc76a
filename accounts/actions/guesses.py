"""Guessed passwords: each wrong one makes the next try wait longer, by account and by address.

An account is guarded whatever the address, an address whatever the account. A browser in which the person has signed
in before does not wait for what others guess at their account: nobody can lock a governor out from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.actions.attempts import KEPT
from accounts.models import Attempt


@dataclass(frozen=True, slots=True)
class Growth:
    """How many wrong passwords are `free`, and the seconds the first wait and the longest have; each wait doubles."""

    free: int
    first: int
    longest: int

    def pause_after(self, wrong: int) -> timedelta:
        """The time that must have passed since the last of so many wrong passwords."""
        over = wrong - self.free
        return timedelta(seconds=min(self.first * 2 ** min(over, 16), self.longest)) if over >= 0 else timedelta(0)


ACCOUNT: Final = Growth(free=5, first=15, longest=900)
ADDRESS: Final = Growth(free=20, first=15, longest=900)  # an office stands behind one address
KNOWN_BROWSER: Final = Growth(free=10, first=15, longest=900)


@dataclass(frozen=True, slots=True)
class Trier:
    """Who tries which account. `browser`: the mark of one in which this person has signed in, else empty."""

    email: str
    address: str | None
    browser: str = ""

    def keys(self) -> dict[str, Growth]:
        """What a try is counted under."""
        known = bool(self.browser)
        of_account = {f"known:{self.browser}": KNOWN_BROWSER} if known else {f"account:{self.email}": ACCOUNT}
        of_address = {f"address:{self.address}": ADDRESS} if self.address and not known else {}
        return {sha256(key.encode()).hexdigest(): growth for key, growth in (of_account | of_address).items()}


def begin_try(*, who: Trier) -> tuple[timedelta, Sequence[int]]:
    """Counts a try at an account before its password is looked at, so that of many at once none is overlooked.

    Returns how long it must wait (zero: it may go on), and what `forget_tries` takes. One that waits is not counted.
    For its address it counts when it was wrong (`note_wrong`): an office that begins its day signs in all at once.
    """
    keys, now = who.keys(), timezone.now()
    Attempt.objects.filter(at__lt=now - KEPT).delete()
    wait = _wait(keys, now)
    if wait:
        return wait, ()
    rows = Attempt.objects.bulk_create(Attempt(key=k, at=now) for k, growth in keys.items() if growth is not ADDRESS)
    return timedelta(0), [row.pk for row in rows]


def note_wrong(*, who: Trier) -> None:
    """Counts a wrong password for the address it came from."""
    now = timezone.now()
    Attempt.objects.bulk_create(Attempt(key=k, at=now) for k, growth in who.keys().items() if growth is ADDRESS)


def _wait(keys: dict[str, Growth], now: datetime) -> timedelta:
    counted = Attempt.objects.filter(key__in=keys).values_list("key").annotate(Count("pk"), Max("at"))
    waits = (last + keys[key].pause_after(wrong) - now for key, wrong, last in counted)
    return max([timedelta(0), *waits])


def forget_tries(*, who: Trier, own: Sequence[int]) -> None:
    """After the right password: what was guessed at the account or in the browser counts no more, and this try neither.

    What was guessed from the address at other accounts still counts.
    """
    keys = [key for key, growth in who.keys().items() if growth is not ADDRESS]
    Attempt.objects.filter(Q(pk__in=own) | Q(key__in=keys)).delete()
