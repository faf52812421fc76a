"""Forms that take a file of a year, and a text of the paper form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dgready.limits import DATA_FILE_BYTES, read_limited
from survey.publishing.reading import NotText, decode_file


class TextFileField(forms.FileField):
    """A file that is text in UTF-8, not larger than a data file can be; its value is (text, name)."""

    def clean(self, data: Any, initial: Any = None) -> tuple[str, str]:
        """The text, letter by letter, and the file's name."""
        file = super().clean(data, initial)
        if file.size > DATA_FILE_BYTES:
            limit = DATA_FILE_BYTES // 1_000_000
            raise ValidationError(_("ไฟล์ใหญ่เกินไป รับได้ไม่เกิน %(limit)s ล้านไบต์"), params={"limit": limit})
        try:
            return decode_file(read_limited(file, DATA_FILE_BYTES)), str(file.name)[:200]
        except NotText as error:
            raise ValidationError(_("ไฟล์นี้ไม่ใช่ข้อความแบบ UTF-8 โปรดบันทึกใหม่เป็น UTF-8")) from error


class YearFileForm(forms.Form):
    """A form, a scheme or links: what it is stands in the file."""

    file = TextFileField(
        label=_("ไฟล์ YAML"), help_text=_("แบบสำรวจ เกณฑ์การให้คะแนน หรือการเชื่อมโยงข้อระหว่างปี ระบบดูจากในไฟล์เองว่าเป็นอย่างไหน")
    )


class OfficialTextForm(forms.Form):
    """The text of the paper form. `checked`: the SHA-256 of the file whose report was shown."""

    file = TextFileField(label=_("ไฟล์ข้อความของแบบฉบับพิมพ์ (.txt)"))
    checked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
