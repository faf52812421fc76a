"""Forms that take a list: a file, or pasted lines."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.roles import RoleForm


class ListForm(forms.Form):
    """A workbook or CSV file, or lines pasted from one."""

    file = forms.FileField(
        label=_("ไฟล์ Excel (.xlsx) หรือ CSV"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("ไม่เกิน 2 MB"),
    )
    pasted = forms.CharField(
        label=_("หรือวางรายชื่อที่คัดลอกจาก Excel"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check that something was given; `content` gets its bytes, at most one beyond the limit."""
        data = super().clean() or {}
        file, pasted = data.get("file"), data.get("pasted") or ""
        if file is not None:
            data["content"] = bytes(file.read(settings.WORKBOOK_LIMITS.size + 1))
        elif pasted.strip():
            data["content"] = pasted.encode()
        elif not self.errors:
            self.add_error("file", _("โปรดเลือกไฟล์หรือวางรายชื่อ"))
        return data


class PeopleListForm(ListForm):
    """A list of people, and the role and agency of rows that name none."""

    default_role = forms.ChoiceField(
        label=_("บทบาทของแถวที่ไม่ได้ระบุ"), required=False, help_text=_("แถวที่ระบุหน่วยงานแต่ไม่ระบุบทบาทเป็นผู้ประสานงาน")
    )
    default_agency = forms.ChoiceField(label=_("หน่วยงานของแถวที่ไม่ได้ระบุ"), required=False)

    def __init__(self, *args: Any, by: Any, province: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = RoleForm(by=by, province=province).fields
        nothing = [("", _("— ไม่ระบุ —"))]
        self.fields["default_role"].choices = [*nothing, *offered["role"].choices]  # type: ignore[attr-defined]
        agencies = province.agencies.filter(active=True)
        self.fields["default_agency"].choices = [*nothing, *((a.code, a.name) for a in agencies)]  # type: ignore[attr-defined]
