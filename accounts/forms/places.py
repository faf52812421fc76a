"""Forms of agencies and provinces."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Province
from accounts.queries import users_of_province
from dgready.fields import CodeField, LineField


class AgencyForm(forms.ModelForm):
    """Form of an agency."""

    class Meta:
        model = Agency
        fields = ["code", "name_th", "name_en", "kind", "parent", "head"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.province.is_department:
            del self.fields["parent"]  # its agencies are divisions of itself
        else:
            self.fields["parent"].queryset = Province.objects.departments()  # type: ignore[attr-defined]
        field = self.fields["head"]
        field.queryset = users_of_province(self.instance.province)  # type: ignore[attr-defined]
        field.label_from_instance = lambda user: f"{user.get_full_name()} ({user.email})"  # type: ignore[attr-defined]


class _RespondentForm(forms.ModelForm):
    """Base of the forms of respondents; a code cannot change once stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class DepartmentForm(_RespondentForm):
    """Form of a department."""

    class Meta:
        model = Province
        fields = ["code", "name_th", "name_en", "ministry"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField, "ministry": LineField}
        help_texts = {"code": _("เช่น D-CGD ขึ้นต้นด้วย D- แล้วตามด้วยตัวอักษรอังกฤษตัวใหญ่หรือตัวเลข 2–8 ตัว")}


class ProvinceForm(_RespondentForm):
    """Form of a province."""

    class Meta:
        model = Province
        fields = ["code", "name_th", "name_en", "region"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}
        help_texts = {"code": _("ISO 3166-2 เช่น TH-43")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].required = True
