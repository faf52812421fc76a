"""Forms of planning: the target of a plan, the efforts, and a planned action."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Province
from dgready.fields import LineField, NumberField, WholeNumberField
from dgready.language import localize_text
from dgready.thai_date_field import ThaiDateField
from scoring.models import PlannedAction
from scoring.planning.optimum.piece_rules import WorkLimits
from scoring.planning.optimum.plan_types import PlanTarget
from scoring.scheme.types import WorkKind
from survey.instrument.schema import LocalizedText

EXPECTED_PREFIX = "e:"  # names of the fields for numbers that are not answered yet
TARGET_KINDS = [
    ("total", _("คะแนนรวมอย่างน้อย")),
    ("pillars", _("จำนวนตัวชี้วัดที่อยู่ระดับ 3 ขึ้นไป อย่างน้อย")),
    ("kpi_points", _("คะแนนตัวชี้วัด ก.พ.ร. อย่างน้อย (เต็ม 10) ด้วยทางที่ใช้เวลาทำงานน้อยที่สุด")),
    ("kpi", _("ตัวชี้วัด ก.พ.ร. ทุกส่วนถึงระดับ (50, 75 หรือ 100)")),
    ("level", _("ระดับของตัวชี้วัดหนึ่งตัว อย่างน้อย (1–5)")),
    ("effort", _("ได้คะแนนมากที่สุดภายในกี่วันทำงาน")),
]
PROBABILITIES = [
    ("", _("คิดจากค่าประมาณ")),
    ("0.5", "50 %"),
    ("0.8", "80 %"),
    ("0.9", "90 %"),
    ("0.95", "95 %"),
    ("1", _("ถึงเป้าไม่ว่าอ่านเกณฑ์แบบใด")),
]
LIMITS_BY_KIND = {
    "total": (100, _("คะแนนรวมไม่เกิน 100")),
    "kpi_points": (10, _("คะแนนเต็มของตัวชี้วัดนี้คือ 10")),
    "level": (5, _("ระดับสูงสุดคือ 5")),
}
WHOLE_KINDS = ("pillars", "effort", "level")


class TargetForm(forms.Form):
    """What is wanted, how much of it, who can work on it until when, and what may be done.

    `names`: of the criteria, which a plan can be told to hold or to leave out; `pillars`: number and name; `days`: the
    working days there are.
    """

    kind = forms.ChoiceField(label=_("เป้าหมาย"), choices=TARGET_KINDS)
    amount = NumberField(label=_("ค่าเป้าหมาย"), min_value=0, max_value=9999, max_digits=6, decimal_places=2)
    pillar = forms.ChoiceField(label=_("ตัวชี้วัด (เมื่อเลือกระดับของตัวชี้วัดหนึ่งตัว)"), required=False)
    people = WholeNumberField(label=_("จำนวนคนที่ทำงานนี้ได้"), min_value=1, max_value=999, required=False)
    days = WholeNumberField(label=_("วันทำงานที่เหลือ"), min_value=0, max_value=999, required=False)
    probability = forms.ChoiceField(label=_("โอกาสที่จะถึงเป้า อย่างน้อย"), choices=PROBABILITIES, required=False)
    must_fit = forms.BooleanField(label=_("แผนต้องทำเสร็จภายในคนและวันที่มี"), required=False)
    this_year = forms.BooleanField(label=_("เฉพาะสิ่งที่ยังนับทันปีนี้"), required=False)
    unanswered_is_work = forms.BooleanField(
        label=_("ถือว่าข้อที่ยังไม่ตอบยังไม่มี"),
        help_text=_("ถ้าไม่เลือก ระบบแยกข้อที่ยังไม่ตอบเป็นคำถามถึงหน่วยงานก่อน"),
        required=False,
    )
    must = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    must_not = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self,
        *args: Any,
        numbers: Mapping[str, LocalizedText] | None = None,
        pillars: Mapping[str, LocalizedText],
        names: Mapping[str, LocalizedText],
        days: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pillars = pillars
        choices = [("", "–"), *((number, f"{number} {localize_text(name)}") for number, name in pillars.items())]
        self.fields["pillar"].choices = choices  # type: ignore[attr-defined]
        for field in ("must", "must_not"):
            self.fields[field].choices = [(i, localize_text(name)) for i, name in names.items()]  # type: ignore[attr-defined]
        self.fields["people"].initial, self.fields["days"].initial = 1, days
        self.fields["days"].help_text = _("นับจากวันนี้ถึงวันปิดรอบได้ %(n)s วัน ไม่หักวันหยุดราชการ") % {"n": days}
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

    @property
    def expected_fields(self) -> list[forms.BoundField]:
        """The fields for numbers that are not answered yet."""
        return [self[name] for name in self.numbers]

    def given(self, without: Collection[str] = ()) -> list[tuple[str, str]]:
        """What was asked for, to be sent on: names with values."""
        pairs: list[tuple[str, str]] = []
        for name in (n for n in self.fields if n not in without):
            value = self.cleaned_data.get(name)
            if isinstance(value, list):
                pairs += [(name, one) for one in value]
            elif value is True:
                pairs.append((name, "on"))
            elif value not in (None, "", False):
                pairs.append((name, f"{value}"))
        return pairs

    def clean(self) -> dict[str, Any]:
        """The target in `target`, the numbers expected in `expected`."""
        data = super().clean() or {}
        data["expected"] = {a: data[name] for name, a in self.numbers.items() if data.get(name) is not None}
        for name in ("people", "days"):
            if data.get(name) is None:
                data[name] = self.fields[name].initial
        kind, amount = data.get("kind"), data.get("amount")
        if kind is None or amount is None:
            return data
        if fault := self._find_fault(kind, amount):
            self.add_error("amount", fault)
        elif kind == "level" and not data.get("pillar"):
            self.add_error("pillar", _("เลือกตัวชี้วัด"))
        else:
            data["target"] = _build_target(kind, amount, data)
        return data

    def _find_fault(self, kind: str, amount: Decimal) -> str:
        """What is wrong with the amount; empty where nothing is."""
        if kind == "kpi" and amount not in (50, 75, 100):
            return gettext("ค่าที่ใช้ได้คือ 50, 75 หรือ 100")
        if kind == "pillars" and amount > len(self.pillars):
            return gettext("มีตัวชี้วัดทั้งหมด %(n)s ตัว") % {"n": len(self.pillars)}
        if kind in LIMITS_BY_KIND and amount > LIMITS_BY_KIND[kind][0]:
            return str(LIMITS_BY_KIND[kind][1])
        return gettext("ต้องเป็นจำนวนเต็ม") if kind in WHOLE_KINDS and amount != int(amount) else ""


def _build_target(kind: str, amount: Decimal, data: Mapping[str, Any]) -> PlanTarget:
    limits = WorkLimits(
        frozenset(data.get("must") or ()),
        frozenset(data.get("must_not") or ()),
        bool(data.get("this_year")),
        bool(data.get("unanswered_is_work")),
    )
    most = data["people"] * data["days"] if data.get("must_fit") and data["days"] is not None else None
    wanted = Decimal(data["probability"]) if data.get("probability") else None
    target = PlanTarget(effort=most, probability=wanted, limits=limits)
    if kind == "total":
        return replace(target, total=amount)
    if kind == "kpi":
        return replace(target, kpi=amount)
    if kind == "kpi_points":
        return replace(target, kpi_points=amount)
    if kind == "pillars":
        return replace(target, pillars=int(amount))
    if kind == "level":
        return replace(target, pillar=data["pillar"], level=int(amount))
    return replace(target, effort=int(amount) if most is None else min(most, int(amount)))


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
