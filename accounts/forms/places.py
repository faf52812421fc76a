"""Forms of agencies and provinces."""

from typing import Any

from django import forms

from accounts.models import Agency, Province
from dgready.fields import CodeField, LineField


class AgencyForm(forms.ModelForm):
    """Form of an agency."""

    class Meta:
        model = Agency
        fields = ["code", "name_th", "name_en", "kind"]
        field_classes = {"code": CodeField, "name_th": LineField, "name_en": LineField}


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
