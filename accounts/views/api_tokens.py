"""Pages of tokens of the API: one's own, and all of a province for its administrators."""

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.actions.api_tokens import create_api_token, revoke_api_token
from accounts.forms.api_tokens import ApiTokenForm
from accounts.models import ApiToken
from accounts.queries import api_capabilities, list_api_tokens
from accounts.roles import Capability
from accounts.views.common import confirm_action, paginate, render_form, try_action

PER_PAGE = 20


@allow(Capability.PROFILE)
@require_http_methods(["GET", "POST"])
@sensitive_variables("made")
def tokens(request: SignedInRequest) -> HttpResponseBase:
    """One's own tokens; makes one and shows its secret, this once."""
    form = ApiTokenForm(request.POST if request.method == "POST" else None, by=request.user)
    made: list[tuple[ApiToken, str]] = []
    if form.is_bound and form.is_valid():
        try_action(form, lambda: made.append(create_api_token(by=request.user, **form.cleaned_data)))
    context = {
        "may_make": bool(api_capabilities(request.user)),
        "page": paginate(request, list_api_tokens(user=request.user), PER_PAGE),
        "made": made[0] if made else None,
        "address": f"{settings.PUBLIC_URL}/api/v1/",
    }
    if made:  # no redirect: what is shown once is kept nowhere in between
        form = ApiTokenForm(by=request.user)
    return render_form(request, "accounts/api_tokens.html", form, **context)


@allow(Capability.PROFILE)
@require_http_methods(["GET", "POST"])
def revoke(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Revoke a token of one's own, after confirmation."""
    return _revoke(request, list_api_tokens(user=request.user).filter(pk=pk).first(), reverse("accounts:tokens"))


@allow(Capability.USERS_MANAGE)
@require_safe
def province_tokens(request: SignedInRequest, code: str) -> HttpResponseBase:
    """All tokens of a province."""
    province = get_province(request.user, code, Capability.USERS_MANAGE)
    page = paginate(request, list_api_tokens(province=province), PER_PAGE)
    return render(request, "accounts/api_tokens_of_province.html", {"province": province, "page": page})


@allow(Capability.USERS_MANAGE)
@require_http_methods(["GET", "POST"])
def revoke_of_province(request: SignedInRequest, code: str, pk: int) -> HttpResponseBase:
    """Revoke a token of somebody in the province, after confirmation."""
    province = get_province(request.user, code, Capability.USERS_MANAGE)
    token = list_api_tokens(province=province).filter(pk=pk).first()
    return _revoke(request, token, reverse("accounts:province-tokens", args=[code]))


def _revoke(request: SignedInRequest, token: ApiToken | None, back: str) -> HttpResponseBase:
    if token is None:
        raise Http404
    return confirm_action(
        request,
        lambda: revoke_api_token(by=request.user, token=token),
        back=back,
        title=_("ยกเลิกรหัสเชื่อมต่อ"),
        question=_("ยกเลิกรหัส “%(name)s” ระบบที่ใช้รหัสนี้จะอ่านข้อมูลไม่ได้ทันที และนำรหัสเดิมกลับมาใช้ไม่ได้") % {"name": token.name},
        button=_("ยกเลิกรหัส"),
        keep=_("ไม่ยกเลิก"),
    )
