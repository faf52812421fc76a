"""The form by which a filled workbook is sent back."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class SendBackForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=_("ไฟล์ Excel ที่กรอกแล้ว (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("ไม่เกิน 2 MB ใช้แบบที่ดาวน์โหลดจากหน้านี้"),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """Its name and its content, up to the limit and a byte more: the reader refuses what is larger."""
        file: UploadedFile = self.cleaned_data["file"]
        return file.name or "", bytes(file.read(settings.WORKBOOK_LIMITS.size + 1))
