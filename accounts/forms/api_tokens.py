"""Form of a token of the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from accounts.models.api_tokens import CAPABILITY_LABELS
from accounts.queries import api_capabilities
from accounts.roles import API_CAPABILITIES, Capability
from dgready.fields import LineField

DEFAULT_DAYS = 90


class ApiTokenForm(forms.Form):
    """Form of a token for oneself: offers the provinces the person belongs to, and what they may read there."""

    name = LineField(label=_("ชื่อ"), max_length=100, help_text=_("เช่น ชื่อระบบที่จะใช้รหัสนี้"))
    province = forms.ModelChoiceField(label=_("จังหวัดหรือส่วนราชการ"), queryset=Province.objects.none(), empty_label=None)
    capabilities = forms.MultipleChoiceField(label=_("ให้อ่านข้อมูล"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=_("ใช้ได้กี่วัน"),
        min_value=1,
        max_value=settings.API_LIMITS.days,
        initial=DEFAULT_DAYS,
        help_text=_("ครบกำหนดแล้วรหัสจะใช้ไม่ได้"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = api_capabilities(by)
        provinces, capabilities = self.fields["province"], self.fields["capabilities"]
        assert isinstance(provinces, forms.ModelChoiceField)
        assert isinstance(capabilities, forms.MultipleChoiceField)
        provinces.queryset = Province.objects.filter(pk__in=self.held)
        offered = [cap for cap in API_CAPABILITIES if any(cap in caps for caps in self.held.values())]
        capabilities.choices = [(cap.value, CAPABILITY_LABELS[cap]) for cap in offered]

    def clean(self) -> dict[str, Any]:
        """Check that all that is chosen is held in the chosen province."""
        data = super().clean() or {}
        if "province" in data and "capabilities" in data:
            data["capabilities"] = [Capability(value) for value in data["capabilities"]]
            if not set(data["capabilities"]) <= set(self.held[data["province"].pk]):
                self.add_error("capabilities", _("ท่านไม่มีสิทธิ์อ่านข้อมูลนี้ของผู้ตอบที่เลือก"))
        return data
