"""Forms of planning: the target, the efforts, and following an action."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Province
from scoring.forms import DayField
from scoring.models import PlannedAction
from scoring.scheme import Work
from scoring.whatif.plan import Target
from scoring.words import wording

KINDS = [
    ("total", _("คะแนนรวมอย่างน้อย")),
    ("pillars", _("จำนวนตัวชี้วัดที่อยู่ระดับ 3 ขึ้นไป อย่างน้อย")),
    ("kpi", _("ตัวชี้วัด ก.พ.ร. ระดับ (50, 75 หรือ 100)")),
    ("effort", _("ได้คะแนนมากที่สุดภายในกี่วันทำงาน")),
]


class TargetForm(forms.Form):
    """What is wanted, and how much of it."""

    kind = forms.ChoiceField(label=_("เป้าหมาย"), choices=KINDS)
    amount = forms.DecimalField(
        label=_("ค่าเป้าหมาย"),
        min_value=0,
        max_value=9999,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """The target in `target`."""
        data = super().clean() or {}
        kind, amount = data.get("kind"), data.get("amount")
        if kind is None or amount is None:
            return data
        if kind == "kpi" and amount not in (50, 75, 100):
            self.add_error("amount", _("ค่าที่ใช้ได้คือ 50, 75 หรือ 100"))
        elif kind == "total" and amount > 100:
            self.add_error("amount", _("คะแนนรวมไม่เกิน 100"))
        elif kind in ("pillars", "effort") and amount != int(amount):
            self.add_error("amount", _("ต้องเป็นจำนวนเต็ม"))
        else:
            data["target"] = _target(kind, amount)
        return data


def _target(kind: str, amount: Decimal) -> Target:
    if kind == "total":
        return Target(total=amount)
    if kind == "kpi":
        return Target(kpi=amount)
    return Target(pillars=int(amount)) if kind == "pillars" else Target(effort=int(amount))


class EffortsForm(forms.Form):
    """Effort of one piece of each kind of work, in person-days."""

    def __init__(self, *args: Any, work: Mapping[str, Work], efforts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, one in work.items():
            default = _("ค่าตั้งต้น %(n)s วันทำงาน") % {"n": int(one.effort.value)}
            self.fields[kind] = forms.IntegerField(
                label=wording(one.name), min_value=1, max_value=999, initial=efforts[kind], help_text=default
            )


class FollowForm(forms.ModelForm):
    """Who does an action, by when, how far it is."""

    due = DayField(
        label=_("กำหนดเสร็จ"),
        required=False,
        help_text=_("วัน/เดือน/ปี พ.ศ."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = PlannedAction
        fields = ("agency", "owner", "due", "state", "note")
        labels = {"agency": _("หน่วยงานรับผิดชอบ")}

    def __init__(self, *args: Any, province: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(  # type: ignore[attr-defined]
            province=province, active=True
        )
