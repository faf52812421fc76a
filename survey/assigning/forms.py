"""Forms of assignments: adding, changing terms, reassigning in bulk, importing a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from dgready.fields import LineField
from dgready.thai_date_field import ThaiDateField
from survey.assigning.actions import MAX_NOTE, AssignmentTerms
from survey.assigning.queries import PROVINCE_AGENCY_KINDS
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, Item
from survey.journal.event_texts import item_title
from survey.models import Assignment, Rasci, Round

GroupedChoices = list[tuple[str, list[tuple[str, str]]]]
_ASSIGNABLE_KINDS = ("single", "multi", "table", "repeat")  # kinds of items worth a part of their own


def target_key(target: AssignmentTarget) -> str:
    """A target as the value of a form choice."""
    return f"q:{target.question}:{target.item}" if target.question else f"s:{target.sub_pillar}"


def parse_target_key(key: str) -> AssignmentTarget:
    """The target of a form choice."""
    kind, _colon, rest = key.partition(":")
    question, _colon, item = rest.partition(":")
    return AssignmentTarget(question=question, item=item) if kind == "q" else AssignmentTarget(rest)


def target_choices(instrument: CompiledInstrument, language: str, only: str | None = None) -> GroupedChoices:
    """What can be assigned, by sub-pillar: the whole of it, its questions, and parts of them. `only`: one column."""
    groups: GroupedChoices = []
    for column in assignable_sub_pillars(instrument):
        if only is not None and column != only:
            continue
        sub = instrument.sub_pillars.get(column)
        name = f"{sub.code} {sub.name.to(language)}" if sub else str(_("ไม่อยู่ในตัวชี้วัดใด"))
        groups.append((name, list(_sub_pillar_choices(instrument, column, language))))
    return groups


def _sub_pillar_choices(instrument: CompiledInstrument, column: str, language: str) -> Iterator[tuple[str, str]]:
    sub = instrument.sub_pillars.get(column)
    if sub is not None:
        yield target_key(AssignmentTarget(sub.code)), _("%(code)s ทั้งตัวชี้วัด") % {"code": sub.code}
        for part in instrument.sub_pillars.values():
            if part.parent == sub.code and covered_questions(instrument, AssignmentTarget(part.code)):
                yield target_key(AssignmentTarget(part.code)), f"{part.code} {part.name.to(language)}"
    for question in instrument.questions:
        if question.id in covered_questions(instrument, AssignmentTarget(column)) or (
            not column and not question.sub_pillar
        ):
            yield target_key(AssignmentTarget(question=question.id)), _short_title(question, language)
            for item in _assignable_items(question):
                yield (
                    target_key(AssignmentTarget(question=question.id, item=item.id)),
                    f"— {_short_title(item, language)}",
                )


def _assignable_items(question: Item) -> Iterator[Item]:
    return (i for i in question.card() if i.id != question.id and i.kind in _ASSIGNABLE_KINDS)


def _short_title(item: Item, language: str) -> str:
    text = item_title(item, language)
    return text if len(text) <= 90 else f"{text[:89]}…"


class TermsForm(forms.Form):
    """The terms of an assignment: role, if any, own due date, note."""

    role = forms.ChoiceField(label=_("บทบาท"), choices=Rasci.choices)
    if_any = forms.BooleanField(label=_("ตอบเฉพาะเมื่อหน่วยงานมี (ถ้ามี)"), required=False)
    due = ThaiDateField(label=_("กำหนดส่งเฉพาะรายการนี้"), required=False, help_text=_("ว่างไว้: ตามกำหนดของรอบ"))
    note = LineField(label=_("หมายเหตุ"), required=False, max_length=MAX_NOTE)

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_

    def clean_due(self) -> date | None:
        """Checks that the due date lies within the round."""
        day: date | None = self.cleaned_data["due"]
        if day and not self.round.opens_on <= day <= timezone.localdate(self.round.closes_at):
            raise forms.ValidationError(_("ต้องอยู่ระหว่างวันเปิดรอบกับวันปิดรอบ"))
        return day

    def terms(self) -> AssignmentTerms:
        """The terms as the action takes them."""
        data = self.cleaned_data
        return AssignmentTerms(data["role"], data["if_any"], data["due"], data["note"])


class AddAssignmentsForm(TermsForm):
    """Assigning a target to agencies, or to every agency that counts as the province."""

    target = forms.ChoiceField(label=_("ตัวชี้วัด ข้อ หรือส่วนของข้อ"))
    everyone = forms.BooleanField(
        label=_("ทุกหน่วยงาน"),
        required=False,
        help_text=_("หน่วยงานที่นับเป็น%(own)sและยังไม่ได้รับมอบหมายในข้อเดียวกัน"),
    )
    agencies = forms.MultipleChoiceField(label=_("หน่วยงาน"), required=False, widget=forms.CheckboxSelectMultiple())
    field_order = ("target", "everyone", "agencies", "role", "if_any", "due", "note")

    def __init__(
        self, *args: Any, round_: Round, agencies: Sequence[Agency], language: str, only: str | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, round_=round_, **kw)
        self.rows = {a.code: a for a in agencies}
        self.fields["target"].choices = target_choices(compiled_instrument(round_.instrument), language, only)  # type: ignore[attr-defined]
        self.fields["agencies"].choices = [(a.code, a.name) for a in agencies]  # type: ignore[attr-defined]
        everyone = self.fields["everyone"]
        everyone.help_text = str(everyone.help_text) % round_.province.words
        if len(agencies) == 1:
            del self.fields["everyone"], self.fields["agencies"]

    def clean(self) -> dict[str, Any]:
        """Checks that at least one agency is chosen."""
        data = super().clean() or {}
        if "agencies" in self.fields and not data.get("agencies") and not data.get("everyone"):
            self.add_error("agencies", _("เลือกอย่างน้อยหนึ่งหน่วยงาน หรือทุกหน่วยงาน"))
        return data

    def chosen(self) -> list[Agency]:
        """The agencies, in Thai order."""
        data = self.cleaned_data
        if "agencies" not in self.fields:
            return list(self.rows.values())
        everyone = [a for a in self.rows.values() if a.kind in PROVINCE_AGENCY_KINDS] if data["everyone"] else []
        wanted = {*data["agencies"], *(a.code for a in everyone)}
        return [a for code, a in self.rows.items() if code in wanted]

    def target_chosen(self) -> AssignmentTarget:
        """The chosen target."""
        return parse_target_key(self.cleaned_data["target"])


class ReassignForm(forms.Form):
    """Moving parts from one agency to another: all of them, or those of one sub-pillar."""

    source = forms.ChoiceField(label=_("จากหน่วยงานหรือผู้ประสานงาน"))
    to = forms.ChoiceField(label=_("ให้หน่วยงาน"))
    column = forms.ChoiceField(label=_("เฉพาะตัวชี้วัด"), required=False)

    def __init__(
        self,
        *args: Any,
        round_: Round,
        agencies: Sequence[Agency],
        people: Iterable[tuple[str, str]],
        language: str,
        **kwargs: Any,
    ) -> None:
        """`agencies`: all of the province, closed ones too. `people`: name and agency code of each coordinator."""
        super().__init__(*args, **kwargs)
        self.rows = {a.code: a for a in agencies}
        instrument = compiled_instrument(round_.instrument)
        names = [(a.code, a.name if a.active else f"{a.name} ({_('ปิดใช้งาน')})") for a in agencies]
        # A part belongs to an agency: naming a person names the agency they speak for.
        persons = [(f"{code}#{n}", f"{name} · {self.rows[code].name}") for n, (name, code) in enumerate(people)]
        source: Any = [("", "—"), (_("หน่วยงาน"), names), *([(_("ผู้ประสานงาน"), persons)] if persons else [])]
        self.fields["source"].choices = source  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", "—"), *((a.code, a.name) for a in agencies if a.active)]  # type: ignore[attr-defined]
        subs = [
            (c, f"{c} {instrument.sub_pillars[c].name.to(language)}") for c in assignable_sub_pillars(instrument) if c
        ]
        self.fields["column"].choices = [("", _("ทั้งหมด")), *subs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Checks that the agencies differ."""
        data = super().clean() or {}
        if data.get("source", "").partition("#")[0] == data.get("to"):
            self.add_error("to", _("ต้องเป็นหน่วยงานอื่น"))
        return data

    def agencies(self) -> tuple[Agency, Agency]:
        """The source agency and the destination agency."""
        return self.rows[self.cleaned_data["source"].partition("#")[0]], self.rows[self.cleaned_data["to"]]


class ImportListForm(forms.Form):
    """Uploading a workbook, and whether entries it does not name are removed."""

    file = forms.FileField(
        label=_("ไฟล์ Excel (.xlsx) หรือ CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("ไม่เกิน 2 MB ใช้แม่แบบจากหน้านี้"),
    )
    replace = forms.BooleanField(label=_("แทนที่ทั้งบัญชี: รายการที่ไม่มีในไฟล์จะถูกนำออก"), required=False)

    def clean_file(self) -> bytes:
        """The content of the file, up to the limit and a byte more: the reader refuses what is larger."""
        file = self.cleaned_data["file"]
        return bytes(file.read(settings.WORKBOOK_LIMITS.size + 1))


def initial_terms(assignment: Assignment) -> dict[str, Any]:
    """The terms of an assignment as a form starts with them."""
    return {
        "role": assignment.role,
        "if_any": assignment.if_any,
        "due": assignment.due,
        "note": assignment.note,
    }
