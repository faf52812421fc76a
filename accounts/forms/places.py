"""Forms of agencies and provinces."""

from typing import Any

from django import forms

from accounts.models import Agency, Province
from accounts.queries import users_of_province
from dgready.fields import CodeField, LineField


class AgencyForm(forms.ModelForm):
    """Form of an agency."""

    class Meta:
        model = Agency
        fields = ["code", "name_th", "name_en", "kind", "head"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["head"]
        field.queryset = users_of_province(self.instance.province)  # type: ignore[attr-defined]
        field.label_from_instance = lambda user: f"{user.get_full_name()} ({user.email})"  # type: ignore[attr-defined]


class ProvinceForm(forms.ModelForm):
    """Form of a province; its code cannot change once stored."""

    class Meta:
        model = Province
        fields = ["code", "name_th", "name_en", "region"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
