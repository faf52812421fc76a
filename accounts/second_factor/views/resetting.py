"""Resetting the second factors of somebody who lost them, by an administrator who may manage the account."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from accounts.second_factor.actions import reset_second_factors
from accounts.second_factor.gate import asks_second_factor_again
from accounts.views.people import confirm_for_person


@allow(Capability.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def reset_second_factor(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Reset, after confirmation; the person gets a letter and sets up a new second factor."""
    return confirm_for_person(
        request,
        (pk, code),
        reset_second_factors,
        title=_("ล้างการยืนยันขั้นที่สอง"),
        question=_(
            "ล้างการยืนยันขั้นที่สองของ %(person)s ใช้เมื่อเจ้าของบัญชีทำอุปกรณ์หายเท่านั้น "
            "ตรวจให้แน่ใจก่อนว่าผู้ขอคือเจ้าของบัญชี ผู้ใช้จะออกจากระบบทุกเครื่อง และได้รับอีเมลแจ้ง"
        ),
        button=_("ล้างการยืนยันขั้นที่สอง"),
    )
