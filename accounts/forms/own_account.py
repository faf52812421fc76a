"""Forms of a user about their own account: sign in, accept an invitation, profile."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.people import LANGUAGES
from dgready.fields import LineField, TypedEmailField


class SignInForm(AuthenticationForm):
    """Sign-in form: e-mail address and password; axes counts the failures."""

    username = TypedEmailField(
        label=_("อีเมล"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    error_messages = {
        "invalid_login": _("อีเมลหรือรหัสผ่านไม่ถูกต้อง"),
        "inactive": _("อีเมลหรือรหัสผ่านไม่ถูกต้อง"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("รหัสผ่าน")


class AcceptInvitationForm(forms.Form):
    """Form of a new user who accepts an invitation: name and password."""

    first_name = LineField(label=_("ชื่อ"), max_length=100)
    last_name = LineField(label=_("นามสกุล"), max_length=100)
    password1 = forms.CharField(
        label=_("รหัสผ่าน"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=_("รหัสผ่านอีกครั้ง"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean(self) -> dict[str, Any]:
        """Check that both passwords are equal and pass the password validators."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("รหัสผ่านทั้งสองช่องไม่ตรงกัน"))
        elif first:
            names = {name: data.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(first, User(email=self.email, **names))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class ProfileForm(forms.Form):
    """Form of one's own name and language."""

    first_name = LineField(label=_("ชื่อ"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = LineField(
        label=_("นามสกุล"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    language = forms.ChoiceField(label=_("ภาษา"), choices=LANGUAGES, help_text=_("ใช้กับหน้าจอและอีเมลที่ส่งถึงท่าน"))
