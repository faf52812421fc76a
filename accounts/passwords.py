"""Passwords that are guessed first: words of this application, its provinces and years, and common ones in disguise."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Province, User
from dgready.typed.characters import clean_line

# Letters that people write as other signs, so that a password looks uncommon.
_DISGUISES: Final = str.maketrans("0134578@$!", "oieastbasi")
_BEFORE: Final = re.compile(r"^[\W\d_]+")
_BEHIND: Final = re.compile(r"[\W\d_]+$")
_OWN_WORDS: Final = ("dgready", "pcio", "dga", "sawasdee", "รัฐบาลดิจิทัล", "จังหวัด", "ผู้ว่า", "ความพร้อม", "สวัสดี")
LEAST_OWN: Final = 8  # characters that must be left of a password without the words that are guessed first


def plain_forms(password: str) -> set[str]:
    """What a password is without its ends of digits and signs, with and without its disguises."""
    whole = clean_line(password).casefold()
    shorter = _BEHIND.sub("", whole)
    forms = {whole, shorter, _BEFORE.sub("", whole), _BEFORE.sub("", shorter)}
    forms |= {form.translate(_DISGUISES) for form in forms}
    forms |= {half for form in forms if (half := form[: len(form) // 2]) * 2 == form}
    return forms - {""}


class DisguisedPasswordValidator:
    """Refuses a common password with digits or signs at its ends, with letters written as signs, or said twice."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if plain_forms(password) & self.common:
            raise ValidationError(_("รหัสผ่านนี้เดาได้ง่าย เป็นคำที่คนใช้บ่อยแล้วเติมตัวเลขหรือเครื่องหมาย"), code="disguised")

    def get_help_text(self) -> str:
        """For the form."""
        return _("ไม่ใช้คำที่คนใช้บ่อยแล้วเติมตัวเลขหรือเครื่องหมาย")


class ContextPasswordValidator:
    """Refuses a password that is little more than this application, a province, a person's office or a year."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        rest = clean_line(password).casefold()
        for word in _guessed_words(*_names_of(user)):
            rest = rest.replace(word, "")
        rest = re.sub(r"(25|20)\d\d", "", rest)
        if len(re.sub(r"[\W_]", "", rest)) < LEAST_OWN and len(rest) < len(password):
            message = _("รหัสผ่านนี้เดาได้จากชื่อระบบ สถานที่ หน่วยงาน หรือปี ใช้คำอื่นที่ไม่เกี่ยวกับงาน")
            raise ValidationError(message, code="context")

    def get_help_text(self) -> str:
        """For the form."""
        return _("ไม่ใช้ชื่อระบบ สถานที่ หน่วยงาน หรือปี")


def _names_of(user: User | None) -> tuple[str, ...]:
    if user is None or user.pk is None:
        return ()
    agencies = user.memberships.exclude(agency=None).values_list("agency__name_th", "agency__name_en", "agency__code")
    return tuple(name for names in agencies for name in names)


def _guessed_words(*more: str) -> tuple[str, ...]:
    provinces = Province.objects.values_list("name_th", "name_en")
    names = [name for pair in provinces for name in pair]
    return _longest_first((*_OWN_WORDS, *names, *(name.replace(" ", "") for name in names), *more))


@lru_cache(maxsize=4)
def _longest_first(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({word.casefold() for word in words if len(word) > 2}, key=len, reverse=True))
