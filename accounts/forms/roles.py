"""Forms to grant a role and to invite to one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import may_grant_role
from accounts.actions.memberships import kind_of
from accounts.models import Agency, Province, User
from accounts.respondents import role_label
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role
from dgready.fields import LineField, TypedEmailField
from dgready.thai_date_field import ThaiDateField


class RoleForm(forms.Form):
    """Form to grant a role in a province or a central role; offers only roles that `by` may grant."""

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
        roles_of_scope = set(Role) - CENTRAL_ROLES if province else CENTRAL_ROLES
        province_id = province.pk if province else None
        offered = [role for role in Role if role in roles_of_scope and may_grant_role(by, role, province_id)]
        roles, agencies = self.fields["role"], self.fields["agency"]
        assert isinstance(roles, forms.ChoiceField)
        assert isinstance(agencies, forms.ModelChoiceField)
        roles.choices = [(role.value, role_label(role, kind_of(province))) for role in offered]
        if province:
            agencies.queryset = province.agencies.filter(active=True)
        else:
            del self.fields["agency"]

    def clean(self) -> dict[str, Any]:
        """Check that an agency is given exactly for the roles that need one, and that the dates are in order."""
        data = super().clean() or {}
        role, agency = data.get("role"), data.get("agency")
        if role in AGENCY_ROLES and agency is None:
            self.add_error("agency", _("โปรดเลือกหน่วยงานของผู้ประสานงาน"))
        if role and role not in AGENCY_ROLES:
            data["agency"] = None
        if data.get("valid_from") and data.get("valid_to") and data["valid_from"] > data["valid_to"]:
            self.add_error("valid_to", _("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))
        return data

    def role_values(self) -> dict[str, Any]:
        """Keyword arguments for grant_role and invite_user, besides user and province."""
        data = {name: self.cleaned_data.get(name) for name in ("agency", "valid_from", "valid_to")}
        return {"role": Role(self.cleaned_data["role"]), **data}


class InviteForm(RoleForm):
    """Form to invite an e-mail address to a role."""

    field_order = ("email", "first_name", "last_name", "role", "agency", "valid_from", "valid_to")
    email = TypedEmailField(label=_("อีเมล"), max_length=254)
    first_name = LineField(label=_("ชื่อ"), max_length=100, required=False, help_text=_("เว้นว่างได้ ผู้รับแก้ได้ตอนตอบรับ"))
    last_name = LineField(label=_("นามสกุล"), max_length=100, required=False)

    def role_values(self) -> dict[str, Any]:
        """Keyword arguments for invite_user, besides the address and the province."""
        names = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        return {**super().role_values(), **names}
