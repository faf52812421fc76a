"""Form fields that read what is typed with `dgready.typed`: names, texts, e-mail, numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from dgready.language import localize_text
from dgready.typed.characters import clean_lines, clean_name
from dgready.typed.codes import fold_code
from dgready.typed.emails import read_email
from dgready.typed.numbers import MAX_DECIMALS, read_number
from dgready.typed.result import Refusal, Understood

Value = TypeVar("Value")


def value_or_error(result: Understood[Value] | Refusal | None) -> Value | None:
    """The value understood, None for nothing typed. Raises ValidationError with the reason in the reader's language."""
    if isinstance(result, Refusal):
        raise ValidationError(localize_text(result.reason), code=result.code)
    return result.value if result else None


class LineField(forms.CharField):
    """One line: a name, a place, a number of a document. Control and invisible characters never get in."""

    def to_python(self, value: Any) -> Any:
        """The line, cleaned."""
        return super().to_python(clean_name(value) if isinstance(value, str) else value)


class CodeField(LineField):
    """A code that is made up here, of an agency or a province; its form is the model's to check."""

    def __init__(self, *, allow_unicode: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The code in plain characters."""
        return super().to_python(fold_code(value) if isinstance(value, str) else value)


class LinesField(forms.CharField):
    """A text of several lines, without control and invisible characters."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text, cleaned."""
        return super().to_python(clean_lines(value) if isinstance(value, str) else value)


class TypedEmailField(forms.EmailField):
    """An e-mail address of an account: English letters only, as two databases fold others differently."""

    def to_python(self, value: Any) -> Any:
        """The address in small letters, the spelling that accounts are stored under."""
        return super().to_python((value_or_error(read_email(str(value or ""), ascii_only=True)) or "").lower())


class NumberField(forms.DecimalField):
    """A number with Thai or full-width digits, grouped or not; an unclear separator is asked back."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number, or None when nothing was typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        places = MAX_DECIMALS if self.decimal_places is None else self.decimal_places
        return value_or_error(read_number(value, whole=places == 0, places=places))


class WholeNumberField(forms.IntegerField):
    """A whole number, read as NumberField reads it."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        """The number, or None when nothing was typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        number = value_or_error(read_number(value, whole=True))
        return None if number is None else int(number)
