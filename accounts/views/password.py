"""Password change and reset by e-mail: Django's views with our forms, texts and access rules."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import forms, views
from django.forms import EmailInput
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.access import allow, public
from accounts.actions import record_password_change
from accounts.actions.resets import ask_for_reset
from accounts.actions.sign_ins import note_new_key
from accounts.models import User
from accounts.roles import Capability
from dgready.fields import TypedEmailField


class PasswordResetForm(forms.PasswordResetForm):
    """Reset form whose letter is queued and leads to the public address of this installation."""

    email = TypedEmailField(
        label=_lazy("อีเมล"),
        max_length=254,
        widget=EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
    )

    def ask(self) -> None:
        """Ask for the letter; whether one is sent is never shown."""
        email = self.cleaned_data["email"]
        ask_for_reset(email=email, user=next(iter(self.get_users(email)), None))


class _UnprocessableFormMixin:
    """Mixin: a form with errors is answered with status 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class PasswordChangeView(_UnprocessableFormMixin, views.PasswordChangeView):
    """Change one's own password; other sessions of the person end."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("accounts:profile")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, log, say so."""
        response = super().form_valid(form)
        assert isinstance(self.request.user, User)
        record_password_change(user=self.request.user, verb="change_password")
        note_new_key(request=self.request, user=self.request.user)
        messages.success(self.request, _("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นที่เข้าสู่ระบบไว้ต้องเข้าใหม่"))
        return response


class PasswordResetView(_UnprocessableFormMixin, views.PasswordResetView):
    """Ask for a reset link; the answer is the same whether the address is known or not."""

    template_name = "accounts/password_reset.html"
    form_class = PasswordResetForm
    success_url = reverse_lazy("accounts:password-reset-sent")

    def form_valid(self, form: Any) -> HttpResponse:
        """Queue the letter, which is written later, with the public address instead of the request's Host header."""
        form.ask()
        return redirect(str(self.success_url))


class PasswordResetConfirmView(_UnprocessableFormMixin, views.PasswordResetConfirmView):
    """Set a new password with the link of the e-mail."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, log, lift the lockout of the old password."""
        response = super().form_valid(form)
        assert isinstance(self.user, User)
        record_password_change(user=self.user, verb="reset_password")
        messages.success(self.request, _("ตั้งรหัสผ่านใหม่แล้ว โปรดเข้าสู่ระบบ"))
        return response


change = allow(Capability.PROFILE)(PasswordChangeView.as_view())
reset = public(PasswordResetView.as_view())
reset_sent = public(views.PasswordResetDoneView.as_view(template_name="accounts/password_reset_sent.html"))
reset_confirm = public(PasswordResetConfirmView.as_view())
