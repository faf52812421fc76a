"""Resetting the second factors of somebody who lost them, by an administrator who may manage the account."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.links import scope_url
from accounts.roles import Capability
from accounts.second_factor.actions import reset_second_factors
from accounts.second_factor.gate import asks_second_factor_again
from accounts.views.common import confirm_action
from accounts.views.people import get_manageable_user, get_scope


@allow(Capability.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def reset_second_factor(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Reset, after confirmation; the person gets a letter and sets up a new second factor."""
    province = get_scope(request, code)
    user = get_manageable_user(request, province, pk)
    return confirm_action(
        request,
        lambda: reset_second_factors(by=request.user, user=user),
        back=scope_url("person", province, pk),
        title=_("ล้างการยืนยันขั้นที่สอง"),
        question=_(
            "ล้างการยืนยันขั้นที่สองของ %(person)s ใช้เมื่อเจ้าของบัญชีทำอุปกรณ์หายเท่านั้น "
            "ตรวจให้แน่ใจก่อนว่าผู้ขอคือเจ้าของบัญชี ผู้ใช้จะออกจากระบบทุกเครื่อง และได้รับอีเมลแจ้ง"
        )
        % {"person": user.get_full_name()},
        button=_("ล้างการยืนยันขั้นที่สอง"),
    )
