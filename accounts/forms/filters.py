"""Filter forms of the lists of users, agencies and provinces."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.places import AgencyKind, Region
from accounts.respondents import RespondentKind, role_label
from accounts.roles import Role
from dgready.fields import LineField
from dgready.lazy_values import LazyValues


class _FilterForm(forms.Form):
    """Base of the filter forms: a text search."""

    respondent: str = RespondentKind.PROVINCE  # whose roles it names
    q = LineField(label=_("ค้นหา"), required=False, max_length=100)

    def criteria(self) -> dict[str, Any]:
        """Keyword arguments for the list query; invalid values are ignored."""
        self.is_valid()
        data = self.cleaned_data
        return {"text" if name == "q" else name: data[name] for name in self.fields if data.get(name)}

    def shown(self) -> LazyValues:
        """`filter` of a kept block: the form as it was asked."""
        asked = (self.data.get(name) for name in self.fields)
        return LazyValues((type(self), self.respondent, *asked), lambda: {"filter": self})


class PeopleFilterForm(_FilterForm):
    """Filter of the list of users."""

    role = forms.ChoiceField(label=_("บทบาท"), required=False, choices=[("", _("ทุกบทบาท")), *Role.choices])
    closed = forms.BooleanField(label=_("บัญชีที่ปิดใช้งาน"), required=False)

    def __init__(self, *args: Any, respondent: str = RespondentKind.PROVINCE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.respondent = respondent
        roles = [(role.value, role_label(role, respondent)) for role in Role]
        self.fields["role"].choices = [("", _("ทุกบทบาท")), *roles]  # type: ignore[attr-defined]


class AgencyFilterForm(_FilterForm):
    """Filter of the list of agencies."""

    kind = forms.ChoiceField(label=_("ประเภท"), required=False, choices=[("", _("ทุกประเภท")), *AgencyKind.choices])
    closed = forms.BooleanField(label=_("หน่วยงานที่ปิดใช้งาน"), required=False)


class DepartmentFilterForm(_FilterForm):
    """Filter of the list of departments."""


class ProvinceFilterForm(_FilterForm):
    """Filter of the list of provinces."""

    region = forms.ChoiceField(label=_("ภาค"), required=False, choices=[("", _("ทุกภาค")), *Region.choices])
