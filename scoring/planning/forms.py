"""Forms of planning: the target of a plan, the efforts, and a planned action."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Province
from dgready.fields import LineField, NumberField, WholeNumberField
from dgready.language import localize_text
from dgready.thai_date_field import ThaiDateField
from scoring.models import PlannedAction
from scoring.planning.optimum.plan_types import PlanTarget
from scoring.scheme.types import WorkKind
from survey.instrument.schema import LocalizedText

EXPECTED_PREFIX = "e:"  # names of the fields for numbers that are not answered yet
TARGET_KINDS = [
    ("total", _("คะแนนรวมอย่างน้อย")),
    ("pillars", _("จำนวนตัวชี้วัดที่อยู่ระดับ 3 ขึ้นไป อย่างน้อย")),
    ("kpi", _("ตัวชี้วัด ก.พ.ร. ระดับ (50, 75 หรือ 100)")),
    ("effort", _("ได้คะแนนมากที่สุดภายในกี่วันทำงาน")),
]


class TargetForm(forms.Form):
    """What is wanted, and how much of it."""

    kind = forms.ChoiceField(label=_("เป้าหมาย"), choices=TARGET_KINDS)
    amount = NumberField(
        label=_("ค่าเป้าหมาย"),
        min_value=0,
        max_value=9999,
        max_digits=6,
        decimal_places=2,
    )

    def __init__(
        self, *args: Any, numbers: Mapping[str, LocalizedText] | None = None, pillars: int = 7, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pillars = pillars
        self.numbers = {f"{EXPECTED_PREFIX}{address}": address for address in numbers or {}}
        for address, ask in (numbers or {}).items():
            self.fields[f"{EXPECTED_PREFIX}{address}"] = NumberField(
                label=localize_text(ask),
                required=False,
                min_value=0,
                max_value=9999,
                decimal_places=0,
                help_text=_("ยังไม่ได้ตอบในแบบ แผนจะคิดจากจำนวนที่คาดไว้ที่ใส่ตรงนี้ เว้นว่างได้"),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def given(self) -> dict[str, str]:
        """What was asked for, to be sent on."""
        return {
            name: f"{value}" for name, value in self.cleaned_data.items() if name in self.fields and value is not None
        }

    def clean(self) -> dict[str, Any]:
        """The target in `target`, the numbers expected in `expected`."""
        data = super().clean() or {}
        data["expected"] = {a: data[name] for name, a in self.numbers.items() if data.get(name) is not None}
        kind, amount = data.get("kind"), data.get("amount")
        if kind is None or amount is None:
            return data
        if kind == "kpi" and amount not in (50, 75, 100):
            self.add_error("amount", _("ค่าที่ใช้ได้คือ 50, 75 หรือ 100"))
        elif kind == "total" and amount > 100:
            self.add_error("amount", _("คะแนนรวมไม่เกิน 100"))
        elif kind == "pillars" and amount > self.pillars:
            self.add_error("amount", _("มีตัวชี้วัดทั้งหมด %(n)s ตัว") % {"n": self.pillars})
        elif kind in ("pillars", "effort") and amount != int(amount):
            self.add_error("amount", _("ต้องเป็นจำนวนเต็ม"))
        else:
            data["target"] = _build_target(kind, amount)
        return data


def _build_target(kind: str, amount: Decimal) -> PlanTarget:
    if kind == "total":
        return PlanTarget(total=amount)
    if kind == "kpi":
        return PlanTarget(kpi=amount)
    return PlanTarget(pillars=int(amount)) if kind == "pillars" else PlanTarget(effort=int(amount))


class EffortsForm(forms.Form):
    """Effort of one piece of each kind of work, in person-days."""

    def __init__(self, *args: Any, work: Mapping[str, WorkKind], efforts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, work_kind in work.items():
            default = _("ค่าตั้งต้น %(n)s วันทำงาน") % {"n": int(work_kind.effort.value)}
            self.fields[kind] = WholeNumberField(
                label=localize_text(work_kind.name),
                min_value=1,
                max_value=999,
                initial=efforts[kind],
                help_text=default,
            )


class PlannedActionForm(forms.ModelForm):
    """Who does a planned action, by when, and its state."""

    due = ThaiDateField(label=_("กำหนดเสร็จ"), required=False)

    class Meta:
        model = PlannedAction
        fields = ("agency", "owner", "due", "state", "note")
        field_classes = {"owner": LineField, "note": LineField}
        labels = {"agency": _("หน่วยงานรับผิดชอบ")}

    def __init__(self, *args: Any, province: Province, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(  # type: ignore[attr-defined]
            province=province, active=True
        )
