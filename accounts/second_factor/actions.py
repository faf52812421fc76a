"""Changes to a person's second factors: set up the app, add a passkey, renew recovery codes, remove, reset."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn, complete_registration
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.access import may_manage_user
from accounts.actions.attempts import forget_attempts
from accounts.actions.log import NotAllowed, RefusedError, record_account_event
from accounts.models import User
from accounts.post.letters import queue_second_factor_letter
from accounts.second_factor.codes import MALFORMED, matching_period, read_answer, read_digits
from accounts.second_factor.queries import FACTOR_TYPES
from accounts.second_factor.recovery_codes import make_recovery_codes
from dgready.typed.characters import clean_line

MAX_PASSKEYS = 10
MAX_NAME = 60


@transaction.atomic
def set_up_app(*, by: User, secret: str, code: str) -> list[str]:
    """Set up the authenticator app of the person; returns the recovery codes if this makes them. Raises RefusedError.

    An app that was set up before gives no valid codes any more.
    """
    period = matching_period(secret, read_digits(code))
    if period is None:
        raise RefusedError(_("รหัสไม่ถูกต้อง ดูรหัสล่าสุดในแอป และตรวจว่าเวลาในโทรศัพท์ตรง"))
    _lock(by)
    Authenticator.objects.filter(user=by, type=Authenticator.Type.TOTP).delete()
    row = TOTP.activate(by, secret).instance
    row.data["period"] = period
    row.save(update_fields=["data"])
    return _factor_added(by, {"kind": "app"})


@transaction.atomic
def add_passkey(*, by: User, name: str, answer: str) -> list[str]:
    """Add a passkey by the browser's answer; returns the recovery codes if this makes them. Raises RefusedError."""
    _lock(by)
    passkeys = Authenticator.objects.filter(user=by, type=Authenticator.Type.WEBAUTHN)
    if passkeys.count() >= MAX_PASSKEYS:
        raise RefusedError(_("มีพาสคีย์ครบจำนวนแล้ว ลบพาสคีย์ที่ไม่ใช้ก่อน"))
    try:
        credential = read_answer(answer)
        complete_registration(credential)
    except MALFORMED as error:
        raise RefusedError(_("เพิ่มพาสคีย์ไม่สำเร็จ ลองใหม่อีกครั้ง")) from error
    name = clean_line(name)[:MAX_NAME] or _("พาสคีย์ %(number)s") % {"number": passkeys.count() + 1}
    WebAuthn.add(by, name, credential)
    return _factor_added(by, {"kind": "passkey", "name": name})


@transaction.atomic
def renew_recovery_codes(*, by: User) -> list[str]:
    """Make new recovery codes; the earlier ones stop working. Raises RefusedError without a second factor."""
    _lock(by)
    if not Authenticator.objects.filter(user=by, type__in=FACTOR_TYPES).exists():
        raise RefusedError(_("ตั้งการยืนยันขั้นที่สองก่อน"))
    codes = make_recovery_codes(by)
    record_account_event(by=by, verb="second_factor_codes", subject=by, after={"number": len(codes)})
    queue_second_factor_letter(by)
    return codes


@transaction.atomic
def remove_second_factor(*, by: User, pk: int | None, keep_one: bool) -> None:
    """Remove a passkey, or the app for None; with the last factor go the recovery codes. Raises RefusedError.

    `keep_one`: the person must have one, so the last one stays.
    """
    _lock(by)
    factors = Authenticator.objects.filter(user=by, type__in=FACTOR_TYPES)
    kind = Authenticator.Type.TOTP if pk is None else Authenticator.Type.WEBAUTHN
    row = (factors.filter(type=kind) if pk is None else factors.filter(type=kind, pk=pk)).first()
    if row is None:
        raise RefusedError(_("ไม่มีรายการนี้แล้ว"))
    if keep_one and factors.count() == 1:
        raise RefusedError(_("บทบาทของท่านต้องใช้การยืนยันขั้นที่สอง เพิ่มวิธีอื่นก่อน แล้วจึงลบวิธีนี้"))
    before = {"kind": "app"} if pk is None else {"kind": "passkey", "name": row.data["name"]}
    row.delete()
    if not factors.exists():
        Authenticator.objects.filter(user=by).delete()
    record_account_event(by=by, verb="second_factor_remove", subject=by, before=before)
    _changed(by)


@transaction.atomic
def reset_second_factors(*, by: User | None, user: User) -> None:
    """Remove all second factors of somebody who lost them; ends their sessions. Raises NotAllowed or RefusedError.

    `by=None` is the command line.
    """
    if by is not None and not may_manage_user(by, user):
        raise NotAllowed
    _lock(user)
    rows = Authenticator.objects.filter(user=user)
    kinds = sorted(rows.values_list("type", flat=True))
    if not kinds:
        raise RefusedError(_("ผู้ใช้ยังไม่ได้ตั้งการยืนยันขั้นที่สอง"))
    rows.delete()
    record_account_event(by=by, verb="second_factor_reset", subject=user, before={"kinds": kinds})
    forget_attempts(key=f"second-factor:{user.pk}")
    _end_sessions(user)
    queue_second_factor_letter(user, reset=True)


def _lock(user: User) -> None:
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _factor_added(user: User, after: dict[str, Any]) -> list[str]:
    has_codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()
    codes = [] if has_codes else make_recovery_codes(user)
    record_account_event(by=user, verb="second_factor_add", subject=user, after=after)
    _changed(user)
    return codes


def _changed(user: User) -> None:
    _end_sessions(user)
    queue_second_factor_letter(user)


def _end_sessions(user: User) -> None:
    # Whoever came in without it, or with another, comes in again; the page of the change keeps its own session.
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
