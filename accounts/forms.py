"""Administrative forms about people and places."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.access import may_grant_role
from accounts.models import Agency, Province, User
from accounts.models.people import LANGUAGES
from accounts.models.places import AgencyKind, Region
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role
from dgready.fields import CodeField, LineField, TypedEmailField
from dgready.thai_date_field import ThaiDateField


class SignInForm(AuthenticationForm):
    """Address and password; counted by axes."""

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
    """Name and password of somebody new."""

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
        """Both passwords equal and good enough."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("รหัสผ่านทั้งสองช่องไม่ตรงกัน"))
        elif first:
            names = {k: data.get(k, "") for k in ("first_name", "last_name")}
            try:
                validate_password(first, User(email=self.email, **names))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class ProfileForm(forms.Form):
    """Own name and language."""

    first_name = LineField(label=_("ชื่อ"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = LineField(
        label=_("นามสกุล"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    language = forms.ChoiceField(label=_("ภาษา"), choices=LANGUAGES, help_text=_("ใช้กับหน้าจอและอีเมลที่ส่งถึงท่าน"))


class RoleForm(forms.Form):
    """A role to give in a province, or a central one; offers only what the giver may give."""

    role = forms.ChoiceField(label=_("บทบาท"))
    agency = forms.ModelChoiceField(
        label=_("หน่วยงาน"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("— ไม่ระบุ —"),
        help_text=_("เฉพาะผู้ประสานงานหน่วยงาน"),
    )
    valid_from = ThaiDateField(label=_("ตั้งแต่วันที่"), required=False)
    valid_to = ThaiDateField(
        label=_("ถึงวันที่"),
        required=False,
        help_text=_("สำหรับผู้รับมอบอำนาจหรือผู้ทำหน้าที่ชั่วคราว เว้นว่างได้"),
    )

    def __init__(self, *args: Any, by: User, province: Province | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = set(Role) - CENTRAL_ROLES if province else CENTRAL_ROLES
        place = province.pk if province else None
        offered = [role for role in Role if role in kinds and may_grant_role(by, role, place)]
        roles, agencies = self.fields["role"], self.fields["agency"]
        assert isinstance(roles, forms.ChoiceField)
        assert isinstance(agencies, forms.ModelChoiceField)
        roles.choices = [(role.value, role.label) for role in offered]
        if province:
            agencies.queryset = province.agencies.filter(active=True)
        else:
            del self.fields["agency"]

    def clean(self) -> dict[str, Any]:
        """An agency exactly for the roles that need one; dates in order."""
        data = super().clean() or {}
        role, agency = data.get("role"), data.get("agency")
        if role in AGENCY_ROLES and agency is None:
            self.add_error("agency", _("โปรดเลือกหน่วยงานของผู้ประสานงาน"))
        if role and role not in AGENCY_ROLES:
            data["agency"] = None
        if data.get("valid_from") and data.get("valid_to") and data["valid_from"] > data["valid_to"]:
            self.add_error("valid_to", _("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))
        return data

    def post(self) -> dict[str, Any]:
        """What the actions grant() and invite() take, beside people and place."""
        data = {k: self.cleaned_data.get(k) for k in ("agency", "valid_from", "valid_to")}
        return {"role": Role(self.cleaned_data["role"]), **data}


class InviteForm(RoleForm):
    """A role and the address it goes to."""

    field_order = ("email", "role", "agency", "valid_from", "valid_to")
    email = TypedEmailField(label=_("อีเมล"), max_length=254)


class AgencyForm(forms.ModelForm):
    """An agency of a province."""

    class Meta:
        model = Agency
        fields = ["code", "name_th", "name_en", "kind"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}


class ProvinceForm(forms.ModelForm):
    """A province; its code is fixed once made."""

    class Meta:
        model = Province
        fields = ["code", "name_th", "name_en", "region"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class _FilterForm(forms.Form):
    q = LineField(label=_("ค้นหา"), required=False, max_length=100)

    def criteria(self) -> dict[str, Any]:
        """What the query takes; faulty values count as not given."""
        self.is_valid()
        data = self.cleaned_data
        return {"text" if name == "q" else name: data[name] for name in self.fields if data.get(name)}


class PeopleFilterForm(_FilterForm):
    """Which people to list."""

    role = forms.ChoiceField(label=_("บทบาท"), required=False, choices=[("", _("ทุกบทบาท")), *Role.choices])
    closed = forms.BooleanField(label=_("บัญชีที่ปิดใช้งาน"), required=False)


class AgencyFilterForm(_FilterForm):
    """Which agencies to list."""

    kind = forms.ChoiceField(label=_("ประเภท"), required=False, choices=[("", _("ทุกประเภท")), *AgencyKind.choices])
    closed = forms.BooleanField(label=_("หน่วยงานที่ปิดใช้งาน"), required=False)


class ProvinceFilterForm(_FilterForm):
    """Which provinces to list."""

    region = forms.ChoiceField(label=_("ภาค"), required=False, choices=[("", _("ทุกภาค")), *Region.choices])
