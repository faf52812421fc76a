"""Secret addresses that a person's calendar follows: make, revoke, find, count."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import NotAllowed, RefusedError, record_account_event
from accounts.actions.tokens import hash_token, random_token
from accounts.models import User
from survey.models import CalendarAddress, Round
from survey.rounds.calendar_events import rounds_with_calendar


@transaction.atomic
def create_calendar_address(*, by: User, round_: Round) -> str:
    """Make one's own address for a round; returns its secret, shown once. Raises NotAllowed, RefusedError.

    A person has one for each round: another would leave them in doubt which to revoke.
    """
    if not rounds_with_calendar(by).filter(pk=round_.pk).exists():
        raise NotAllowed
    secret = random_token()
    try:
        with transaction.atomic():
            row = CalendarAddress.objects.create(user=by, round=round_, token_hash=hash_token(secret))
    except IntegrityError as error:
        raise RefusedError(_("มีที่อยู่ปฏิทินอยู่แล้ว โปรดยกเลิกที่อยู่เดิมก่อนสร้างใหม่")) from error
    _record(by, row, "calendar_address")
    return secret


@transaction.atomic
def revoke_calendar_address(*, by: User, round_: Round) -> None:
    """Revoke one's own address of a round for good. Raises RefusedError where there is none."""
    row = open_address(by, round_)
    own = CalendarAddress.objects.filter(user=by, round=round_, revoked_at=None)
    if row is None or not own.filter(pk=row.pk).update(revoked_at=timezone.now()):
        raise RefusedError(_("ที่อยู่ปฏิทินนี้ถูกยกเลิกแล้ว"))
    _record(by, row, "calendar_address_revoke")


def _record(by: User, row: CalendarAddress, verb: str) -> None:
    province = row.round.province
    record_account_event(by=by, verb=verb, subject=by, province=province, after={"id": row.pk, "year": row.round.year})


def open_address(user: User, round_: Round) -> CalendarAddress | None:
    """The person's address of a round that works. One query."""
    rows = CalendarAddress.objects.filter(user=user, round=round_, revoked_at=None)
    return rows.select_related("round__province").first()


def find_calendar_address(secret: str) -> CalendarAddress | None:
    """The address of a secret that was not revoked, with its person. One query."""
    rows = CalendarAddress.objects.select_related("user")
    return rows.filter(token_hash=hash_token(secret), revoked_at=None).first()


def record_fetch(*, address: CalendarAddress) -> None:
    """Count that a calendar asked. One statement."""
    rows = CalendarAddress.objects.filter(pk=address.pk)
    rows.update(fetches=F("fetches") + 1, last_fetched_at=timezone.now())
