"""Tokens of the API: make, revoke, count their use."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import NotAllowed, RefusedError, record_account_event
from accounts.actions.tokens import hash_token, random_token
from accounts.models import ApiToken, ApiUse, Province, User
from accounts.models.api_tokens import PREFIX_LENGTH
from accounts.queries import api_capabilities
from accounts.roles import Capability

USED_WRITTEN = timedelta(minutes=1)  # between two entries of "last used"


@transaction.atomic
def create_api_token(
    *, by: User, province: Province, name: str, capabilities: Collection[Capability], days: int
) -> tuple[ApiToken, str]:
    """Make a token for oneself; returns it with its secret, which cannot be had again. Raises NotAllowed, RefusedError.

    Its capabilities are a part of what the person holds in a province they belong to.
    """
    User.objects.select_for_update().only("pk").get(pk=by.pk)
    if not capabilities or not set(capabilities) <= set(api_capabilities(by).get(province.pk, ())):
        raise NotAllowed
    if not 1 <= days <= settings.API_LIMITS.days:
        raise RefusedError(_("อายุของรหัสต้องเป็น 1–%(days)s วัน") % {"days": settings.API_LIMITS.days})
    now = timezone.now()
    if ApiToken.objects.filter(user=by, revoked_at=None, expires_at__gt=now).count() >= settings.API_LIMITS.tokens:
        raise RefusedError(_("มีรหัสที่ใช้ได้ครบจำนวนแล้ว โปรดยกเลิกรหัสที่ไม่ใช้ก่อน"))
    secret = random_token()
    values = {
        "user": by,
        "province": province,
        "name": name,
        "capabilities": sorted(capabilities),
        "prefix": secret[:PREFIX_LENGTH],
        "token_hash": hash_token(secret),
        "expires_at": now + timedelta(days=days),
    }
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(**values)
    except IntegrityError as error:
        raise RefusedError(_("ท่านมีรหัสชื่อนี้อยู่แล้ว โปรดใช้ชื่ออื่น หรือยกเลิกรหัสเดิมก่อน")) from error
    record_account_event(by=by, verb="api_token", subject=by, province=province, after=_token_values(token))
    return token, secret


@transaction.atomic
def revoke_api_token(*, by: User, token: ApiToken) -> None:
    """Revoke a token for good: one's own, or as administrator of its province. Raises NotAllowed, RefusedError."""
    if by.pk != token.user_id and not by.has(Capability.USERS_MANAGE, province_id=token.province_id):
        raise NotAllowed
    rows = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if not rows.update(revoked_at=timezone.now(), revoked_by=by):
        raise RefusedError(_("รหัสนี้ถูกยกเลิกแล้ว"))
    record_account_event(
        by=by, verb="api_token_revoke", subject=token.user, province=token.province, before=_token_values(token)
    )


def record_api_use(*, token: ApiToken, refused: bool) -> None:
    """Count a request of the day, and once a minute note when the token was last used. One statement, at times more."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows, counted = ApiUse.objects.filter(token=token, day=today), {"requests": F("requests") + 1}
    counted |= {"refused": F("refused") + 1} if refused else {}
    if not rows.update(**counted):  # the first of the day; of two at once neither is lost
        ApiUse.objects.bulk_create([ApiUse(token=token, day=today)], ignore_conflicts=True)
        rows.update(**counted)
    if token.last_used_at is None or now - token.last_used_at >= USED_WRITTEN:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _token_values(token: ApiToken) -> dict[str, Any]:
    """A token as it is logged, without anything that opens it."""
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "capabilities": list(token.capabilities),
        "expires_at": token.expires_at,
    }
