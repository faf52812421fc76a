"""The form that imports official results."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ResultImportForm(forms.Form):
    """A file of figures, to be looked at before it is stored."""

    file = forms.FileField(label=_("ไฟล์ CSV หรือ Excel"))

    def clean_file(self) -> object:
        """Not larger than such a table can be."""
        file = self.cleaned_data["file"]
        if file.size > settings.WORKBOOK_LIMITS.size:
            raise ValidationError(_("ไฟล์ใหญ่เกินไป"))
        return file
