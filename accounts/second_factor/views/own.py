"""Pages of one's own second factors: what there is, set up the app, add a passkey, recovery codes, remove."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.roles import Capability
from accounts.second_factor import actions
from accounts.second_factor.adapter import SecondFactorAdapter, UnreadableSecret
from accounts.second_factor.codes import plain
from accounts.second_factor.forms import AppForm, PasskeyForm
from accounts.second_factor.gate import before_second_factor, confirms_person, must_have_second_factor
from accounts.second_factor.marks import SECOND_FACTOR_AT, is_marked, mark
from accounts.second_factor.qr_code import qr_code_address
from accounts.second_factor.queries import read_second_factors
from accounts.views.common import confirm_action, render_form, try_action

SECRET_KEY = "second_factor_secret"  # session key, encrypted: of an app that is being set up
METHODS = ["GET", "POST"]


@before_second_factor
@allow(Capability.PROFILE)
@never_cache
@require_safe
def security(request: SignedInRequest) -> HttpResponseBase:
    """What second factors one has, and the ways to more."""
    required = must_have_second_factor(request.user)
    factors = read_second_factors(request.user)
    context = {"factors": factors, "required": required, "removable": not required or factors.number > 1}
    return render(request, "accounts/second_factor/security.html", context)


@before_second_factor
@allow(Capability.PROFILE)
@sensitive_post_parameters("code")
@sensitive_variables("secret", "codes")
@never_cache
@require_http_methods(METHODS)
@confirms_person
def app(request: SignedInRequest) -> HttpResponseBase:
    """Set up the authenticator app: the picture and the key to scan or type, then the first code."""
    secret = _secret_of_session(request)
    form = AppForm(request.POST if request.method == "POST" else None)
    codes: list[str] = []
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if try_action(form, lambda: codes.extend(actions.set_up_app(by=request.user, secret=secret, code=code))):
            request.session.pop(SECRET_KEY, None)
            return _after_change(request, codes)
    address = SecondFactorAdapter().build_totp_url(request.user, secret)
    context = {"picture": qr_code_address(address), "key": _in_groups(secret), "back": reverse("accounts:security")}
    return render_form(request, "accounts/second_factor/app.html", form, **context)


@before_second_factor
@allow(Capability.PROFILE)
@sensitive_variables("codes")
@never_cache
@require_http_methods(METHODS)
@confirms_person
def passkey_new(request: SignedInRequest) -> HttpResponseBase:
    """Add a passkey; the page's script asks the browser for it."""
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    codes: list[str] = []

    def add() -> None:
        codes.extend(actions.add_passkey(by=request.user, **form.cleaned_data))

    if form.is_bound and form.is_valid() and try_action(form, add):
        return _after_change(request, codes)
    options = plain(begin_registration(request.user, passwordless=False))
    context = {"options": options, "back": reverse("accounts:security")}
    return render_form(request, "accounts/second_factor/passkey.html", form, **context)


@allow(Capability.PROFILE)
@sensitive_variables("codes")
@never_cache
@require_http_methods(METHODS)
@confirms_person
def recovery_codes(request: SignedInRequest) -> HttpResponseBase:
    """Make new recovery codes, after confirmation; they are shown once."""
    back = reverse("accounts:security")
    if request.method == "POST":
        try:
            return _show_codes(request, actions.renew_recovery_codes(by=request.user))
        except RefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
    return confirm_action(
        request,
        lambda: None,
        back=back,
        danger=False,
        title=_("สร้างรหัสสำรองชุดใหม่"),
        question=_("สร้างรหัสสำรองชุดใหม่ รหัสชุดเดิมจะใช้ไม่ได้ทันที"),
        button=_("สร้างชุดใหม่"),
    )


@allow(Capability.PROFILE)
@require_http_methods(METHODS)
@confirms_person
def app_remove(request: SignedInRequest) -> HttpResponseBase:
    """Remove the app, after confirmation."""
    return _remove(request, None, _("เลิกใช้แอปยืนยันตัวตน"), _("เลิกใช้แอปยืนยันตัวตนกับบัญชีนี้ รหัสจากแอปจะใช้ไม่ได้อีก"))


@allow(Capability.PROFILE)
@require_http_methods(METHODS)
@confirms_person
def passkey_remove(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Remove a passkey, after confirmation."""
    names = {passkey.pk: passkey.name for passkey in read_second_factors(request.user).passkeys}
    if pk not in names:
        messages.error(request, _("ไม่มีรายการนี้แล้ว"))
        return redirect("accounts:security")
    return _remove(request, pk, _("ลบพาสคีย์"), _("ลบพาสคีย์ “%(name)s” จะใช้ยืนยันตัวตนไม่ได้อีก") % {"name": names[pk]})


def _remove(request: SignedInRequest, pk: int | None, title: str, question: str) -> HttpResponseBase:
    def remove() -> None:
        keep_one = must_have_second_factor(request.user)
        actions.remove_second_factor(by=request.user, pk=pk, keep_one=keep_one)
        _keep_session(request)
        if not read_second_factors(request.user).number:
            request.session.pop(SECOND_FACTOR_AT, None)
        messages.success(request, _("ลบแล้ว เครื่องอื่นที่เข้าสู่ระบบไว้ต้องเข้าใหม่"))

    back = reverse("accounts:security")
    return confirm_action(request, remove, back=back, title=title, question=question, button=title, keep=_("ไม่ลบ"))


def _secret_of_session(request: SignedInRequest) -> str:
    """The key of the app that is being set up; the same until it is, so that a wrong code does not change it."""
    try:
        return str(decrypt(request.session[SECRET_KEY]))
    except (KeyError, UnreadableSecret):
        secret = str(generate_totp_secret())
        request.session[SECRET_KEY] = encrypt(secret)
        return secret


def _after_change(request: SignedInRequest, codes: list[str]) -> HttpResponseBase:
    is_first = not is_marked(request.session, SECOND_FACTOR_AT)
    _keep_session(request)
    mark(request.session, SECOND_FACTOR_AT)
    messages.success(request, _("ตั้งการยืนยันขั้นที่สองแล้ว เครื่องอื่นที่เข้าสู่ระบบไว้ต้องเข้าใหม่"))
    return _show_codes(request, codes, is_first=is_first) if codes else redirect("accounts:security")


def _show_codes(request: SignedInRequest, codes: list[str], *, is_first: bool = False) -> HttpResponseBase:
    # No redirect: what is shown once is kept nowhere in between.
    context = {"codes": [f"{code[:5]} {code[5:]}" for code in codes], "is_first": is_first}
    return render(request, "accounts/second_factor/recovery_codes.html", context)


def _keep_session(request: SignedInRequest) -> None:
    update_session_auth_hash(request, request.user)


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
