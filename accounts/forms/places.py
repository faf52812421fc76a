"""Forms of agencies and provinces."""

from typing import Any

from django import forms

from accounts.models import Agency, Province


class AgencyForm(forms.ModelForm):
    """Form of an agency."""

    class Meta:
        model = Agency
        fields = ["code", "name_th", "name_en", "kind"]


class ProvinceForm(forms.ModelForm):
    """Form of a province; its code cannot change once stored."""

    class Meta:
        model = Province
        fields = ["code", "name_th", "name_en", "region"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
