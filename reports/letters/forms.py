"""Forms of the letters: wording one, and asking for its file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from dgready.fields import LineField, LinesField, WholeNumberField
from dgready.thai_date_field import ThaiDateField
from reports.letters.queries import TEXT_FIELDS
from reports.letters.wording import LetterText, unknown_placeholders
from reports.models import LetterKind


def _lines(label: Any, rows: int, most: int, **more: Any) -> LinesField:
    return LinesField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class LetterTextForm(forms.Form):
    """The text of one letter, with placeholders."""

    revision = WholeNumberField(min_value=0, widget=forms.HiddenInput())
    office = _lines(gettext_lazy("ส่วนราชการเจ้าของหนังสือ"), 2, 400, help_text=gettext_lazy("ชื่อและที่ตั้ง พิมพ์ไว้มุมบนขวา"))
    subject = LineField(label=gettext_lazy("เรื่อง"), max_length=300)
    addressee = LineField(label=gettext_lazy("เรียน"), max_length=200)
    reference = LineField(label=gettext_lazy("อ้างถึง"), max_length=300, required=False)
    body = _lines(gettext_lazy("ข้อความ"), 14, 6000, help_text=gettext_lazy("ขึ้นบรรทัดใหม่เมื่อเริ่มย่อหน้าใหม่"))
    signatory = _lines(gettext_lazy("ตำแหน่งผู้ลงนาม"), 2, 400)
    contact = _lines(
        gettext_lazy("ส่วนราชการเจ้าของเรื่อง"), 2, 400, required=False, help_text=gettext_lazy("ชื่อและโทรศัพท์ พิมพ์ไว้มุมล่างซ้าย")
    )
    thai_digits = forms.BooleanField(label=gettext_lazy("ใช้เลขไทย"), required=False)

    def __init__(self, data: Any = None, *, letter: LetterKind, text: LetterText, revision: int) -> None:
        initial = {name: getattr(text, name) for name in TEXT_FIELDS}
        super().__init__(data, initial={**initial, "revision": revision})
        self.letter = letter
        if letter is LetterKind.MEMO:  # a memo says its office and telephone in its head
            del self.fields["contact"]
            self.fields["office"].help_text = _("ชื่อและโทรศัพท์ พิมพ์ไว้บรรทัดแรก")

    def clean(self) -> dict[str, Any]:
        """Refuses what stands in braces and is no placeholder of this letter."""
        data: dict[str, Any] = super().clean() or {}
        for name, value in list(data.items()):
            unknown = unknown_placeholders(value, self.letter) if isinstance(value, str) else []
            if unknown:
                self.add_error(name, _unknown(unknown))
        return data

    def text(self) -> LetterText:
        """The text that was typed."""
        return LetterText(**{name: self.cleaned_data.get(name, "") for name in TEXT_FIELDS})

    def typed(self) -> LetterText:
        """The text as far as it was typed rightly, else as it was before."""
        given = {name: self.cleaned_data.get(name, self.initial[name]) for name in TEXT_FIELDS}
        return LetterText(**given)


def _unknown(names: list[str]) -> ValidationError:
    if set(names) <= {"{", "}"}:
        return ValidationError(_("วงเล็บปีกกาไม่ครบคู่ โปรดพิมพ์ทั้ง { และ } หรือลบออก"), code="brace")
    said = " ".join(name for name in names if name not in ("{", "}"))
    text = _("ไม่รู้จัก %(names)s ในหนังสือนี้ โปรดใช้เฉพาะคำในวงเล็บปีกกาที่แสดงไว้") % {"names": said}
    return ValidationError(text, code="placeholder")


class MakeLetterForm(forms.Form):
    """What may be said of a file of letters: for which agency, number and day of the letter, language."""

    letter = forms.ChoiceField(choices=LetterKind.choices, widget=forms.HiddenInput())
    number = LineField(label=gettext_lazy("เลขที่หนังสือ"), max_length=60, required=False)
    day = ThaiDateField(label=gettext_lazy("ลงวันที่"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("ภาษา"),
        choices=[("th", gettext_lazy("ภาษาไทย")), ("en", gettext_lazy("ภาษาอังกฤษ"))],
        required=False,
    )

    def __init__(self, data: Any = None, *, letter: LetterKind, agencies: list[Agency]) -> None:
        super().__init__(data, initial={"letter": letter.value}, auto_id=f"{letter.value}-%s")
        names = [(agency.code, agency.name) for agency in agencies]
        if letter.is_of_agencies:
            choices = [("", _("ทุกหน่วยงานในไฟล์เดียว")), *names]
            self.fields["agency"] = forms.ChoiceField(label=_("หน่วยงาน"), required=False, choices=choices)
            self.order_fields(["letter", "agency"])

    def params(self) -> dict[str, Any]:
        """The parameters of the job."""
        data = self.cleaned_data
        params = {"letter": data["letter"], "agency": data.get("agency"), "number": data["number"]}
        params |= {"day": data["day"].isoformat() if data["day"] else "", "language": data["language"]}
        return {name: value for name, value in params.items() if value and (name, value) != ("language", "th")}
