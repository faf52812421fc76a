"""Page of one's own account: name, language, roles."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import change_profile
from accounts.forms.own_account import ProfileForm
from accounts.models import Membership
from accounts.roles import Capability
from accounts.views.common import render_form
from dgready.language_cookie import set_language_cookie


@allow(Capability.PROFILE)
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponseBase:
    """Show and change one's own name and language; lists one's roles."""
    user = request.user
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        change_profile(by=user, user=user, **form.cleaned_data)
        messages.success(request, _("บันทึกแล้ว"))
        response = redirect("accounts:profile")
        set_language_cookie(response, user.language)
        return response
    memberships = Membership.objects.current().filter(user=user).select_related("province", "agency")
    return render_form(request, "accounts/profile.html", form, memberships=memberships)
