"""Page of an invitation link: accept it with a new or an existing account."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.actions import FourEyesRefused, RefusedError, accept_invitation
from accounts.actions.invitations import find_open_invitation
from accounts.backends import BACKEND_PATH
from accounts.forms.own_account import AcceptInvitationForm
from accounts.models import Invitation, User
from accounts.second_factor.marks import PASSWORD_AT, mark
from accounts.security_log.actions import record_sign_in
from accounts.views.common import render_form, try_action
from survey.rounds.newcomers import tell_newcomer


@public
@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page of an invitation link: a form for somebody new, a button for somebody with an account."""
    open_invitation = find_open_invitation(token)
    if open_invitation is None:
        return _unusable_link_page(request)
    if request.user.is_authenticated or User.objects.filter(email=open_invitation.email).exists():
        return _known_user_page(request, open_invitation, token)
    form = AcceptInvitationForm(
        request.POST if request.method == "POST" else None,
        email=open_invitation.email,
        initial={"first_name": open_invitation.first_name, "last_name": open_invitation.last_name},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def accept() -> None:
            names = {"first_name": data["first_name"], "last_name": data["last_name"]}
            user = accept_invitation(by=None, token=token, password=data["password1"], **names)
            login(request, user, backend=BACKEND_PATH)
            record_sign_in(request=request, user=user, way="invitation")
            mark(request.session, PASSWORD_AT)
            tell_newcomer(user=user, in_letter=True)

        if try_action(form, accept):
            messages.success(request, _("ยินดีต้อนรับ บัญชีของท่านพร้อมใช้งานแล้ว"))
            return redirect("/")
    return render_form(request, "accounts/invitation.html", form, invitation=open_invitation)


def _known_user_page(request: HttpRequest, open_invitation: Invitation, token: str) -> HttpResponseBase:
    user = request.user if isinstance(request.user, User) else None
    owner = user is not None and user.email == open_invitation.email
    refused = ""
    if user is not None and owner and request.method == "POST":
        try:
            accept_invitation(by=user, token=token)
            tell_newcomer(user=user, in_letter=True)
            messages.success(request, _("รับบทบาทแล้ว"))
            return redirect("/")
        except FourEyesRefused as refusal:
            refused = str(refusal)  # the owner of the account may know why
        except RefusedError:
            return _unusable_link_page(request)
    status = 200 if request.method == "GET" else 422
    context = {"invitation": open_invitation, "owner": owner, "refused": refused}
    return render(request, "accounts/invitation_known.html", context, status=status)


def _unusable_link_page(request: HttpRequest) -> HttpResponse:
    # One answer for used, withdrawn, late and invented links: it tells nothing about which it was.
    return render(request, "accounts/invitation_useless.html", status=410)
